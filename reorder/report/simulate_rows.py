"""The steps of the two Dockerfiles beside each other, for every format that shows them."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.simulate.outcome import Pair, Step


@dataclass(frozen=True, slots=True)
class Row:
    """One step, before and after; None: it is not there."""

    before: Step | None
    after: Step | None


def rows(pair: Pair) -> tuple[Row, ...]:
    """In the order of the rewritten file; what it has no more stands where it stood."""
    partner = {after.at: before for before, after in _partners(pair).items()}
    met = {before.at for before in partner.values()}
    left = [step for step in pair.before.steps if step.at not in met]
    found: list[Row] = []
    for step in pair.after.steps:
        own = partner.get(step.at)
        while own is not None and left and left[0].at < own.at:
            found.append(Row(left.pop(0), None))
        found.append(Row(own, step))
    return (*found, *(Row(step, None) for step in left))


def _partners(pair: Pair) -> dict[Step, Step]:
    """For each step of the author's file the one that it has become."""
    by_line: dict[tuple[int, str], list[Step]] = {}
    for step in pair.after.steps:
        by_line.setdefault((step.origin, _keyword(step)), []).append(step)
    found = {}
    for step in pair.before.steps:
        # What is added for a step stands above it.
        last = by_line.get((step.line, _keyword(step)), [None])[-1]
        if last is not None:
            found[step] = last
    return found


def _keyword(step: Step) -> str:
    return step.text.split(None, 1)[0].lower()
