"""An analysis with chosen numbers, of a Dockerfile text and a context in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.made import facts

from reorder.analysis import Analysis
from reorder.context.history import History
from reorder.context.volatile import Volatile
from reorder.cost.rebuilds import Rebuilds, by_class, by_history
from reorder.result import Result


def measured(commits: int) -> Rebuilds:
    return by_history(History(commits, {}, {}), Volatile({}))


def tiers(note: str) -> Rebuilds:
    return by_class(Volatile({}), note)


def analysis(
    text: str,
    rows: Sequence[tuple[int, int, float]],
    result: Result,
    rebuilds: Rebuilds,
    files: Mapping[str, str] | None = None,
    costs: Mapping[int, str] | None = None,
) -> Analysis:
    """`rows` has the changes, reruns (masks) and seconds of the instructions after the first."""
    at = range(1, len(rows) + 1)
    changes, reruns, seconds = zip(*rows, strict=True)
    return Analysis(
        facts(text, files),
        rebuilds,
        dict(zip(at, changes, strict=True)),
        dict(zip(at, reruns, strict=True)),
        dict(zip(at, seconds, strict=True)),
        costs or {},
        result,
    )
