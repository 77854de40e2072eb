"""Adding patterns to an ignore file without touching what its author wrote."""

from __future__ import annotations

import re
from typing import Final

from reorder.context.build import BuildContext


def missing(context: BuildContext, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns that the file in force does not already cover at the root of the context."""
    return tuple(dict.fromkeys(p for p in patterns if not context.ignore.excluded(_probe(p))))


def widened(context: BuildContext, pattern: str) -> str:
    """`**/x` for `a/x` where the ignore file is new and that hides nothing more that exists.

    A name that a package of sources has as well stays where it is.
    """
    name = pattern.rpartition("/")[2]
    wide = "**/" + name
    if context.ignore_text is not None or pattern.startswith("**/") or name in _OF_SOURCES:
        return pattern
    narrow = with_patterns(context, (pattern,)).ignore_text or ""
    broad = with_patterns(context, (wide,)).ignore_text or ""
    return wide if context.hidden_by(narrow) == context.hidden_by(broad) else pattern


def with_patterns(context: BuildContext, patterns: tuple[str, ...]) -> BuildContext:
    """The context with the patterns at the end of the file; line endings as they are."""
    if not patterns:
        return context
    text = context.ignore_text or ""
    newline = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += newline
    return context.with_ignore(text + "".join(pattern + newline for pattern in patterns))


def brought_back(context: BuildContext, pattern: str) -> str | None:
    """The author's own `!` line for what the pattern is meant for, or None."""
    name = _probe(pattern).rpartition("/")[2]
    for line in (context.ignore_text or "").splitlines():
        if (
            line.startswith("!")
            and line.strip().rstrip("/*").rpartition("/")[2].lstrip("!") == name
        ):
            return line.strip()
    return None


def _probe(pattern: str) -> str:
    """A path that the pattern is meant for: `**/*.pyc` -> `x.pyc`."""
    path = pattern.removeprefix("**/").removeprefix("/").rstrip("/").replace("*", "x")
    return re.sub(r"\[([^]])[^]]*\]", r"\1", path)


_OF_SOURCES: Final = frozenset("bin build bundle cache deps env vendor".split())
