"""On which line of a TOML file a key stands: tomli tells it of syntax errors only."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_WORD = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_WORD}(?:[ \t]*\.[ \t]*{_WORD})*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_QUOTES = re.compile(r'"""|' + "'''")


def key_lines(text: str) -> Mapping[Path, int]:
    """The 1-based line of each table and key; of what an inline table or array holds: none.

    `text` is valid TOML. An element of an array of tables has its index in its path.
    """
    found: dict[Path, int] = {}
    table: Path = ()
    counts: dict[Path, int] = {}
    inside = ""  # the quotes of a string of several lines
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            header, key = _HEADER.match(line), _KEY.match(line)
            if header is not None:
                table = _header(header, counts)
                _note(found, table, number)
            elif key is not None:
                _note(found, (*table, *_words(key[1])), number)
        for quotes in _QUOTES.findall(line):
            inside = "" if inside == quotes else inside or quotes
    return found


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a key, or of the nearest table around it that has one; 0: the whole file."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 0)


def _header(match: re.Match[str], counts: dict[Path, int]) -> Path:
    names: Path = ()
    for name in _words(match[2]):
        names = (*names, name)
        if names in counts and not (match[1] == "[[" and len(names) == len(_words(match[2]))):
            names = (*names, counts[names])
    if match[1] == "[[":
        counts[names] = counts.get(names, -1) + 1
        names = (*names, counts[names])
    return names


def _note(found: dict[Path, int], path: Path, line: int) -> None:
    for size in range(1, len(path) + 1):
        found.setdefault(path[:size], line)


def _words(dotted: str) -> list[str]:
    return [word.strip("\"'") for word in re.findall(_WORD, dotted)]
