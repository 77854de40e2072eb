"""A go.work that the build makes itself: `go work init`, `go work use ./a`.

Source: `go help work init`, `go help work use` (Go 1.26). Tried with Go 1.26: both read the go.mod
of each folder that is named, and no other file of it; with the go.mod and go.sum of each module,
`go mod download` leaves what it leaves with the sources there.
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.ecosystems.told import Told
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call


@dataclass(frozen=True, slots=True)
class MadeWorkspace:
    """What earlier calls have put into a go.work."""

    path: str
    folders: tuple[str, ...]  # absolute


def made_workspace(told: Told) -> MadeWorkspace | None:
    """The go.work that calls have made; None: there is none, or it is not known."""
    made: MadeWorkspace | None = None
    for call in told:
        if call is None:
            return None
        verb = work_verb(call)
        if verb is None:
            continue
        folders = named_folders(call)
        if folders is None or verb not in ("init", "use"):
            return None
        if verb == "init":
            made = MadeWorkspace(absolute("go.work", call.cwd), folders)
        elif made is not None:
            made = MadeWorkspace(made.path, (*made.folders, *folders))
    return made


def work_verb(call: Call) -> str | None:
    """The verb after `go work`."""
    words = [arg.text for arg in call.args]
    return words[2] if words[1:2] == ["work"] and len(words) > 2 else None


def named_folders(call: Call) -> tuple[str, ...] | None:
    """The folders that a call names; None for an option or a word that is not known."""
    rest = call.args[3:]
    if any(arg.kind != "literal" or arg.text.startswith("-") for arg in rest):
        return None
    return tuple(absolute(arg.text, call.cwd) for arg in rest)
