"""Cargo: what it reads before it compiles, the dependencies as a step of their own, its caches.

A build, a test or a run reads any source file and runs build scripts: a barrier. Its dependencies
can be compiled before the sources are there (`cargo_stub`); `cargo fetch` reads the manifests and
the first file of each package. cargo-chef does the same as that step: it is left as it is.

`target` never goes into a mount: the program that the image is made for lies in it.

Source: The Cargo Book and the man pages of Cargo 1.95; cargo-chef's README (0.1.73).
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import CommandEffects, Image, Install, Modules, Prefetch
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.paths import EVERYTHING, Paths, below, paths
from reorder.ecosystems.rust.cargo_caches import cache, caches, cargo_homes, settings, state_files
from reorder.ecosystems.rust.cargo_closure import Workspace, workspace
from reorder.ecosystems.rust.cargo_lock import outdated
from reorder.ecosystems.rust.cargo_modules import modules
from reorder.ecosystems.rust.cargo_options import Asked, as_build, read_command
from reorder.ecosystems.rust.cargo_stub import CLEANS, COMPILES, ignored, stub_command, stub_problem
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Cargo"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"cargo"})
JUNK: Final[tuple[str, ...]] = ()

BARRIER: Final = "cargo may read every source file, and runs build scripts"
CHEF: Final = "cargo-chef compiles the dependencies in a layer of their own already"
UNLOCKED: Final = "without `--locked`, `cargo install` chooses the versions anew"
FETCHES: Final = "`cargo fetch` reads the manifests, and of the sources only that they are there"


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `cargo` does; None for a verb that is a program of somebody else."""
    folder = posixpath.dirname(call.name)
    if folder and (posixpath.basename(folder) != "bin" or in_application(folder, image)):
        return None
    if any(arg.text == "chef" for arg in call.args[1:3]):
        return _chef(call)
    asked = read_command(call)
    if isinstance(asked, Opaque):
        verb = call.args[1].text if len(call.args) > 1 else ""
        return asked if verb in _VERBS or verb == "install" else None
    if asked.verb in ("", "help", "version"):
        return CommandEffects("cargo", image.system | paths(*_toolchain(call)), env=_ENV)
    if asked.verb == "install" and not asked.has("--path") and asked.operands:
        return _install_named(asked, image)
    if asked.verb not in _VERBS and asked.verb != "install":
        return None
    found = workspace(asked, image)
    if asked.verb == "fetch":
        return _fetch(asked, found, image)
    known = None if isinstance(found, str) else found
    return CommandEffects(
        tool="cargo",
        reads=EVERYTHING,
        writes=EVERYTHING,
        caches=caches(asked, image, known) if asked.verb in _RESOLVES else (),
        prefetch=_step(asked, found, image),
        modules=_modules(asked, found, image),
        costly=asked.verb in _RESOLVES,
        barrier=BARRIER,
    )


def _step(asked: Asked, found: Workspace | str, image: Image) -> Prefetch | None:
    """The step of a build, or of an install of the project itself."""
    if asked.verb == "build":
        return _prefetch(asked, found, image)
    built = as_build(asked) if asked.verb == "install" else None
    if built is None:
        return None
    found = workspace(built, image)
    step = _prefetch(built, found, image)
    if step is None or step.refusal is not None or asked.has("--locked"):
        return step
    return replace(step, refusal=UNLOCKED)


def _modules(asked: Asked, found: Workspace | str, image: Image) -> Modules | None:
    """Those of a build, or of an install of a package by its folder."""
    if asked.verb == "build":
        return modules(asked, found, image)
    built = as_build(asked) if asked.verb == "install" else None
    known = modules(built, workspace(built, image), image) if built is not None else None
    return known if known is None or asked.has("--locked") else replace(known, without=None)


def _chef(call: Call) -> CommandEffects:
    cooks = any(arg.text == "cook" for arg in call.args)
    return CommandEffects(
        tool="cargo",
        reads=EVERYTHING,
        writes=EVERYTHING,
        install=Install((), refusal=CHEF) if cooks else None,
        costly=cooks,
        barrier=CHEF,
    )


def _install_named(asked: Asked, image: Image) -> CommandEffects | Opaque | None:
    """`cargo install NAME`: programs from the registry, compiled outside of the project."""
    known = named_effects(asked.call, image)
    if not isinstance(known, CommandEffects):
        return known
    names = ("registry", "git") if asked.has("--git") else ("registry",)
    homes = cargo_homes(asked, image)
    return replace(
        known,
        reads=_less(known.reads, homes) | settings(asked, image),
        writes=_less(known.writes, homes) | paths(*state_files(asked, image)),
        caches=tuple(cache(asked, image, name) for name in names),
    )


def _less(found: Paths, homes: tuple[str, ...]) -> Paths:
    """Of CARGO_HOME only what is installed, without the caches."""
    own = {f"{home}/{name}" for home in homes if home in found.trees for name in _INSTALLED}
    return replace(found, trees=(found.trees - set(homes)) | own)


def _fetch(asked: Asked, found: Workspace | str, image: Image) -> CommandEffects:
    if isinstance(found, str):
        return CommandEffects(
            tool="cargo",
            reads=EVERYTHING,
            writes=EVERYTHING,
            caches=caches(asked, image, None),
            install=Install((), refusal=found),
            costly=True,
            barrier=found,
        )
    first: list[str] = []
    for package in found.packages:
        first += [path for path, _ in package.targets(image.files)][:1]
    refusal = found.problem
    if not found.lock:
        refusal = refusal or "without Cargo.lock, `cargo fetch` writes one"
    elif not asked.has("--locked", "--frozen"):
        refusal = refusal or outdated(found)
    files = tuple(dict.fromkeys((*found.files, *first)))
    own = settings(asked, image)
    return CommandEffects(
        tool="cargo",
        reads=EVERYTHING if refusal else image.system | own | paths(*files, *found.probed),
        writes=paths(*state_files(asked, image)),
        env=_ENV,
        caches=caches(asked, image, found),
        install=Install(files, found.config.folders, refusal=refusal, assumptions=(FETCHES,)),
        costly=True,
    )


def _prefetch(asked: Asked, found: Workspace | str, image: Image) -> Prefetch | None:
    if isinstance(found, str):
        return None
    refusal = stub_problem(asked, found, image) or _place_problem(asked, found, image)
    command = stub_command(asked, found, image)
    if refusal is None and command is None:
        refusal = "a name or a value in it cannot be written down for a step of its own"
    if not any("source" in entry for entry in found.lock) and refusal is None:
        return None  # nothing but the project itself is compiled
    install = Install(
        manifests=found.files,
        folders=found.config.folders,
        outputs=(found.target,),
        ignore=ignored(found, image),
        refusal=found.problem,
        assumptions=(COMPILES, CLEANS),
        free=asked.free,
    )
    return Prefetch(command or "cargo fetch", install, refusal, absorbed=True)


def _place_problem(asked: Asked, found: Workspace, image: Image) -> str | None:
    """Whether the folder of the call is there when only the manifests are."""
    cwd = asked.call.cwd
    if cwd == image.cwd or not below(cwd, image.cwd):
        return None
    if any(below(path, cwd) for path in found.files):
        return None
    return f"the folder {cwd} is not there before the source is"


def _toolchain(call: Call) -> tuple[str, ...]:
    names, folder = [], call.cwd
    while True:
        names += [posixpath.join(folder, n) for n in ("rust-toolchain", "rust-toolchain.toml")]
        if folder == "/":
            return tuple(names)
        folder = posixpath.dirname(folder)


_INSTALLED: Final = ("bin", ".crates.toml", ".crates2.json")
_RESOLVES: Final = frozenset(
    "build test run check clippy doc bench rustc rustdoc fix install fetch vendor update add tree "
    "metadata generate-lockfile package publish".split()
)
_VERBS: Final = _RESOLVES | frozenset("clean fmt init new remove".split())
_ENV: Final = frozenset(
    "PATH HOME USER CARGO* RUST* SSL_CERT_* GIT_* SSH_* http_proxy https_proxy no_proxy all_proxy "
    "HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY HTTP_TIMEOUT TERM TMPDIR".split()
)
