"""What a run changes, file by file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reorder.result import Result


@dataclass(frozen=True, slots=True)
class Edit:
    """One file before and after; `before` is None for a new file."""

    path: str
    before: str | None
    after: str


def edits(results: Iterable[Result]) -> tuple[Edit, ...]:
    """Every file that changes, once, in the order in which the results name them.

    Results that share an ignore file follow on from each other, so that the first `before` and the
    last `after` are the whole change.
    """
    found: dict[str, Edit] = {}
    for result in results:
        if result.after != result.before:
            found[result.path] = Edit(result.path, result.before, result.after)
        if (ignore := result.ignore) is not None:
            first = found.get(ignore.path)
            before = first.before if first else ignore.before
            found[ignore.path] = Edit(ignore.path, before, ignore.after)
    return tuple(edit for edit in found.values() if edit.before != edit.after)
