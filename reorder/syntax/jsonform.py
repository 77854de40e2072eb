"""The JSON form of arguments, with the verdicts of Go's encoding/json.

Facts: BuildKit frontend/dockerfile/parser/line_parsers.go (`parseJSON`).
"""

from __future__ import annotations

from reorder.syntax.gotext import SPACE, runes


class NotStringsError(ValueError):
    """Valid JSON, but an element is not a string: BuildKit rejects the instruction."""


def strings(text: str) -> tuple[str, ...] | None:
    """The elements of a JSON array of strings; None when the text is not a JSON array.

    Raises NotStringsError.
    """
    text = text.lstrip(SPACE)
    if not text.startswith("["):
        return None
    import json  # start-up: many files have no JSON form

    try:
        array = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_constant)
    except ValueError:
        return None
    except RecursionError:
        raise NotStringsError(_MESSAGE) from None
    if not all(isinstance(element, str) for element in array):
        raise NotStringsError(_MESSAGE)
    return tuple(map(runes, array))


_MESSAGE = "when using JSON array syntax, arrays must be comprised of strings only"


def _number(text: str) -> float:
    # Go fails on a number that no float64 holds, which makes the text no JSON at all.
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("number out of range")
    return value


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
