"""A RUN that compiles stand-ins, is cleaned of them, and leaves the compiled dependencies.

`cargo_stub` says what it is for and what was tried. It is understood by its form alone, whoever
wrote it: stand-ins are made, `cargo build`, `cargo clean` for every package of the project, and the
stand-ins are removed.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install
from reorder.ecosystems.paths import EVERYTHING, Paths, below, paths
from reorder.ecosystems.run_caches import Step
from reorder.ecosystems.rust.cargo_caches import caches, settings, state_files
from reorder.ecosystems.rust.cargo_closure import Workspace, workspace
from reorder.ecosystems.rust.cargo_manifest import Manifest
from reorder.ecosystems.rust.cargo_options import Asked, read_command
from reorder.ecosystems.rust.cargo_stub import CLEANS, COMPILES, ignored
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

PART: Final = "cargo builds the packages that are there, and runs their build scripts"


def recipe(calls: tuple[Call, ...], image: Image) -> Step | None:
    """The one step that such a RUN is; None for a RUN of another form."""
    found = _form([call for call in calls if call.name != "cd"])
    if found is None:
        return None
    build, clean, removed = found
    asked, cleaned = read_command(build), read_command(clean)
    if isinstance(asked, Opaque) or isinstance(cleaned, Opaque):
        return None
    known = workspace(asked, image)
    if isinstance(known, str) or not _alike(asked, cleaned):
        return None
    names = {arg.text for arg in cleaned.given.all("-p", "--package")}
    if not {package.name for package in known.packages if package.package is not None} <= names:
        return _part_of_build(build, asked, known, names, removed, image)
    install = Install(
        manifests=known.files,
        folders=known.config.folders,
        outputs=(known.target,),
        ignore=ignored(known, image),
        refusal=known.problem,
        assumptions=(COMPILES, CLEANS),
        scratch=removed,
        free=asked.free,
    )
    hidden = [path for path in removed if _there(path, image)]
    writes = paths(*state_files(asked, image), trees=(known.target, *hidden))
    if known.config.toolchain:
        rustup = asked.call.env.get("RUSTUP_HOME", "")
        writes |= Paths(trees=frozenset({rustup})) if rustup else EVERYTHING
    reads = image.system | paths(*known.files, *known.probed, trees=known.config.folders)
    reads |= settings(asked, image)
    # The switch that only this call has is no part of what the author's build sees.
    own = "CARGO_INCREMENTAL"
    env = {name: value for name, value in build.env.items() if name != own or own in clean.env}
    return Step(
        replace(build, env=env),
        CommandEffects(
            tool="cargo",
            reads=EVERYTHING if known.problem else reads,
            writes=writes,
            caches=caches(asked, image, known),
            install=install,
            costly=True,
        ),
    )


def _there(path: str, image: Image) -> bool:
    return bool(image.files.under(path)) or image.files.exists(path) is not False


def _alike(asked: Asked, cleaned: Asked) -> bool:
    """Whether the clean-up is of what the build has made."""
    same = all(
        asked.value(name) == cleaned.value(name)
        for name in ("--profile", "--target", "--target-dir", "--manifest-path")
    )
    return same and asked.release == cleaned.release


def _part_of_build(
    build: Call,
    asked: Asked,
    known: Workspace,
    names: set[str],
    removed: tuple[str, ...],
    image: Image,
) -> Step | None:
    """The build of the packages that are there, while nothing of the others is."""
    for package in known.packages:
        there = any(not path.endswith("/Cargo.toml") for path in _own(package, known, image))
        if package.package is not None and there == (package.name in names):
            return None
    if any(image.files.under(tree) or image.files.exists(tree) for tree in removed):
        return None
    return Step(
        build,
        CommandEffects(
            tool="cargo",
            reads=EVERYTHING,
            writes=paths(*state_files(asked, image), trees=(known.target,)),
            caches=caches(asked, image, known),
            costly=True,
            barrier=PART,
            together=True,
        ),
    )


def _own(package: Manifest, known: Workspace, image: Image) -> list[str]:
    """The files of a package; of one at the root the sources."""
    folder = package.folder if package.folder != known.root else f"{package.folder}/src"
    inner = [p.folder for p in known.packages if p is not package and below(p.folder, folder)]
    files = image.files.under(folder)
    return [path for path in files if not any(below(path, other) for other in inner)]


def _form(rest: list[Call]) -> tuple[Call, Call, tuple[str, ...]] | None:
    """The build, the clean-up and what is removed, where a RUN has that form and no other.

    Every call always runs, and what is removed at the end holds every stand-in.
    """
    kinds = [_kind(call) for call in rest]
    if "build" not in kinds or "" in kinds:
        return None
    at = kinds.index("build")
    if kinds[at:] != ["build", "clean", "rm"] or not set(kinds[:at]) <= {"mkdir", "stub"}:
        return None
    if any(call.words is None or call.user is not None or not call.always for call in rest):
        return None
    if len({call.cwd for call in rest}) != 1:
        return None
    removed, cwd = _operands(rest[-1]), rest[0].cwd
    stubs = [path for call in rest[:at] for path in _stubs(call)]
    folders = [path for call in rest[:at] if call.name == "mkdir" for path in _operands(call)]
    held = all(any(below(path, gone) for gone in removed) for path in (*stubs, *folders))
    if not stubs or not held or any(below(cwd, gone) for gone in removed):
        return None
    return rest[at], rest[at + 1], tuple(removed)


def _kind(call: Call) -> str:
    words = call.words or ()
    if call.name in ("echo", "touch", "tee"):
        return "stub"
    if call.redirects:
        return ""
    if call.name == "mkdir":
        return "mkdir" if words[1:2] == ("-p",) else ""
    if call.name == "rm":
        return "rm"
    if posixpath.basename(call.name) == "cargo":
        asked = read_command(call)
        verb = "" if isinstance(asked, Opaque) else asked.verb
        return verb if verb in ("build", "clean") else ""
    return ""


def _operands(call: Call) -> list[str]:
    return [absolute(a.text, call.cwd) for a in call.args[1:] if not a.text.startswith("-")]


def _stubs(call: Call) -> list[str]:
    found = [absolute(r.target.text, call.cwd) for r in call.redirects]
    return found + (_operands(call) if call.name in ("touch", "tee") else [])
