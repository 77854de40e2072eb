"""Symbolic links inside a root that nothing leaves, as BuildKit resolves them in a snapshot."""

from __future__ import annotations

from collections.abc import Callable

from reorder.context.gopath import inside
from reorder.context.tree import Entry

MAX_LINKS = 255  # containerd/continuity fs/path.go `RootPath`


def resolve(path: str, lookup: Callable[[str], Entry | None]) -> str | None:
    """Where a path ends once every link on the way is followed; None if that does not exist.

    An absolute target and a `..` above the root start at the root. "" is the root.
    """
    todo = inside_parts(path)
    at = ""
    followed = 0
    while todo:
        name = todo.pop()
        if name == "..":
            at = at.rpartition("/")[0]
            continue
        here = f"{at}/{name}" if at else name
        entry = lookup(here)
        if entry is None or (entry.kind == "file" and todo):
            return None
        if entry.kind != "link":
            at = here
            continue
        followed += 1
        if followed > MAX_LINKS or not entry.target:
            return None
        at = "" if entry.target.startswith("/") else at
        todo.extend(_parts(entry.target))
    return at


def inside_parts(path: str) -> list[str]:
    """The segments of a path taken from the root, last first."""
    return _parts(inside(path))


def _parts(path: str) -> list[str]:
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]
