"""How many files and findings a run has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from reorder.result import Result


@dataclass(frozen=True, slots=True)
class Counts:
    """The `summary` of the JSON report."""

    files: int
    changed: int
    unchanged: int
    skipped: int
    errors: int
    changes: int
    refusals: int

    def as_dict(self) -> dict[str, int]:
        """By name, in the order of the fields."""
        return asdict(self)


def count(results: Sequence[Result]) -> Counts:
    """Counts over all results."""
    status = Counter(result.status for result in results)
    return Counts(
        files=len(results),
        changed=status["changed"],
        unchanged=status["unchanged"],
        skipped=status["skipped"],
        errors=status["error"],
        changes=sum(len(result.changes) for result in results),
        refusals=sum(len(result.refusals) for result in results),
    )
