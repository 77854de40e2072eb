"""One line of CSV, as `--mount` and `--device` have it.

Facts: github.com/tonistiigi/go-csvvalue (`Fields`).
"""

from __future__ import annotations


class CsvError(ValueError):
    """An empty value, a stray quote, or an open one."""


def fields(line: str) -> tuple[str, ...]:
    """The fields of a line, quotes removed. Raises CsvError."""
    if line.endswith("\n"):
        line = line[:-1].removesuffix("\r")
    if not line:
        raise CsvError("an empty value")
    found: list[str] = []
    position = 0
    while True:
        if line.startswith('"', position):
            field, position = _quoted(line, position + 1)
        else:
            end = line.find(",", position)
            field = line[position:] if end < 0 else line[position:end]
            if '"' in field:
                raise CsvError('a bare " in a field that is not quoted')
            position += len(field)
        found.append(field)
        if position == len(line):
            return tuple(found)
        position += 1


def _quoted(line: str, position: int) -> tuple[str, int]:
    parts: list[str] = []
    while True:
        end = line.find('"', position)
        if end < 0:
            raise CsvError('an open "')
        parts.append(line[position:end])
        position = end + 1
        following = line[position : position + 1]
        if following in ("", ","):
            return "".join(parts), position
        if following != '"':
            raise CsvError('a " within a quoted field')
        parts.append('"')
        position += 1
