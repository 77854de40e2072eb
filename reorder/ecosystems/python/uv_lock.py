"""uv.lock: which packages of it are folders of the project.

Source: uv 0.13, `uv-resolver/src/lock/mod.rs`; a lockfile of version 1 since uv 0.3.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.python.project_files import Table, absent, read_toml, table, tables
from reorder.ecosystems.words import absolute

_FOLDERS: Final = ("editable", "virtual", "directory")


@dataclass(frozen=True, slots=True)
class Local:
    """A package that is a folder; a virtual one is never built."""

    name: str
    folder: str  # absolute
    virtual: bool
    entry: Table


@dataclass(frozen=True, slots=True)
class UvLock:
    """What a lockfile says beside the packages of an index."""

    path: str
    document: Table
    local: tuple[Local, ...] = ()
    archives: tuple[str, ...] = ()
    registries: frozenset[str] = frozenset()
    from_git: bool = False
    problem: str | None = None


def read_lock(root: str, files: Files) -> UvLock | None:
    """The lockfile of the workspace at `root`; None: there surely is none."""
    path = posixpath.join(root, "uv.lock")
    if files.exists(path) is False:
        return None
    document = read_toml(path, files)
    if document is None:
        known = files.read(path) is not None
        return UvLock(
            path, {}, problem=f"{path} is not valid TOML" if known else absent(path, files)
        )
    if document.get("version") != 1:
        return UvLock(path, document, problem=f"{path} is not of version 1")
    local: list[Local] = []
    archives: list[str] = []
    registries: set[str] = set()
    from_git = False
    for package in tables(document, "package"):
        source = table(package, "source")
        kind = next((key for key in _FOLDERS if isinstance(source.get(key), str)), None)
        if kind is not None:
            name, folder = str(package.get("name", "")), absolute(source[kind], root)
            local.append(Local(name, folder, kind == "virtual", package))
        elif isinstance(source.get("path"), str):
            archives.append(absolute(source["path"], root))
        elif isinstance(source.get("registry"), str):
            registries.add(source["registry"])
        from_git = from_git or "git" in source
    links = [absolute(place, root) for place in registries if "://" not in place]
    problem = next((absent(a, files) for a in archives if files.exists(a) is not True), None)
    if links:
        problem = problem or f"packages are taken from {links[0]}"
    return UvLock(
        path,
        document,
        tuple(local),
        tuple(dict.fromkeys(archives)),
        frozenset(registries),
        from_git,
        problem,
    )


def normal(name: str) -> str:
    """A name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
