"""Which two Dockerfiles are compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import commit, repository

from reorder.config import Options
from reorder.errors import InputError
from reorder.verify.pair import find_pair

TEXT = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
HISTORYLESS = Options(history=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(TEXT)
    (tmp_path / "requirements.txt").write_text("flask==3.0.0\n")
    (tmp_path / "main.py").touch()
    return tmp_path


def written(folder: Path) -> None:
    """Writes what is proposed."""
    pair = find_pair(folder / "Dockerfile", HISTORYLESS)
    (folder / "Dockerfile").write_text(pair.after.text)
    (folder / ".dockerignore").write_text(pair.after.context.ignore_text or "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM a\nFOO b\n", "unknown instruction"),
        ("FROM a\nCOPY missing/x /\n", "build context is not known"),
    ],
)
def test_bad_input(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    with pytest.raises(InputError, match=reason):
        find_pair(tmp_path / "Dockerfile", HISTORYLESS)


def test_a_broken_other_is_named(folder: Path) -> None:
    (folder / "other").write_text("FROM a\nFOO b\n")
    with pytest.raises(InputError, match="other:2"):
        find_pair(folder / "Dockerfile", HISTORYLESS, folder / "other")


def test_what_reorder_proposes_with_its_ignore_file(folder: Path) -> None:
    pair = find_pair(folder / "Dockerfile", HISTORYLESS)
    assert pair.before.text == TEXT
    assert "COPY requirements.txt" in pair.after.text
    assert pair.before.context.ignore_text is None
    assert "__pycache__" in (pair.after.context.ignore_text or "")
    assert not pair.same
    assert "reorder" in pair.origin


def test_without_git_a_rewritten_file_has_no_original(folder: Path) -> None:
    written(folder)
    assert find_pair(folder / "Dockerfile", HISTORYLESS).same


def test_the_original_of_a_rewritten_file_is_at_head_with_its_ignore_file(folder: Path) -> None:
    repository(folder)
    commit(folder, {})
    written(folder)
    pair = find_pair(folder / "Dockerfile", HISTORYLESS)
    assert pair.before.text == TEXT
    assert pair.before.context.ignore_text is None
    assert "of HEAD" in pair.origin


def test_or_before_the_commit_that_changed_it(folder: Path) -> None:
    repository(folder)
    written(folder)
    commit(folder, {})
    commit(folder, {"main.py": "x\n"})
    pair = find_pair(folder / "Dockerfile", HISTORYLESS)
    assert pair.before.text == TEXT
    assert "the commit before" in pair.origin


def test_a_file_that_never_changed_is_the_same(folder: Path) -> None:
    written(folder)
    repository(folder)
    assert find_pair(folder / "Dockerfile", HISTORYLESS).same


def test_another_file_with_an_ignore_file_of_its_own(folder: Path) -> None:
    (folder / "other").write_text("FROM x\n")
    (folder / "other.dockerignore").write_text("main.py\n")
    pair = find_pair(folder / "Dockerfile", HISTORYLESS, folder / "other")
    assert (pair.after.text, pair.after.context.ignore_text) == ("FROM x\n", "main.py\n")
    assert pair.before.context.ignore_text is None


def test_another_file_shares_the_ignore_file(folder: Path) -> None:
    (folder / ".dockerignore").write_text("main.py\n")
    (folder / "other").write_text("FROM x\n")
    pair = find_pair(folder / "Dockerfile", HISTORYLESS, folder / "other")
    assert pair.after.context.ignore_text == pair.before.context.ignore_text == "main.py\n"
