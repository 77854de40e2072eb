"""Logical lines of a Dockerfile (BuildKit parser.go, `Parse`); strict: what is odd is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reorder.equivalence.program import Refused

MAX_LINE: Final = 65_535
DIRECTIVES: Final = frozenset({"syntax", "escape", "check"})
_BLANKS: Final = " \t"


@dataclass(frozen=True, slots=True)
class Source:
    """The physical lines without their ends, and what the directives above them say."""

    lines: tuple[str, ...]
    endings: tuple[str, ...]
    escape: str
    directives: tuple[tuple[str, str], ...]
    start: int  # of the first line that is no directive


@dataclass(frozen=True, slots=True)
class Logical:
    """One instruction's joined text, where it starts, and the first line after it (0-based)."""

    text: str
    line: int  # 1-based
    after: int


def source(text: str) -> Source:
    """Split a text; raises Refused for characters and directives that are not surely understood."""
    text = text.removeprefix("\ufeff")
    lines: list[str] = []
    endings: list[str] = []
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r")
        if "\r" in line or "\v" in line or "\f" in line or "\0" in line:
            raise Refused("the line has an unusual control character", number)
        if len(line.encode("utf-8", "surrogateescape")) > MAX_LINE:
            raise Refused("the line is longer than BuildKit accepts", number)
        lines.append(line)
        endings.append(raw[len(line) :] + "\n")
    directives, start = _directives(lines)
    escape = dict(directives).get("escape", "\\")
    if escape not in ("\\", "`"):
        raise Refused("the escape directive is not valid", 1)
    return Source(tuple(lines), tuple(endings), escape, directives, start)


def logical(src: Source, start: int) -> Logical | None:
    """The next instruction at or after a physical line, or None at the end of the file."""
    at = start
    while at < len(src.lines) and _is_skipped(src.lines[at]):
        at += 1
    if at == len(src.lines):
        return None
    first = at
    pieces = [src.lines[at].lstrip(_BLANKS)]
    while True:
        body = _continued(pieces[-1], src.escape, at + 1)
        at += 1
        if body is None:
            return Logical("".join(pieces).strip(_BLANKS), first + 1, at)
        pieces[-1] = body
        while at < len(src.lines) and _is_skipped(src.lines[at]):
            at += 1
        if at == len(src.lines):
            return Logical("".join(pieces).strip(_BLANKS), first + 1, at)
        pieces.append(src.lines[at])


def blank_lines_inside(src: Source, found: Logical) -> Iterator[int]:
    """The blank physical lines within an instruction (0-based)."""
    for at in range(found.line - 1, found.after):
        if not src.lines[at].strip(_BLANKS):
            yield at


def _is_skipped(line: str) -> bool:
    bare = line.lstrip(_BLANKS)
    return not bare or bare.startswith("#")


def _continued(line: str, escape: str, number: int) -> str | None:
    """The line without its continuation, or None when the instruction ends with it."""
    bare = line.rstrip(_BLANKS)
    if not bare.endswith(escape):
        return None
    if bare.endswith(escape * 2):
        raise Refused("the line ends in two escape characters", number)
    return bare[: -len(escape)]


def _directives(lines: list[str]) -> tuple[tuple[tuple[str, str], ...], int]:
    found: dict[str, str] = {}
    at = 0
    while at < len(lines):
        parsed = _directive(lines[at], at + 1)
        if parsed is None:
            break
        if parsed[0] in found:
            raise Refused(f"the {parsed[0]} directive is given twice", at + 1)
        found[parsed[0]] = parsed[1]
        at += 1
    if at < len(lines) and lines[at].lstrip(_BLANKS).startswith(("//", "{")):
        raise Refused("the first line belongs to another frontend", at + 1)
    return tuple(found.items()), at


def _directive(line: str, number: int) -> tuple[str, str] | None:
    bare = line.lstrip(_BLANKS)
    if not bare.startswith("#"):
        return None
    name, equals, value = bare[1:].partition("=")
    name, value = name.strip(_BLANKS).lower(), value.strip(_BLANKS)
    if not equals or name not in DIRECTIVES or not value:
        return None
    if bare != line:
        raise Refused("blanks before a parser directive are read in two ways", number)
    return name, value
