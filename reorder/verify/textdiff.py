"""Short diffs of the texts that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reorder.verify.difference import Verdict
from reorder.verify.image import read_contents

MOST_FILES = 10
MOST_BYTES = 1 << 18
MOST_LINES = 20


def with_diffs(verdict: Verdict, before: Path, after: Path) -> Verdict:
    """The same with the diffs of the first few texts that differ. Raises BadImage."""
    paths = [one.what for one in verdict.differences if "content" in one.aspects][:MOST_FILES]
    if not paths:
        return verdict
    old, new = (read_contents(image, frozenset(paths), MOST_BYTES) for image in (before, after))
    told = tuple(
        replace(one, diff=_diff(old[one.what], new[one.what]))
        if one.what in old and one.what in new
        else one
        for one in verdict.differences
    )
    return replace(verdict, differences=told)


def _diff(before: bytes, after: bytes) -> str:
    """ "" when one of them is no text."""
    from difflib import unified_diff

    try:
        old, new = (data.decode("utf-8").splitlines() for data in (before, after))
    except UnicodeDecodeError:
        return ""
    if b"\0" in before + after:
        return ""
    return "\n".join(_bounded(list(unified_diff(old, new, lineterm="", n=1))[2:]))


def _bounded(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"… {len(lines) - MOST_LINES} more lines"
