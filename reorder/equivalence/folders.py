"""Where a copy or WORKDIR writes, and the folders that it makes on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import Paths
from reorder.equivalence import owners
from reorder.equivalence.program import Refused
from reorder.equivalence.scope import normal
from reorder.equivalence.state import Cell, State, named_touching
from reorder.equivalence.values import fold

_MADE: Final = "made "  # of a folder that some step may have taken away, and that is there now


@dataclass(frozen=True, slots=True)
class Target:
    """Where a copy goes and what its flags add to every value."""

    path: str
    folder: bool
    owner: str
    mode: str
    tag: str
    line: int
    scratch: bool
    link: bool


def made_folders(into: Target, state: State, path: str) -> dict[str, Cell]:
    """The folders of a path that a copy or WORKDIR makes because they are missing."""
    made: dict[str, Cell] = {}
    for folder in chain(path):
        if (cell := made_folder(into, state, folder)) is not None:
            made[folder] = cell
    return made


def made_folder(into: Target, state: State, path: str) -> Cell | None:
    """The folder that a copy or WORKDIR makes at a path; None when it is there already."""
    old = state.cells.get(path)
    if path in STANDARD_FOLDERS and not into.scratch and old is None and not into.link:
        return None
    neutral = into.owner == owners.ROOT and not into.mode
    events = named_touching(state.events.values(), Paths(files=frozenset({path})))
    events = [id for id in events if not state.events[id].base]
    value = fold("made", into.owner, into.mode, *events)
    if old is None or into.link:
        return Cell("dir", value, into.line, neutral=neutral)
    if old.kind == "dir":
        return None
    inside = path + "/"
    if any(p.startswith(inside) and c.kind != "changed" for p, c in state.cells.items()):
        return None  # what is surely in it shows that it is there
    if old.kind == "changed":
        if old.value.startswith(_MADE):
            return None  # whoever made it here left it
        value = _MADE + fold(into.owner, into.mode, old.value)
        return Cell("changed", value, into.line)
    raise Refused(f"{path} is a file, but a folder is made there", into.line)


def chain(path: str) -> list[str]:
    """A path and its parents from the top, without the root."""
    parts = normal(path).strip("/").split("/")
    return ["/" + "/".join(parts[: at + 1]) for at in range(len(parts)) if parts[at]]
