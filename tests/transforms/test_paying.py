"""Whether a layer of its own pays: copies that never change first."""

from __future__ import annotations

from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.cost.model import Costs
from reorder.graph.facts import Facts, derive
from reorder.syntax.parse import parse
from reorder.transforms.paying import changing_copies, pays

FILES = {"package.json": "{}", "src/a.js": "1"}


def facts(*lines: str) -> Facts:
    context = build_context(Project.of(FILES), "Dockerfile")
    return derive(parse("\n".join(("FROM debian:12", *lines)) + "\n"), context)


def test_a_copy_from_an_image_changes_with_the_text_alone() -> None:
    found = facts("COPY --from=example.org/x /a /a", "COPY package.json /a/", "COPY src /a/src")
    assert changing_copies(found, Costs()) == {2, 3}


def test_what_stands_below_a_fixed_image_gains_nothing() -> None:
    copy, run = "COPY --from=example.org/x /a /a", "RUN apt-get install -y git"
    before, after = facts(copy, run), facts(run, copy)
    assert pays(before, after, before.stages[0], Costs()) is None


def test_what_stands_below_manifests_gains_by_their_class() -> None:
    copy, run = "COPY package.json /a/", "RUN apt-get install -y git"
    before, after = facts(copy, run), facts(run, copy)
    assert pays(before, after, before.stages[0], Costs()) == "classes"
    assert pays(before, after, before.stages[0], Costs(min_seconds=9.0)) is None
