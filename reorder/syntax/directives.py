"""The block of parser directives at the top of a file.

Facts: BuildKit frontend/dockerfile/parser/directives.go (`DirectiveParser.ParseLine`,
`ParseDirective`, `discardShebang`) and parser.go (`setEscapeToken`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reorder.syntax.gotext import SPACE
from reorder.syntax.nodes import Problem

NAMES = frozenset({"syntax", "escape", "check"})

_BLANKS = "\t\n\f\r "
_NAME = re.compile(rf"([a-zA-Z][a-zA-Z0-9]*)[{_BLANKS}]*=")


@dataclass(frozen=True, slots=True)
class Block:
    """The first `size` lines of a file: directives, and a `#!` line above them."""

    size: int
    directives: tuple[tuple[str, str], ...]
    escape: str
    problems: tuple[Problem, ...]


def read(lines: list[str]) -> Block:
    """The directives of the lines of a file, its byte order mark taken off.

    Problems: a directive given twice, an escape that is neither a backslash nor a backtick.
    """
    if lines and lines[0].startswith("#!"):
        return _below_shebang(lines)
    found: dict[str, str] = {}
    problems: list[Problem] = []
    escape, size = "\\", 0
    for line in lines:
        directive = _directive(line.lstrip(SPACE))
        if directive is None:
            break
        name, value = directive
        size += 1
        if name in found:
            message = f"only one {name} parser directive can be used"
            problems.append(Problem(size, message))
            continue
        found[name] = value
        if name == "escape":
            if value in ("\\", "`"):
                escape = value
            else:
                message = f"invalid escape token {value!r} does not match ` or \\"
                problems.append(Problem(size, message))
    return Block(size, tuple(found.items()), escape, tuple(problems))


def _below_shebang(lines: list[str]) -> Block:
    """A `#!` line ends the block for the parser, not for the scan that finds syntax and check."""
    found: dict[str, str] = {}
    size = 1
    for number, line in enumerate(lines[1:], start=2):
        directive = _directive(line)
        if directive is None or directive[0] in found:
            break
        found[directive[0]] = directive[1]
        size = number
    found.pop("escape", None)
    return Block(size, tuple(found.items()), "\\", ())


def _directive(line: str) -> tuple[str, str] | None:
    if not line.startswith("#"):
        return None
    text = line[1:].rstrip("\r\n").lstrip(SPACE)
    match = _NAME.match(text)
    if match is None or match[1].lower() not in NAMES:
        return None
    rest = text[match.end() :]
    # The value of nothing but blanks is the last of them.
    value = rest.strip(_BLANKS) or rest[-1:]
    return (match[1].lower(), value) if value else None
