"""Every file that cargo reads before it compiles: manifests, lockfile, configuration.

Members of the workspace by their patterns, and packages that are named by path, however far. A
package also needs the first file of one of its targets to be there: `cargo_stub` has the way.

Source: "Workspaces" and "Specifying Dependencies" of The Cargo Book. Tried with Cargo 1.95: the
closure with stand-ins for the sources in an empty folder, then `cargo build`.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Any, Final

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.rust.cargo_config import Config, read_config
from reorder.ecosystems.rust.cargo_manifest import Manifest, read_manifest, read_toml
from reorder.ecosystems.rust.cargo_options import Asked
from reorder.ecosystems.words import absolute

_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a call of cargo works with."""

    top: Manifest  # that of the workspace, beside Cargo.lock
    packages: tuple[Manifest, ...] = ()
    rest: tuple[str, ...] = ()  # Cargo.lock
    config: Config = field(default_factory=Config)
    lock: tuple[dict[str, Any], ...] = ()
    probed: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def root(self) -> str:
        """The folder of the workspace."""
        return self.top.folder

    @property
    def files(self) -> tuple[str, ...]:
        """The manifest closure, without any source file."""
        own = [f"{package.folder.rstrip('/')}/Cargo.toml" for package in self.packages]
        top = posixpath.join(self.root, "Cargo.toml")
        first = [top] if self.packages else []
        return tuple(dict.fromkeys((*first, *self.rest, *sorted(own), *self.config.files)))

    @property
    def target(self) -> str:
        """The folder that a build fills."""
        return self.config.target_dir or posixpath.join(self.root, "target")


def workspace(asked: Asked, image: Image) -> Workspace | str:
    """The workspace of a call, or why it is not known."""
    files = image.files
    probed: list[str] = []
    start = posixpath.dirname(asked.manifest) if asked.manifest else None
    start = start or _nearest(asked.call.cwd, files, probed)
    if start is None:
        return f"no Cargo.toml is known in {asked.call.cwd} or above"
    first = read_manifest(start, files)
    if isinstance(first, str):
        return first
    root = _root(first, files, probed)
    if isinstance(root, str):
        return root
    packages: dict[str, Manifest] = {}
    problem = _collect(root, first, files, packages)
    lock = posixpath.join(root.folder, "Cargo.lock")
    locked = read_toml(files.read(lock) or "") or {}
    rest: list[str] = []
    if files.read(lock) is None:
        probed.append(lock)
    else:
        rest.append(lock)
    config = read_config(asked, image)
    entries = locked.get("package")
    return Workspace(
        top=root,
        packages=tuple(packages.values()),
        rest=tuple(rest),
        config=config,
        lock=tuple(e for e in entries if isinstance(e, dict)) if isinstance(entries, list) else (),
        probed=(*probed, *config.probed),
        problem=problem or config.hidden,
    )


def _nearest(folder: str, files: Files, probed: list[str]) -> str | None:
    while True:
        path = posixpath.join(folder, "Cargo.toml")
        if files.exists(path):
            return folder
        probed.append(path)
        if folder == "/":
            return None
        folder = posixpath.dirname(folder)


def _root(first: Manifest, files: Files, probed: list[str]) -> Manifest | str:
    """The manifest of the workspace: its own, the one it names, or one above that has it."""
    if first.workspace is not None:
        return first
    told = (first.package or {}).get("workspace")
    if isinstance(told, str):
        return read_manifest(absolute(told, first.folder), files)
    folder = first.folder
    while folder != "/":
        folder = posixpath.dirname(folder)
        path = posixpath.join(folder, "Cargo.toml")
        if not files.exists(path):
            probed.append(path)
            continue
        above = read_manifest(folder, files)
        if isinstance(above, str):
            return above
        if above.workspace is None:
            continue
        members: dict[str, Manifest] = {}
        _collect(above, above, files, members)
        if first.folder in members:
            return above
        if first.folder in _matched(above, "exclude", files):
            return first
        return f"{path} is above {first.folder}, but does not have it as a member"
    return first


def _collect(
    root: Manifest, first: Manifest, files: Files, into: dict[str, Manifest]
) -> str | None:
    """Adds every package that is read; returns why they are not all known."""
    waiting = [root.folder] if root.package is not None else []
    waiting += [first.folder] if first.folder != root.folder else []
    if root.workspace is not None:
        excluded = _matched(root, "exclude", files)
        waiting += [f for f in _matched(root, "members", files) if f not in excluded]
    waiting += list(root.paths(root))
    problem = None
    while waiting:
        folder = waiting.pop()
        if folder in into or len(into) == _MOST:
            continue
        found = read_manifest(folder, files)
        if isinstance(found, str):
            problem = problem or found
            continue
        into[folder] = found
        waiting += list(found.paths(root))
    return problem


def _matched(root: Manifest, key: str, files: Files) -> list[str]:
    patterns = (root.workspace or {}).get(key, [])
    found: list[str] = []
    for pattern in patterns if isinstance(patterns, list) else []:
        path = absolute(str(pattern), root.folder)
        if any(char in str(pattern) for char in "*?["):
            hits = files.glob(posixpath.join(path, "Cargo.toml"))
            found += [posixpath.dirname(hit) for hit in hits]
        else:
            found.append(path)
    return found
