"""The folders under `traps/`: a project, and a wrong rewrite of it that `verify` must refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tomli
from engine.projects import lay_files

FOLDER = Path(__file__).parent / "traps"


@dataclass(frozen=True, slots=True)
class Trap:
    """`Dockerfile` is right, `Dockerfile.wrong` is not; `trap.toml` says the rest."""

    name: str
    why: str
    caught: str  # a path or key that must be among the differences, or a text of the failed build
    builds: bool = True  # whether the wrong one builds
    untracked: Mapping[str, str] = field(default_factory=dict)  # in the folder, not in git


def traps() -> tuple[Trap, ...]:
    """All of them, by name.

    Raises:
        TypeError: a `trap.toml` has a key that means nothing, or lacks `why` or `caught`.
    """
    found = []
    for described in sorted(FOLDER.glob("*/trap.toml")):
        found.append(Trap(name=described.parent.name, **tomli.loads(described.read_text())))
    return tuple(found)


def lay(trap: Trap, into: Path) -> None:
    """The project as a git work tree, with its untracked files beside."""
    lay_files(FOLDER / trap.name, into, trap.untracked)
