"""Which folders exist already when an instruction that looks for them runs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from reorder.graph.resources import Effects


def folders_there(effects: Iterable[Effects], workdir: str | None) -> list[frozenset[str]]:
    """For each instruction, the folders that an earlier one of the list made for good.

    `workdir` is in force before the first: the base image, or an earlier stage, has made it.

    Whoever reads such a folder stands below the first that makes it in every legal order, and
    whoever makes it again finds it or makes the same; what may change it is in between of nothing.
    """
    found: list[frozenset[str]] = []
    there = frozenset(_upward(workdir)) if workdir is not None else frozenset[str]()
    for one in effects:
        found.append(there)
        there = frozenset(p for p in there | one.makes if not one.writes.paths.changes_folder(p))
    return found


def _upward(path: str) -> Iterator[str]:
    while path.strip("/"):
        yield path
        path = posixpath.dirname(path)
