"""The files that resolving the modules of a folder reads.

Source: "Go Modules Reference" (go.dev/ref/mod): replace, workspaces, vendoring.
Tried with Go 1.26: a local replacement needs its go.mod, not its go.sum; every module that go.work
uses needs its go.mod, and its go.sum is read; `go mod download` leaves a complete go.sum as it is,
adds what one lacks, and writes go.work.sum where a workspace has none. It never changed a go.mod.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.go.go_work import MadeWorkspace
from reorder.ecosystems.go.gomod import GoMod, read_gomod
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute

_MOST_MODULES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Modules:
    """What resolving the modules of one folder reads."""

    root: str  # the folder of go.mod, or of go.work
    work: bool
    vendored: bool
    files: tuple[str, ...] = ()  # known to come from the build context
    probed: tuple[str, ...] = ()  # looked for, and not there
    requires: bool = False  # anything to download
    missing_sum: str | None = None  # a sum file that is not there
    incomplete: str | None = None  # a module whose sums are missing
    made_sum: str | None = None  # a sum file that a step of the build makes
    problem: str | None = None  # why the closure is not known


def modules(
    folder: str, files: Files, workspace: str | None, made: MadeWorkspace | None = None
) -> Modules | None:
    """The modules that a command in a folder works with; None: it is in no module that is known.

    `workspace` is GOWORK: None to look for go.work, "off", or a path. `made`: by earlier steps.
    """
    probed: list[str] = []
    if made is not None and workspace is None and below(folder, posixpath.dirname(made.path)):
        return _made(made, files)
    mod = _upwards(folder, "go.mod", files, probed)
    work = None
    if workspace is None:
        work = _upwards(folder, "go.work", files, probed)
    elif workspace != "off":
        work = absolute(workspace, folder)
    if work is not None:
        return _workspace(work, files, probed)
    if mod is None:
        return None
    root = posixpath.dirname(mod)
    closure = _Closure(files, probed)
    main = closure.read(mod, "the go.mod")
    if main is not None:
        closure.local_replaces(root, main)
    return closure.result(root, [mod], work=False)


def _upwards(folder: str, name: str, files: Files, probed: list[str]) -> str | None:
    while True:
        path = posixpath.join(folder, name)
        if files.exists(path):
            return path
        probed.append(path)
        if folder == "/":
            return None
        folder = posixpath.dirname(folder)


def _workspace(work: str, files: Files, probed: list[str]) -> Modules:
    root = posixpath.dirname(work)
    closure = _Closure(files, probed)
    told = closure.read(work, "the go.work")
    main: list[str] = []
    if told is not None:
        closure.local_replaces(root, told)
        for use in told.uses:
            path = posixpath.join(absolute(use, root), "go.mod")
            main.append(path)
            used = closure.read(path, "the go.mod of a used module")
            if used is not None:
                closure.local_replaces(posixpath.dirname(path), used)
    return closure.result(root, main, work=True)


def _made(made: MadeWorkspace, files: Files) -> Modules:
    """A go.work that is no file of the context; neither is the go.work.sum that goes with it."""
    closure = _Closure(files, [made.path])
    main = [posixpath.join(folder, "go.mod") for folder in made.folders]
    for path in main:
        used = closure.read(path, "the go.mod of a used module")
        if used is not None:
            closure.local_replaces(posixpath.dirname(path), used)
    found = closure.result(posixpath.dirname(made.path), main, work=True)
    sums = f"{made.path}.sum"
    if files.origin(sums) is not None or files.origin(made.path) is not None:
        return replace(found, problem=f"{made.path} is in the build context too")
    return replace(found, missing_sum=None, incomplete=None, made_sum=sums)


class _Closure:
    """The state of one closure while it grows."""

    def __init__(self, files: Files, probed: list[str]) -> None:
        self.sources = files
        self.probed = probed
        self.mods: dict[str, GoMod] = {}
        self.files: list[str] = []
        self.problem: str | None = None

    def read(self, path: str, what: str) -> GoMod | None:
        if path in self.mods:
            return self.mods[path]
        text = self.sources.read(path)
        if text is None or len(self.mods) == _MOST_MODULES:
            self.problem = self.problem or f"{what} ({path}) does not come from the build context"
            return None
        found = read_gomod(text)
        if isinstance(found, str):
            self.problem = self.problem or f"{path} cannot be read: {found}"
            return None
        self.mods[path] = found
        self.files.append(path)
        return found

    def local_replaces(self, root: str, mod: GoMod) -> None:
        """Only the replacements of main modules count, so that this does not recurse."""
        for _, _, new, version in mod.replaces:
            if not version and new.startswith((".", "/")):
                path = posixpath.join(absolute(new, root), "go.mod")
                self.read(path, f"the replacement {new}")

    def result(self, root: str, main: list[str], work: bool) -> Modules:
        sums: set[tuple[str, str]] = set()
        missing: str | None = None
        names = [posixpath.join(posixpath.dirname(path), "go.sum") for path in main]
        names += [posixpath.join(root, "go.work.sum")] if work else []
        for path in names:
            text = self.sources.read(path)
            if text is None:
                missing = path if work or missing is None else missing
                self.probed.append(path)
            else:
                self.files.append(path)
                sums |= {(w[0], w[1]) for line in text.splitlines() if len(w := line.split()) == 3}
        if work and missing is not None and not missing.endswith("go.work.sum"):
            missing = None  # a member's sums are then in go.work.sum
        vendor = posixpath.join(root, "vendor/modules.txt")
        vendored = self.sources.exists(vendor) is True
        if not vendored:
            self.probed.append(vendor)
        wanted = list(self._remote(list(self.mods)))
        return Modules(
            root=root,
            work=work,
            vendored=vendored and all(self.mods[p].go >= (1, 14) for p in main if p in self.mods),
            files=tuple(dict.fromkeys(self.files)),
            probed=tuple(dict.fromkeys(self.probed)),
            requires=bool(wanted),
            missing_sum=missing if wanted else None,
            incomplete=None if missing else _incomplete(list(self._remote(main)), sums),
            problem=self.problem,
        )

    def _remote(self, of: list[str]) -> Iterator[tuple[str, str]]:
        """The modules these go.mod files ask for that come from elsewhere, replacements applied."""
        replaced: dict[tuple[str, str], tuple[str, str]] = {}
        for mod in self.mods.values():
            for old, version, new, new_version in mod.replaces:
                replaced[old, version] = (new, new_version)
        own = {mod.module for mod in self.mods.values()}
        for path in of:
            for name, version in self.mods[path].requires if path in self.mods else ():
                other = replaced.get((name, version)) or replaced.get((name, ""))
                if other is not None and other[1]:
                    yield other
                elif other is None and name not in own:
                    yield name, version


def _incomplete(wanted: list[tuple[str, str]], sums: set[tuple[str, str]]) -> str | None:
    for path, version in wanted:
        if (path, f"{version}/go.mod") not in sums:
            return f"{path} {version}"
    return None
