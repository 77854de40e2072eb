"""The modules of a Cargo workspace: what each one reads, and the call that builds all but some.

    mkdir -p web/src && echo 'fn main() {}' > web/src/main.rs && cargo build --release \\
        && cargo clean --release -p web && rm -r web/src

It is the author's own call, with stand-ins for the packages that are not there yet (`cargo_stub`).
`cargo build -p api -p core` is no way to do it: cargo unites the features that the packages of one
call ask for, and loads every member of a workspace, with a file of one of its targets at least.

Tried with Cargo 1.95 on api <- core <- web, where web asks serde for a feature more: `-p api -p
core` compiles serde once more, and the build of all then compiles api and core again; without
`web/src` it fails. With stand-ins the build of all compiles web alone and leaves the same `target`.
A build with CARGO_INCREMENTAL=0 is not fresh for one without (`cargo build` of the dev profile).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import partial
from typing import Final

from reorder.ecosystems.contract import Image, Module, Modules
from reorder.ecosystems.paths import below
from reorder.ecosystems.rust.cargo_closure import Workspace
from reorder.ecosystems.rust.cargo_manifest import Manifest
from reorder.ecosystems.rust.cargo_options import Asked
from reorder.ecosystems.rust.cargo_sources import Sources, sources_of
from reorder.ecosystems.rust.cargo_stub import incremental, stub_command, stub_problem

READS: Final = (
    "cargo reads the folders of its packages and what lies beside them, and no document that no "
    "string of the sources names"
)


def modules(asked: Asked, found: Workspace | str, image: Image) -> Modules | None:
    """The packages of a `cargo build` with sources of their own; None: fewer than two are known."""
    if asked.verb != "build" or isinstance(found, str) or found.problem is not None:
        return None
    folders = {p.name: f for p in found.packages if (f := _folder(p, found, image)) is not None}
    if len(folders) < 2:
        return None
    sources = {p.folder: _sources(p, found, image) for p in found.packages}
    named = {path for one in sources.values() for path in one.named}
    own = set(folders.values())
    return Modules(
        parts=tuple(
            _part(package, folders, sources[package.folder], found)
            for package in found.packages
            if package.name in folders
        ),
        manifests=(*found.files, *(p for f in found.config.folders for p in image.files.under(f))),
        without=_without(asked, found, folders, image),
        named=tuple(sorted(p for p in named if not any(below(p, folder) for folder in own))),
        outputs=(found.target,),
        assumptions=(READS,),
    )


def _folder(package: Manifest, found: Workspace, image: Image) -> str | None:
    """What belongs to a package alone: of one at the root, with all that lies beside it, `src`."""
    if package.package is None or not package.name:
        return None
    at_root = package.folder == found.root
    folder = posixpath.join(package.folder, "src") if at_root else package.folder
    manifest = posixpath.join(package.folder, "Cargo.toml")
    return folder if any(path != manifest for path in image.files.under(folder)) else None


def _sources(package: Manifest, found: Workspace, image: Image) -> Sources:
    if package.package is None:
        return Sources()
    others = (p.folder for p in found.packages if p.folder != package.folder)
    inner = frozenset(folder for folder in others if below(folder, package.folder))
    return sources_of(package, found.root, inner, image.files)


def _part(
    package: Manifest, folders: Mapping[str, str], sources: Sources, found: Workspace
) -> Module:
    own = folders[package.name]
    needs = {folders[name] for name in package.locked_names(found.top) if name in folders}
    for path in sources.named:
        needs |= {folder for folder in folders.values() if below(path, folder)}
    return Module(own, package.name, tuple(sorted(needs - {own})), not sources.climbs)


def _without(
    asked: Asked, found: Workspace, folders: Mapping[str, str], image: Image
) -> partial[str] | None:
    """The step for packages whose folders are told; None: it has to be done at once."""
    if stub_problem(asked, found, image) is not None or _keeps_more(asked, found):
        return None
    if any(
        package.name not in folders and package.package is not None for package in found.packages
    ):
        return None
    for package in found.packages:
        targets = [path for path, _ in package.targets(image.files)]
        inside = all(below(path, folders[package.name]) for path in targets)
        if package.package is not None and not (targets and inside):
            return None
    if stub_command(asked, found, image, found.packages) is None:
        return None
    return partial(_step, asked, found, folders, image)


def _keeps_more(asked: Asked, found: Workspace) -> bool:
    """Whether packages that are compiled may have to be compiled again for a switch alone."""
    told = asked.call.env.get("CARGO_INCREMENTAL", "")
    return told != "0" and (told != "" or incremental(asked, found))


def _step(
    asked: Asked,
    found: Workspace,
    folders: Mapping[str, str],
    image: Image,
    absent: frozenset[str],
) -> str:
    """The author's call with stand-ins for the packages of some folders."""
    packages = [p for p in found.packages if folders.get(p.name) in absent]
    command = stub_command(asked, found, image, packages)
    assert command is not None
    return command
