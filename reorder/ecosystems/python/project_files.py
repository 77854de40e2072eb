"""The files of a Python project as an installer looks for them: TOML, and folders above."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Any, Final

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.paths import Paths, below

Table = Mapping[str, Any]


def upward(folder: str) -> tuple[str, ...]:
    """A folder and all those above it."""
    found = [folder]
    while found[-1] != "/":
        found.append(posixpath.dirname(found[-1]))
    return tuple(found)


def nearest(folder: str, name: str, files: Files) -> str | None:
    """The folder, or the first one above it, that has a file of that name; None: not known."""
    for above in upward(folder):
        there = files.exists(posixpath.join(above, name))
        if there is not False:
            return above if there else None
    return None


def looked_for(folder: str, names: Iterable[str], image: Image) -> Paths:
    """Names in a folder and in those above it, as far as they belong to the application."""
    wanted = tuple(names)
    return Paths(
        frozenset(
            path
            for above in upward(folder)
            for name in wanted
            if in_application(path := posixpath.join(above, name), image)
        )
    )


def absent(path: str, files: Files) -> str:
    """Why a file that an install needs is not known."""
    if files.exists(path) is False:
        return f"{path} is not in the build context"
    return f"{path} does not come from the build context, so what it asks for is not known"


def read_toml(path: str, files: Files) -> Table | None:
    """A TOML file that is known to be the context's; None: it is not, or is no TOML."""
    import tomli

    text = files.read(path)
    if text is None:
        return None
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError):
        return None


def table(value: object, *keys: str) -> Table:
    """A table inside a table; empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def tables(value: object, key: str) -> tuple[Table, ...]:
    """The tables of an array."""
    return tuple(row for row in _rows(value, key) if isinstance(row, Mapping))


def strings(value: object, *keys: str) -> tuple[str, ...]:
    """The strings of an array, which a key inside tables leads to."""
    *first, last = keys
    return tuple(text for text in _rows(table(value, *first), last) if isinstance(text, str))


def whole(folder: str, image: Image) -> str:
    """A build in place may look around: the outermost application folder that holds it."""
    around = [tree for tree in image.application if below(folder, tree)]
    return min(around, key=len) if around else folder


def _rows(value: object, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, list) else []


TRUE: Final = ("1", "true", "yes", "on", "y", "t")
