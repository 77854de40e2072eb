"""Which half of a RUN the comment above it describes."""

from __future__ import annotations

import re

from reorder.syntax.lines import split_lines
from reorder.transforms.draft import blank_lines, has_pragma

# What people call the first half of such a RUN, and what the second.
_INSTALLS = frozenset("dependencies dependency deps requirements packages modules tools".split())
_BUILDS = frozenset("build builds compile source sources code app application bundle".split())
_WORD = re.compile(r"[a-z]{3,}")
_STEM = 5  # letters by which `install` and `installing` are one word


def divided(leading: str, first: str, second: str) -> tuple[str, str]:
    """The text above a RUN as what stands above its first and its second command text.

    Blank lines stay at the top. What speaks to a tool stands above both; any other comment above
    the half whose words it has, the second where that is not clear.
    """
    blank = blank_lines(leading)
    comments = leading.removeprefix(blank)
    told = "".join(line for line in split_lines(comments) if has_pragma(line))
    ours, theirs = _stems(first, _INSTALLS), _stems(second, _BUILDS)
    words = _stems(comments, frozenset())
    if len(words & (ours - theirs)) > len(words & (theirs - ours)):
        return leading, told
    return blank + told, comments


def _stems(text: str, more: frozenset[str]) -> set[str]:
    return {word[:_STEM] for word in (*_WORD.findall(text.lower()), *more)}
