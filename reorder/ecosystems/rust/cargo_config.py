"""Cargo's configuration and the toolchain file: what they change of what a build reads.

Source: "Configuration" of The Cargo Book (Cargo 1.95): `.cargo/config.toml` or `.cargo/config` in
the working folder and every folder above it, then `$CARGO_HOME/config.toml`; "Overrides" of The
rustup Book: `rust-toolchain.toml` or `rust-toolchain`, the nearest one.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.rust.cargo_manifest import read_toml
from reorder.ecosystems.rust.cargo_options import Asked
from reorder.ecosystems.words import absolute


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration says."""

    files: tuple[str, ...] = ()  # configuration and toolchain files of the build context
    probed: tuple[str, ...] = ()  # looked for, and not there
    folders: tuple[str, ...] = ()  # a vendored registry
    target_dir: str | None = None  # absolute, where it is not `target` of the workspace
    targets: tuple[str, ...] = ()  # what it compiles for
    toolchain: bool = False  # a toolchain file names what rustup may have to download
    problem: str | None = None  # why stand-ins could not be compiled in place of the sources
    hidden: str | None = None  # why the files that a build reads before compiling are not known


def read_config(asked: Asked, image: Image) -> Config:
    """The configuration in force for a call."""
    files: list[str] = []
    probed: list[str] = []
    tables: list[tuple[str, Mapping[str, Any]]] = []
    hidden = None
    for folder in _upwards(asked.call.cwd):
        for name in ("config", "config.toml"):
            path = posixpath.join(folder, ".cargo", name)
            text = image.files.read(path)
            if text is None:
                probed.append(path)
                continue
            files.append(path)
            table = read_toml(text)
            if table is None:
                hidden = hidden or f"{path} cannot be read"
            else:
                tables.append((folder, table))
    toolchain = _toolchain(asked.call.cwd, image.files, probed)
    files += toolchain
    folders: list[str] = []
    for folder, settings in tables:
        found = _folders(folder, settings)
        hidden = hidden or (found if isinstance(found, str) else None)
        folders += [] if isinstance(found, str) else found
    build = [(folder, _section(table, "build")) for folder, table in tables]
    env = asked.call.env
    problem = next(filter(None, (_problem(table) for _, table in tables)), None)
    problem = problem or _flags_problem(_env_flags(env))
    if any(env.get(name, "") is None for name in _PLACES):
        problem = problem or "a variable that says where cargo puts its files is not known"
    if env.get("CARGO_BUILD_BUILD_DIR"):
        problem = problem or "CARGO_BUILD_BUILD_DIR moves what is compiled"
    told = asked.value("--target-dir") or env.get("CARGO_TARGET_DIR")
    told = told or env.get("CARGO_BUILD_TARGET_DIR")
    target = absolute(told, asked.call.cwd) if told else None
    for folder, section in build:
        if target is None and isinstance(section.get("target-dir"), str):
            target = absolute(section["target-dir"], folder)
    named = [asked.value("--target"), env.get("CARGO_BUILD_TARGET")]
    for _, section in build:
        told = section.get("target")
        named += told if isinstance(told, list) else [told]
    return Config(
        files=tuple(files),
        probed=tuple(probed),
        folders=tuple(folders),
        target_dir=target,
        targets=tuple(str(name) for name in named if name),
        toolchain=bool(toolchain),
        problem=problem,
        hidden=hidden,
    )


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        if folder == "/":
            return
        folder = posixpath.dirname(folder)


def _toolchain(cwd: str, files: Files, probed: list[str]) -> list[str]:
    for folder in _upwards(cwd):
        for name in ("rust-toolchain", "rust-toolchain.toml"):
            path = posixpath.join(folder, name)
            if files.read(path) is not None:
                return [path]
            probed.append(path)
    return []


def _folders(folder: str, table: Mapping[str, Any]) -> list[str] | str:
    """The folders that stand in for a registry, or why not all that is read is known."""
    if "paths" in table:
        return "`paths` in cargo's configuration overrides dependencies"
    if "include" in table:
        return "cargo's configuration includes other files"
    found = []
    for told in _section(table, "source").values():
        if isinstance(told, dict) and isinstance(told.get("directory"), str):
            found.append(absolute(told["directory"], folder))
        if isinstance(told, dict) and "local-registry" in told:
            return "cargo's configuration names a local registry"
    for told in _section(table, "patch").values():
        if any(isinstance(p, dict) and "path" in p for p in told.values()):
            return "cargo's configuration patches a dependency with a folder"
    return found


def _problem(table: Mapping[str, Any]) -> str | None:
    if "unstable" in table:
        return "cargo's configuration has unstable features"
    build = _section(table, "build")
    if "build-dir" in build:
        return "cargo's configuration moves what is compiled"
    sections = [build, *(t for t in _section(table, "target").values() if isinstance(t, dict))]
    for section in sections:
        told = section.get("rustflags", [])
        words = told.split() if isinstance(told, str) else [str(word) for word in told]
        problem = _flags_problem(words)
        if problem is not None:
            return problem
        for name in ("linker", "rustc", "rustc-wrapper", "rustc-workspace-wrapper"):
            if "/" in str(section.get(name, "")):
                return f"cargo's configuration names the {name} by its folder"
    for name, told in _section(table, "env").items():
        value = told.get("value", "") if isinstance(told, dict) else told
        if "/" in str(value) or (isinstance(told, dict) and told.get("relative")):
            return f"cargo's configuration sets {name} to a path"
    return None


def _flags_problem(words: list[str]) -> str | None:
    """Flags of rustc that read a file, or make a warning about a stand-in an error."""
    for word in words:
        if "/" in word or word.startswith("-T") or "-T" in word.partition("=")[2]:
            return f"the compiler flag `{word}` may read a file of the project"
        if word.startswith(("-D", "-F", "--deny", "--forbid")) and word != "-D":
            return f"the compiler flag `{word}` may make a stand-in for the sources fail"
        if word == "-D":
            return "the compiler flag `-D` may make a stand-in for the sources fail"
    return None


def _env_flags(env: Mapping[str, str | None]) -> list[str]:
    words: list[str] = []
    for name, value in env.items():
        if name.endswith("RUSTFLAGS"):
            words += (value or "").replace("\x1f", " ").split()
    return words


def _section(table: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


_PLACES: Final = (
    *("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTFLAGS"),
    *("CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_HOME"),
)
