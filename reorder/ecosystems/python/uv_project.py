"""A uv project: its workspace, and what `uv sync` reads of it, as far as it builds nothing of it.

Source: uv documentation, "Workspaces", "Locking and syncing", "Using uv in Docker";
`uv-workspace/src/workspace.rs`.

Checked with uv 0.13.9 on made projects, these files alone in an empty folder and then the rest:
* `--frozen`: pyproject.toml of the workspace root, and uv.lock; with members that are named one by
  one and with a pattern, `--all-packages`, `--package`, `--no-editable`. No readme is read.
* `--locked` and plain: pyproject.toml of every member and of every path dependency too; without
  the latter it stops ("Distribution not found"). A version that the build finds out (`dynamic`) is
  no hindrance; dependencies that are `dynamic` are: uv asks the build for them.
* then `--no-install-project`, `--no-install-workspace` and `--no-install-package`, the rest of the
  project, and the same without: the tree of the plain call alone, but for the times in
  uv_cache.json, which are new in every run.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.python.project_files import (
    Table,
    absent,
    nearest,
    read_toml,
    strings,
    table,
    upward,
)
from reorder.ecosystems.python.uv_lock import Local, UvLock, read_lock
from reorder.ecosystems.python.uv_options import settings_files
from reorder.ecosystems.words import absolute


@dataclass(frozen=True, slots=True)
class UvProject:
    """A project in its workspace. `folder` is its own, `root` has the lockfile."""

    folder: str
    root: str
    document: Table  # pyproject.toml of the root
    lock: UvLock | None = None
    members: tuple[tuple[str, Table], ...] = ()  # folders and pyproject.toml, the root first
    manifests: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def built(self) -> tuple[Local, ...]:
        """The folders that an install may build, those of the workspace and others."""
        local = self.lock.local if self.lock is not None else ()
        return tuple(package for package in local if not package.virtual)

    def has(self, package: Local) -> bool:
        """Whether a folder is a member of the workspace, as the lockfile has it."""
        noted = strings(table(self.lock.document, "manifest"), "members") if self.lock else ()
        return package.folder in (self.root, self.folder) or package.name in noted


def read_project(start: str, image: Image, *, frozen: bool) -> UvProject:
    """The project that is found from a folder; `problem` says why its closure is not known."""
    files = image.files
    folder = nearest(start, "pyproject.toml", files) or start
    manifest = posixpath.join(folder, "pyproject.toml")
    own = read_toml(manifest, files)
    if own is None:
        known = files.read(manifest) is not None
        problem = f"{manifest} is not valid TOML" if known else absent(manifest, files)
        return UvProject(folder, folder, {}, problem=problem)
    root, document = _workspace(folder, own, files)
    found = UvProject(folder, root, document, read_lock(root, files))
    members = _members(root, document, files)
    if isinstance(members, str):
        return replace(found, problem=members)
    found = replace(found, members=members, manifests=_manifests(found, members, image, frozen))
    if found.lock is not None and found.lock.problem is not None:
        return replace(found, problem=found.lock.problem)
    return found if frozen else replace(found, problem=_static(found, files))


def _workspace(folder: str, own: Table, files: Files) -> tuple[str, Table]:
    """The root: the project itself, or the first one above that counts it as a member."""
    if "workspace" in table(own, "tool", "uv"):
        return folder, own
    for above in upward(folder)[1:]:
        document = read_toml(posixpath.join(above, "pyproject.toml"), files)
        if document is None:
            continue
        space = table(document, "tool", "uv", "workspace")
        inner = posixpath.relpath(folder, above)
        if space and _counts(inner, space):
            return above, document
    return folder, own


def _counts(inner: str, space: Table) -> bool:
    wanted = strings(space, "members")
    return any(_fits(inner, p) for p in wanted) and not any(
        _fits(inner, p) for p in strings(space, "exclude")
    )


def _fits(path: str, pattern: str) -> bool:
    ours, theirs = path.split("/"), posixpath.normpath(pattern).split("/")
    if "**" in theirs:
        return fnmatchcase(path, "/".join(theirs))
    return len(ours) == len(theirs) and all(map(fnmatchcase, ours, theirs))


def _members(root: str, document: Table, files: Files) -> tuple[tuple[str, Table], ...] | str:
    """Every member with its manifest; a str is why one of them is not known."""
    space = table(document, "tool", "uv", "workspace")
    found: dict[str, Table] = {root: document}
    for pattern in strings(space, "members"):
        for folder in files.glob(absolute(posixpath.join(pattern, "pyproject.toml"), root)):
            inner = posixpath.dirname(folder)
            relative = posixpath.relpath(inner, root)
            if any(_fits(relative, p) for p in strings(space, "exclude")):
                continue
            member = read_toml(folder, files)
            if member is None:
                return f"{folder} is not valid TOML"
            found[inner] = member
    return tuple(found.items())


def _manifests(
    found: UvProject, members: tuple[tuple[str, Table], ...], image: Image, frozen: bool
) -> tuple[str, ...]:
    folders = dict.fromkeys((found.root, found.folder))
    if not frozen:
        folders |= dict.fromkeys(folder for folder, _ in members)
        local = found.lock.local if found.lock is not None else ()
        folders |= dict.fromkeys(package.folder for package in local)
    files = [posixpath.join(folder, "pyproject.toml") for folder in folders]
    if found.lock is not None:
        files[1:1] = [found.lock.path, *found.lock.archives]
    files += settings_files(found.folder, image)
    there = (path for path in files if image.files.origin(path) is not None)
    return tuple(dict.fromkeys(there))


def _static(found: UvProject, files: Files) -> str | None:
    """Why uv would have to build a part of the workspace to learn what it asks for."""
    documents: dict[str, Any] = dict(found.members)
    for package in found.lock.local if found.lock is not None else ():
        if package.folder not in documents:
            documents[package.folder] = read_toml(f"{package.folder}/pyproject.toml", files)
    for folder, document in documents.items():
        where = posixpath.join(folder, "pyproject.toml")
        if document is None:
            return f"{where} is not there: uv builds that folder to learn what it asks for"
        project = table(document, "project")
        dynamic = {"dependencies", "optional-dependencies"} & set(strings(project, "dynamic"))
        if dynamic:
            return f"{where} leaves its dependencies to the build, which reads the source"
        if not project and folder != found.root:
            return f"{where} has no [project] section: uv builds that folder to learn of it"
    return None
