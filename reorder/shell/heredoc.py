"""Where a heredoc ends: a second reading, as tree-sitter-bash takes an indented line for the end.

POSIX.1-2017, Shell Command Language, 2.7.4.
"""

from __future__ import annotations

import re

from reorder.shell.tree import Unclear

# Of other words, tree-sitter-bash keeps the wrong text: `E;`, or each character cut to a byte.
_DELIMITER = re.compile(
    r"""[ \t]*(?:(?P<escaped>\\)?(?P<plain>[A-Za-z0-9_.,:@%+/-]+)"""
    r"""|'(?P<single>[ -&(-\[\]-~]+)'|["](?P<double>[ !#%-\[\]-_a-~]+)["])"""
)


def closing(text: str, start: int, end: int, *, tabs: bool) -> int:
    """The offset of the word that ends the heredoc; its delimiter is in `text[start:end]`.

    `tabs`: the operator is `<<-`. Raises `Unclear` where there is none, or the delimiter is odd.
    """
    word = _DELIMITER.fullmatch(text, start, end)
    if word is None:
        raise Unclear("a heredoc's delimiter is not understood")
    delimiter = word["plain"] or word["single"] or word["double"]
    raw = not word["plain"] or bool(word["escaped"])
    line = _next_line(text, end, joined=True)
    while line is not None:
        first = line
        while tabs and text.startswith("\t", first):
            first += 1
        after = first + len(delimiter)
        if text.startswith(delimiter, first) and text[after : after + 1] in ("\n", ""):
            return first
        line = _next_line(text, line, joined=not raw)
    raise Unclear("a heredoc is not closed")


def _next_line(text: str, at: int, *, joined: bool) -> int | None:
    """Where the line after that of `at` begins; `joined`: a backslash at its end continues it."""
    while (stop := text.find("\n", at)) >= 0:
        line = text[at:stop]
        at = stop + 1
        if not joined or (len(line) - len(line.rstrip("\\"))) % 2 == 0:
            return at
    return None
