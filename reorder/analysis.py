"""What is known of one Dockerfile and what would be done to it, for whoever wants to see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reorder.api import rewrite_opened, rewrite_text
from reorder.config import Options
from reorder.cost.model import Model
from reorder.cost.rebuilds import Rebuilds
from reorder.graph.facts import Facts, derive
from reorder.opened import Opened, open_file, open_text
from reorder.result import Result


@dataclass(frozen=True)
class Analysis:
    """Facts by position in the author's own file; masks are those of `rebuilds`."""

    facts: Facts
    rebuilds: Rebuilds
    changes: Mapping[int, int]  # in which rebuilds the instruction itself is new
    reruns: Mapping[int, int]  # in which it is built again, by itself or by what is above
    seconds: Mapping[int, float]
    costs: Mapping[int, str]  # where the seconds come from, in words
    result: Result


def analyse_file(path: Path, options: Options) -> Analysis:
    """One Dockerfile on disk. Raises InputError for what a user can mend."""
    opened = open_file(path, options)
    return _analysis(opened, rewrite_opened(opened, options))


def analyse_text(text: str, name: str, options: Options) -> Analysis:
    """The same for text that has no file, in the context of `options.context` or this folder."""
    return _analysis(open_text(text, name, options), rewrite_text(text, name, options))


def _analysis(opened: Opened, result: Result) -> Analysis:
    facts = derive(opened.file, opened.context)
    model = Model(facts, opened.costs.best, opened.costs.timings)
    nodes = facts.nodes
    return Analysis(
        facts,
        opened.costs.best,
        model.spread.own,
        model.reruns(),
        {at: model.seconds(node) for at, node in nodes.items()},
        {at: model.why(node) for at, node in nodes.items()},
        result,
    )
