"""Heredocs: which words start one, and the lines that belong to it.

Facts: BuildKit frontend/dockerfile/parser/parser.go (`heredocsFromLine`, `heredocFromMatch`,
`Parse`, `ChompHeredocContent`). The escape is a backslash whatever the directive says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reorder.syntax.lex import Lexer
from reorder.syntax.nodes import Heredoc
from reorder.syntax.values import DepthError, WordError

_START = re.compile(r"([0-9]*)<<(-?)")
_LEADING_TABS = re.compile(r"^\t+", re.MULTILINE)
_MAX_FD = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Bodies:
    """The heredocs of an instruction with their content, and the index of the line after them."""

    heredocs: tuple[Heredoc, ...]
    end: int
    terminated: bool


def find(line: str) -> list[Heredoc]:
    """The heredocs that a logical line starts, without content; [] when the line cannot be lexed.

    Raises WordError when a delimiter cannot be read, which BuildKit rejects, and DepthError.
    """
    if "<<" not in line:
        return []
    try:
        words = Lexer(line, None, "\\", raw_quotes=True, raw_escapes=True).process()[1]
    except DepthError:
        raise
    except WordError:
        return []
    return [found for word in words if (found := delimiter(word))]


def delimiter(word: str) -> Heredoc | None:
    """The heredoc that a word starts, or None. Raises WordError for a bad delimiter."""
    match = _START.match(word)
    name = word[match.end() :].lstrip("\t\n\f\r ") if match else ""
    if match is None or not name or "<" in name:
        return None
    plain = _lex(name, raw_quotes=False)
    if len(plain) != 1:
        return None
    quoted = _lex(name, raw_quotes=True)
    if len(quoted) != 1:
        raise WordError(f"the heredoc delimiter {word} cannot be read")
    expand = _quotes(plain[0]) == _quotes(quoted[0])
    fd = min(int(match[1][:20] or "0"), _MAX_FD)
    return Heredoc(name=plain[0], content="", expand=expand, chomp=match[2] == "-", fd=fd)


def delimiter_or_none(word: str) -> Heredoc | None:
    """As `delimiter`; a bad one is none (BuildKit: MustParseHeredoc)."""
    try:
        return delimiter(word)
    except WordError:
        return None


def read(found: list[Heredoc], lines: list[str], start: int) -> Bodies:
    """The bodies of `found`, in order, from `lines[start]` on; one that does not end takes all."""
    complete: list[Heredoc] = []
    index = start
    for heredoc in found:
        body: list[str] = []
        while True:
            if index == len(lines):
                complete.append(replace(heredoc, content="".join(body)))
                return Bodies(tuple(complete), index, terminated=False)
            line = lines[index]
            index += 1
            candidate = line.rstrip("\r\n")
            if (candidate.lstrip("\t") if heredoc.chomp else candidate) == heredoc.name:
                break
            body.append(line)
        complete.append(replace(heredoc, content="".join(body)))
    return Bodies(tuple(complete), index, terminated=True)


def chomped(content: str) -> str:
    """The content of a `<<-` heredoc as it is used: without the tabs that lines start with."""
    return _LEADING_TABS.sub("", content)


def _lex(text: str, *, raw_quotes: bool) -> list[str]:
    return Lexer(text, None, "\\", raw_quotes=raw_quotes).process()[1]


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
