"""A setting that an added step makes before the author's own RUN makes it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.context.build import BuildContext, build_context
from reorder.context.project import Project
from reorder.equivalence.check import Objection, check

TOP = "FROM python:3.12-slim\nRUN pip install poetry\nWORKDIR /app\n"
SOURCE = "COPY . .\n"
MANIFESTS = "COPY pyproject.toml poetry.lock ./\n"
AUTHOR = "RUN poetry config virtualenvs.create false && poetry install\n"
ADDED = "RUN poetry config virtualenvs.create false && poetry install --no-root\n"


@pytest.fixture
def context(tmp_path: Path) -> BuildContext:
    (tmp_path / "pyproject.toml").write_text('[tool.poetry]\nname = "shop"\n')
    (tmp_path / "poetry.lock").write_text("")
    (tmp_path / "web.py").write_text("")
    (tmp_path / "Dockerfile").write_text(TOP + SOURCE + AUTHOR)
    return build_context(Project.open(tmp_path), "Dockerfile")


def accepted(context: BuildContext, before: str, after: str) -> bool:
    return not isinstance(check(before, after, context, context), Objection)


def test_the_setting_goes_with_the_added_step(context: BuildContext) -> None:
    before = TOP + SOURCE + AUTHOR
    assert accepted(context, before, TOP + MANIFESTS + ADDED + SOURCE + AUTHOR)


def test_a_setting_alone_is_no_reason(context: BuildContext) -> None:
    before = TOP + SOURCE + AUTHOR
    again = "RUN poetry config virtualenvs.create false\n"
    assert not accepted(context, before, TOP + again + SOURCE + AUTHOR)
    assert not accepted(context, before, TOP + SOURCE + again + AUTHOR)


@pytest.mark.parametrize("value", ["virtualenvs.create true", "virtualenvs.in-project true"])
def test_another_setting_is_not_that_of_the_author(context: BuildContext, value: str) -> None:
    added = f"RUN poetry config {value} && poetry install --no-root\n"
    assert not accepted(context, TOP + SOURCE + AUTHOR, TOP + MANIFESTS + added + SOURCE + AUTHOR)


def test_a_setting_that_is_changed_between_is_not_left_as_it_was(context: BuildContext) -> None:
    other = "RUN poetry config virtualenvs.create true\n"
    before = TOP + SOURCE + other + AUTHOR
    assert not accepted(context, before, TOP + MANIFESTS + ADDED + SOURCE + other + AUTHOR)


def test_without_the_source_the_step_is_not_completed(context: BuildContext) -> None:
    before = TOP + SOURCE + "RUN poetry config virtualenvs.create false\n"
    after = TOP + MANIFESTS + ADDED + SOURCE + "RUN poetry config virtualenvs.create false\n"
    assert not accepted(context, before, after)
