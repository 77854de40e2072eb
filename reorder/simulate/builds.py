"""How many builds a year has: as the user says, or as the replayed commits tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reorder.simulate.outcome import Builds, Played

WORKING_DAYS: Final = 230
_DAY: Final = 86_400


def builds_a_year(
    played: Sequence[Played], per_day: float | None, developers: int | None
) -> Builds:
    """`per_day` is of one developer on a working day; None: each commit is built once by each."""
    people = developers or 1
    each = f" by each of {people} developers" if people > 1 else ""
    if per_day is not None:
        words = f"{per_day:g} builds on {WORKING_DAYS} working days{each}"
        return Builds(per_day * WORKING_DAYS * people, words)
    days = max(1, (played[-1].time - played[0].time) // _DAY) if played else 1
    rate = len(played) * 365 / days
    words = f"{rate:.0f} commits a year, as in the last {days} days, each built once{each}"
    return Builds(rate * people, words)
