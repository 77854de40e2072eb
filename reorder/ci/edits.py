"""Changes of a text by position, so that every other byte stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace what lies between two offsets; equal ones insert."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits, which must not overlap; inserts at one place keep their order."""
    # Where an insert and another edit begin at one place, the insert stands first.
    ordered = sorted(enumerate(edits), key=lambda one: (one[1].start, one[1].end, one[0]))
    for _, edit in reversed(ordered):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def line_of(text: str, offset: int) -> int:
    """The 1-based line of an offset."""
    return text.count("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """The offset behind the line that an offset is in, its newline included."""
    at = text.find("\n", offset)
    return len(text) if at == -1 else at + 1


def newline(text: str) -> str:
    """The line ending in use: that of the first line."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
