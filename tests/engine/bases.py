"""Base images under their public names, made here and served from loopback.

Made anew when their Dockerfile, their archives or the machine's configuration change.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine import tools
from engine.builds import push
from engine.daemons import Daemons
from engine.home import MAVEN, NODE, NPM, Home, digest
from engine.machine import debian_mirror

_FOLDER = Path(__file__).parent / "base_images"


@dataclass(frozen=True, slots=True)
class Base:
    """`folder` is below `base_images/`; `archives` fetches what it takes from the store."""

    folder: str
    name: str
    archives: Callable[[Home], object]
    context: Callable[[Home], Path]


def _store(home: Home) -> Path:
    return home.store


def _nothing(home: Home) -> None:
    """A base that needs only Debian."""


def _debian(home: Home) -> None:
    tools.debian_root(home, debian_mirror())


# In this order: the others are built from debian:12.
BASES = (
    Base("debian", "debian:12", _debian, _store),
    Base("python", "python:3.12-slim", _nothing, _store),
    Base("node", "node:20", tools.node_archives, _store),
    Base("maven", "maven:3.9-eclipse-temurin-17", tools.maven_archive, _store),
    Base("golang", "golang:1.22", tools.go_root, _store),
    Base("frontend", "docker/dockerfile:1", _nothing, lambda home: home.bin),
)


NAMES = tuple(base.name for base in BASES)


def provide(daemons: Daemons, name: str) -> None:
    """Builds and pushes one base, unless the registry has it as it would be built now."""
    home = daemons.home
    base = next(base for base in BASES if base.name == name)
    base.archives(home)
    record = home.root / "bases.json"
    known: dict[str, str] = json.loads(record.read_text()) if record.exists() else {}
    folders = {base.folder, BASES[0].folder}
    sources = [home.machine, *(_FOLDER / folder / "Dockerfile" for folder in sorted(folders))]
    key = " ".join((digest(sources), NODE, NPM, MAVEN, home.bin.name))
    if known.get(name) == key:
        return
    path = name if "/" in name else f"library/{name}"
    push(
        daemons,
        base.context(home),
        _FOLDER / base.folder / "Dockerfile",
        path,
        args={"NODE": NODE, "NPM": NPM, "MAVEN": MAVEN},
        contexts={"machine": home.machine},
    )
    record.write_text(json.dumps(known | {name: key}, indent=1))
