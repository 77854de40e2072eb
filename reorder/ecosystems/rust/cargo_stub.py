"""The step that compiles the dependencies of a project before its sources are there.

    mkdir -p src && echo 'fn main() {}' > src/main.rs && cargo build --release \\
        && cargo clean --release -p app && rm -r src

Every target gets a stand-in, so that cargo finds the targets that it will find in the sources and
compiles the dependencies for them; `cargo clean -p` then takes away what was made of the stand-ins,
their fingerprints above all. Without that, sources that are older than the stand-ins (a COPY keeps
the time of a file) would pass for fresh, and the program that does nothing would be shipped.

Tried with Cargo 1.95 on a workspace with a build script, a proc macro, two programs and path
dependencies: with all sources dated 2020, the build that follows compiles every package of the
workspace and no other; `target` then has the files it has without the step, byte for byte, but for
those that differ between two plain builds (`.rustc_info.json`; `incremental`, whose names are
random). With CARGO_INCREMENTAL=0 the stand-ins leave nothing in `incremental`, which `cargo clean`
does not empty of build scripts.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Sequence
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.paths import below
from reorder.ecosystems.rust.cargo_closure import Workspace
from reorder.ecosystems.rust.cargo_lock import lock_problem
from reorder.ecosystems.rust.cargo_manifest import Manifest
from reorder.ecosystems.rust.cargo_options import Asked

MAIN: Final = "fn main() {}"
COMPILES: Final = (
    "compiling the dependencies reads the manifests and Cargo.lock, and no source file"
)
CLEANS: Final = "`cargo clean` takes away all that was made of the stand-ins for the sources"
_THOROUGH: Final = 46
MOST: Final = 60  # packages: beyond that the command is not one to read
_PLAIN: Final = re.compile(r"[\w./+-]+")
_NOT_ALONE: Final = (
    *("--tests", "--benches", "--examples", "--all-targets", "--example", "--test", "--bench"),
    *("--config", "-Z", "--out-dir", "--artifact-dir", "--offline", "--frozen", "--lockfile-path"),
    *("--timings", "--unit-graph", "--build-plan", "-C", "--check"),
)


def ignored(found: Workspace, image: Image) -> tuple[str, ...]:
    """The ignore pattern for the folder that the build fills, where the context may have it."""
    for path in found.files:
        origin = image.files.origin(path)
        if origin is not None and path.endswith(origin):
            inner = posixpath.relpath(found.target, path[: len(path) - len(origin)] or "/")
            return () if inner.startswith("..") else (inner,)
    return ()


def _old(asked: Asked, image: Image) -> str | None:
    """Cargo 1.46 made `clean -p` accurate (its change log, #8210); older ones may keep a file."""
    told = asked.toolchain or (image.tag if image.base == "rust" else "")
    version = re.match(r"\+?1\.(\d+)", told)
    if version is None or int(version[1]) >= _THOROUGH:
        return None
    return f"Cargo older than 1.{_THOROUGH} does not take away all that was made of a package"


def stub_problem(asked: Asked, found: Workspace, image: Image) -> str | None:
    """Why the dependencies cannot be compiled without the sources; None: they can."""
    old = _old(asked, image)
    if old is not None:
        return old
    option = next((name for name in _NOT_ALONE if asked.has(name)), None)
    if option is not None:
        return f"with `{option}` cargo reads more than the manifests"
    if asked.operands:
        return f"`{asked.operands[0].text}` is not understood"
    if found.problem is not None:
        return found.problem
    if found.config.problem is not None:
        return found.config.problem
    if len(found.packages) > MOST:
        return f"the workspace has more than {MOST} packages"
    for package in found.packages:
        if package.problem is not None:
            name = package.name or "the workspace"
            return f"{name} cannot be built from stand-ins: {package.problem}"
    for target in found.config.targets:
        if not any(part in target for part in _WITH_STD):
            return f"it is not known whether the target {target} has a standard library"
    return lock_problem(found)


def stub_command(
    asked: Asked, found: Workspace, image: Image, absent: Sequence[Manifest] | None = None
) -> str | None:
    """The step for a building call; None where a path or a value cannot be written down.

    Only the packages that are `absent` get stand-ins, None: all of them.
    """
    cwd = asked.call.cwd
    packages = found.packages if absent is None else absent
    stubs = [stub for package in packages for stub in package.targets(image.files)]
    stubs = sorted(dict.fromkeys(stubs), key=lambda stub: stub[0])
    if not stubs:
        return None
    there = {cwd, *(posixpath.dirname(path) for path in found.files)}
    made: list[str] = []
    gone: list[str] = []
    for path, _ in stubs:
        folder = posixpath.dirname(path)
        if any(below(known, folder) for known in there):
            gone.append(path)
            continue
        made.append(folder)
        while not any(below(known, posixpath.dirname(folder)) for known in there):
            folder = posixpath.dirname(folder)
        gone.append(folder)
    made = [m for m in dict.fromkeys(made) if not any(m != o and below(o, m) for o in made)]
    mains = [path for path, main in stubs if main]
    libs = [path for path, main in stubs if not main]
    names = sorted({package.name for package in packages if package.package is not None})
    build = _build(asked, image, off=absent is None and incremental(asked, found))
    if build is None or not all(map(_PLAIN.fullmatch, (*made, *mains, *libs, *names))):
        return None
    steps = [_words("mkdir -p", made, cwd)] if made else []
    if len(mains) == 1:
        steps.append(f"echo '{MAIN}' > {_relative(mains[0], cwd)}")
    elif mains:
        steps.append(f"echo '{MAIN}' | {_words('tee', mains, cwd)} > /dev/null")
    steps += [_words("touch", libs, cwd)] if libs else []
    steps += [build, _clean(asked, names)]
    recursive = "rm -r" if any(path in made or path not in dict(stubs) for path in gone) else "rm"
    steps.append(_words(recursive, list(dict.fromkeys(gone)), cwd))
    return " && ".join(steps)


def _relative(path: str, cwd: str) -> str:
    return posixpath.relpath(path, cwd)


def _words(command: str, paths: list[str], cwd: str) -> str:
    return " ".join((command, *(_relative(path, cwd) for path in paths)))


def _build(asked: Asked, image: Image, *, off: bool) -> str | None:
    """The author's own call, with the variables that only it has; `off`: not incremental."""
    words = []
    for arg in asked.call.args:
        if arg.kind != "literal":
            return None
        words.append(shlex.quote(arg.text))
    prefix = []
    for name, value in asked.call.env.items():
        if name in _SHELL or value == image.env.get(name, ""):
            continue
        if value is None or name == "PATH":
            return None
        prefix.append(f"{name}={shlex.quote(value)}")
    if off and "CARGO_INCREMENTAL" not in asked.call.env:
        prefix.append("CARGO_INCREMENTAL=0")
    return " ".join((*prefix, *words))


def incremental(asked: Asked, found: Workspace) -> bool:
    """Whether cargo may keep what helps it to compile a package again, as it does for `dev`."""
    if not asked.release:
        return True
    profiles = [p.table.get("profile", {}) for p in found.packages]
    return any("incremental" in str(profile) for profile in profiles)


def _clean(asked: Asked, names: list[str]) -> str:
    words = [asked.call.args[0].text]
    words += [asked.toolchain] if asked.toolchain else []
    words.append("clean")
    words += ["--release"] if asked.has("--release", "-r") else []
    for name in ("--profile", "--target", "--target-dir", "--manifest-path"):
        value = asked.value(name)
        words += [name, shlex.quote(value)] if value is not None else []
    words += [word for name in names for word in ("-p", name)]
    return " ".join(words)


_SHELL: Final = frozenset({"HOME", "PWD", "OLDPWD", "SHLVL", "_"})
# Parts of the names of targets whose standard library rustup has (platform support, tiers 1 and 2).
_WITH_STD: Final = ("-linux-", "-darwin", "-windows-", "-freebsd", "wasm32-unknown", "wasm32-wasi")
