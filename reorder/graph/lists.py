"""Package lists stay with their install: higher up they would be those of an earlier day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.system.lists import left_by, named_in, used_by
from reorder.shell.nodes import Opaque

Edges = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A RUN of a stage: its position, its effects and its text."""

    at: int
    run: RunEffects | Opaque
    text: str


def list_edges(steps: Sequence[Step], edges: Edges) -> Iterator[tuple[int, int]]:
    """More pairs that may not change places: what an install stays below, its lists stay below.

    `edges` are the pairs that are known, of the same stage. A command that is not understood may
    install as well, unless an install that is understood comes first.
    """
    for number, step in enumerate(steps):
        if isinstance(step.run, Opaque):
            continue
        left = left_by(part.call for part in step.run.steps)
        users = _users(steps[number + 1 :], left) if left else []
        above = {a for a, _ in edges if a < step.at} if users else set()
        for user in users:
            for at in sorted(above & _needed(user, edges)):
                yield at, step.at


def _users(later: Sequence[Step], left: frozenset[str]) -> list[int]:
    found: list[int] = []
    met = False
    for step in later:
        if isinstance(step.run, Opaque):
            uses = bool(named_in(step.text) & left) or not met
        else:
            used = bool(used_by(part.call for part in step.run.steps) & left)
            uses = used or (step.run.barrier is not None and not met)
            met = met or used
        if uses:
            found.append(step.at)
    return found


def _needed(at: int, edges: Edges) -> set[int]:
    """The positions that must stay above one, directly or through others."""
    found = {at}
    for a, b in sorted(edges, key=lambda pair: -pair[1]):
        if b in found:
            found.add(a)
    return found - {at}
