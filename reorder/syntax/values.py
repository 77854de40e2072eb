"""The values that words are made of: known, unknown, or rejected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reorder.errors import ReorderError


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is, or may be, set, but not known. `name` is the variable to blame."""

    name: str = field(default="", compare=False)


UNKNOWN = Unknown()

Value = str | Unknown
Lookup = Callable[[str], "str | Unknown | None"]

MAX_RESULT = 1_000_000  # ENV lines that double a value would fill the memory


class WordError(ReorderError):
    """A word that BuildKit rejects: a bad substitution, an open quote, a `${x:?}` that fails."""


class DepthError(WordError):
    """A word that nests deeper than this program follows."""


def or_empty(value: Value | None) -> Value:
    """The value of a variable; an unset one is empty."""
    return "" if value is None else value


def joined(pieces: Sequence[Value]) -> Value:
    """The pieces as one value: unknown if one of them is, or if it grows too long."""
    for piece in pieces:
        if isinstance(piece, Unknown):
            return piece
    text = "".join(map(str, pieces))
    return text if len(text) <= MAX_RESULT else UNKNOWN
