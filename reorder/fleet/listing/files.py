"""The words of a list: a file, standard input or the command line.

A plain list has one repository a line; blank lines and lines that begin with `#` are left out. A
table, with commas or tabs, has a line of names first, one of which is `repo`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reorder.errors import InputError

COLUMN = "repo"
MOST = 1 << 26  # bytes; a million clone URLs


@dataclass(frozen=True, slots=True)
class Entry:
    """One word, and where it stands; line 0 is the command line."""

    word: str
    path: str = ""
    line: int = 0


def given(words: Iterable[str]) -> tuple[Entry, ...]:
    """What stands on the command line itself."""
    return tuple(Entry(word) for word in words)


def read(source: str, stdin: BinaryIO) -> tuple[Entry, ...]:
    """The entries of a file, `-` being standard input. Raises InputError."""
    name = "<stdin>" if source == "-" else source
    lines = _lines(name, _bytes(source, stdin))
    numbered = [(number, line) for number, line in enumerate(lines, 1) if _says(line)]
    if not numbered:
        return ()
    delimiter, column = _table(numbered[0][1])
    if column < 0:
        return tuple(Entry(line.strip(), name, number) for number, line in numbered)
    return tuple(
        Entry(_cell(name, number, line, delimiter, column), name, number)
        for number, line in numbered[1:]
    )


def patterns(path: str) -> Iterator[tuple[int, str]]:
    """The lines of an opt-out list that say something, with their numbers. Raises InputError."""
    for number, line in enumerate(_lines(path, _bytes(path, None)), 1):
        if _says(line):
            yield number, line.strip()


def _bytes(source: str, stdin: BinaryIO | None) -> bytes:
    try:
        if source == "-" and stdin is not None:
            data = stdin.read(MOST + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MOST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(source, f"the list cannot be read: {reason}") from None
    if len(data) > MOST:
        raise InputError(source, f"the list has more than {MOST:,} bytes; make it several runs")
    return data


def _lines(name: str, data: bytes) -> list[str]:
    """Split at line ends only: a name may hold what else `str.splitlines` takes for one."""
    found = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            found.append(line.decode())
        except UnicodeDecodeError:
            raise InputError(name, "is not UTF-8", number) from None
    return found


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _table(first: str) -> tuple[str, int]:
    """Delimiter and number of the column; -1: a plain list."""
    for delimiter in "\t,":
        names = [name.strip().lower() for name in _cells(first, delimiter)]
        if COLUMN in names and (len(names) > 1 or delimiter == ","):
            return delimiter, names.index(COLUMN)
    return "", -1


def _cell(name: str, number: int, line: str, delimiter: str, column: int) -> str:
    cells = _cells(line, delimiter)
    if column >= len(cells) or not cells[column].strip():
        raise InputError(name, f"nothing in the column `{COLUMN}`", number)
    return cells[column].strip()


def _cells(line: str, delimiter: str) -> Sequence[str]:
    return next(csv.reader([line.strip("\r\n")], delimiter=delimiter), [])
