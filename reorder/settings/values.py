"""A value of TOML as the value of a key, or what is wrong with it."""

from __future__ import annotations

import math
from typing import Any

from reorder.settings.keys import Key
from reorder.syntax.pragmas import nearest
from reorder.transforms.ids import IDS

_NAMES: dict[type, str] = {
    bool: "a boolean",
    str: "a string",
    int: "an integer",
    float: "a float",
    list: "an array",
    dict: "a table",
}


class Wrong(Exception):
    """A value that a key cannot have; the text says what it wants."""


def value_of(key: Key, given: Any) -> Any:
    """The value; a path stays text. Raises Wrong."""
    match key.kind:
        case "switch":
            return _typed(given, bool, "true or false")
        case "ids":
            return _ids(given)
        case "choice":
            text = _typed(given, str, f"one of {_listed(key.choices)}")
            if text not in key.choices:
                raise Wrong(f"{text!r} is none of {_listed(key.choices)}")
            return text
        case "whole":
            return _bounded(key, _typed(given, int, "an integer"))
        case "number":
            number = given if type(given) is int else _typed(given, float, "a number")
            if not math.isfinite(number):
                raise Wrong("it must be a finite number")
            return float(_bounded(key, number))
        case "folder" | "file" | "text":
            text = _typed(given, str, "a string")
            if "\0" in text or (key.kind != "text" and not text):
                raise Wrong("it is no path")
            return text


def _typed(given: Any, wanted: type, words: str) -> Any:
    if type(given) is not wanted:
        raise Wrong(f"it must be {words}, not {_NAMES.get(type(given), 'a date or time')}")
    return given


def _ids(given: Any) -> frozenset[str]:
    example = 'as in ["order", "cache-mount"]'
    names = _typed(given, list, f"an array of transforms, {example}")
    for name in names:
        _typed(name, str, f"an array of strings, {example}")
        if name not in IDS:
            raise Wrong(f"{name!r} is not a transform; {nearest(name, IDS)}")
    return frozenset(names)


def _bounded(key: Key, number: int | float) -> int | float:
    small = key.least is not None and (number < key.least or (key.above and number == key.least))
    if small or (key.most is not None and number > key.most):
        least = None if key.least is None else f"{'above' if key.above else 'at least'} {key.least}"
        bounds = [least, None if key.most is None else f"at most {key.most:g}"]
        raise Wrong(f"it must be {' and '.join(filter(None, bounds))}, not {number}")
    return number


def _listed(choices: tuple[str, ...]) -> str:
    return ", ".join(f'"{choice}"' for choice in choices)
