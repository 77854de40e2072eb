"""What the contents of files that differ tell: a short diff, or that they say the same."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reorder.verify.difference import Verdict
from reorder.verify.image import read_contents

MOST_FILES = 10
MOST_BYTES = 1 << 18
MOST_LINES = 20
SAME_JSON = (
    "the same JSON, its keys in another order, as programs write it that keep them in a hash"
)
_ORDERED = frozenset({"package.json"})  # Node takes the first condition of `exports` that fits


def with_diffs(verdict: Verdict, before: Path, after: Path) -> Verdict:
    """The same with the diffs of the first few texts that differ. Raises BadImage.

    Two builds of one Dockerfile may happen to write the keys of an object in one order (cargo's
    `.rustc_info.json` has two of them), so that this does not show as noise.
    """
    paths = [one.what for one in verdict.differences if "content" in one.aspects][:MOST_FILES]
    if not paths:
        return verdict
    old, new = (read_contents(image, frozenset(paths), MOST_BYTES) for image in (before, after))
    told, noisy = [], list(verdict.noise)
    for one in verdict.differences:
        if one.what not in old or one.what not in new:
            told.append(one)
        elif one.aspects == {"content"} and _same_json(one.what, old[one.what], new[one.what]):
            noisy.append(replace(one, why=SAME_JSON))
        else:
            told.append(replace(one, diff=_diff(old[one.what], new[one.what])))
    return replace(verdict, differences=tuple(told), noise=tuple(noisy))


def _same_json(path: str, before: bytes, after: bytes) -> bool:
    if posixpath.basename(path) in _ORDERED:
        return False
    try:
        old, new = json.loads(before), json.loads(after)
    except (ValueError, RecursionError):
        return False
    texts = [json.dumps(value, sort_keys=True) for value in (old, new)]
    return isinstance(old, dict | list) and texts[0] == texts[1]


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
