"""Base images under their public names, made here and served from loopback when a build names them.

Made anew when their Dockerfile, their versions or the machine's configuration change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from engine import tools
from engine.builds import push
from engine.daemons import Daemons
from engine.home import MAVEN, NODE, NPM, SBT, Home, digest
from engine.machine import debian_mirror

_FOLDER = Path(__file__).parent / "base_images"
_VERSIONS = {"NODE": NODE, "NPM": NPM, "MAVEN": MAVEN, "SBT": SBT}  # build arguments


@dataclass(frozen=True, slots=True)
class Base:
    """`folder` is below `base_images/`; `archives` fetches what it takes from the store.

    `always`: what is built may need it without naming it.
    """

    folder: str
    name: str
    archives: Callable[[Home], object]
    context: Callable[[Home], Path]
    always: bool = False


def _store(home: Home) -> Path:
    return home.store


def _nothing(home: Home) -> None:
    """A base that needs only Debian."""


def _debian(home: Home) -> None:
    tools.debian_root(home, debian_mirror())


# In this order: the others are built from debian:12, and a rewrite may add a `# syntax=` line.
BASES = (
    Base("debian", "debian:12", _debian, _store, always=True),
    Base("python", "python:3.12-slim", _nothing, _store),
    Base("node", "node:20", tools.node_archives, _store),
    Base("maven", "maven:3.9-eclipse-temurin-17", tools.maven_archive, _store),
    Base("jdk", "eclipse-temurin:17-jdk", tools.sbt_launcher, _store),
    Base("golang", "golang:1.22", tools.go_root, _store),
    Base("rust", "rust:1", tools.rust_root, _store),
    Base("frontend", "docker/dockerfile:1", _nothing, lambda home: home.bin, always=True),
)


def named_in(dockerfiles: Iterable[str]) -> tuple[Base, ...]:
    """The bases that the builds of these texts need, in the order in which they are made."""
    words = {word for text in dockerfiles for word in text.replace("=", " ").split()}
    return tuple(base for base in BASES if base.always or base.name in words)


def provide(daemons: Daemons, base: Base) -> None:
    """Builds and pushes one base, unless the registry has it as it would be built now.

    Raises:
        Unavailable: it cannot be made on this machine.
    """
    home, name = daemons.home, base.name
    dockerfile = _FOLDER / base.folder / "Dockerfile"
    base.archives(home)
    record = home.root / "bases.json"
    known: dict[str, str] = json.loads(record.read_text()) if record.exists() else {}
    folders = {base.folder, BASES[0].folder}
    sources = [home.machine, *(_FOLDER / folder / "Dockerfile" for folder in sorted(folders))]
    versions = [value for name, value in _VERSIONS.items() if name in dockerfile.read_text()]
    programs = home.bin.name if base.context(home) == home.bin else ""
    key = " ".join((digest(sources), *versions, programs))
    if known.get(name) == key:
        return
    path = name if "/" in name else f"library/{name}"
    push(
        daemons,
        base.context(home),
        dockerfile,
        path,
        args=_VERSIONS,
        contexts={"machine": home.machine},
    )
    record.write_text(json.dumps(known | {name: key}, indent=1))
