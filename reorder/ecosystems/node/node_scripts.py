"""Lifecycle scripts that an install runs, and the files they touch.

Source: npm documentation "scripts" (life cycle of `npm ci` and `npm install`: the root runs
preinstall, install, postinstall, prepublish, preprepare, prepare, postprepare, with `--omit=dev`
too; a linked package runs preinstall, install, postinstall, prepare); a binding.gyp without an
install script means `node-gyp rebuild`.

A script is accepted when each of its commands is one of these:
* git hook installers (husky, simple-git-hooks, lefthook, yorkie): all begin by looking for `.git`
  and do nothing without it, so they are harmless where `.git` does not reach the image.
* patch-package: reads its patch folder and node_modules.
* prisma generate: reads the schema folder and writes into node_modules, if the schema says so.
* checks that only look at the environment (is-ci, only-allow), notices, echo, exit.
* another script of the same package.json that is accepted.
Everything else runs code of the project, which may read any of it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.identity import referenced_names
from reorder.ecosystems.node.node_manifests import Package
from reorder.ecosystems.node.prisma import schema_reads
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

ROOT_EVENTS: Final = (
    *("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare"),
    "postprepare",
)
LINKED_EVENTS: Final = ("preinstall", "install", "postinstall", "prepare")
_DEPTH: Final = 5


@dataclass(frozen=True, slots=True)
class Touched:
    """What some scripts read besides the manifests; `problem` is why that is not all."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    problem: str | None = None

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            tuple(dict.fromkeys(self.files + other.files)),
            tuple(dict.fromkeys(self.folders + other.folders)),
            self.problem or other.problem,
        )


@dataclass(frozen=True, slots=True)
class _Where:
    package: Package
    image: Image
    env: Mapping[str, str | None] = field(hash=False)
    event: str
    depth: int = 0

    def refuse(self, text: str) -> Touched:
        manifest = self.package.manifest
        return Touched(
            problem=f"`{self.event}` in {manifest} runs `{text}`, which may read the source"
        )


def lifecycle(
    package: Package, events: tuple[str, ...], image: Image, env: Mapping[str, str | None]
) -> Touched:
    """What the scripts of a package touch when an installer runs these events."""
    scripts = package.data.get("scripts")
    scripts = scripts if isinstance(scripts, dict) else {}
    touched = Touched()
    native = posixpath.join(package.folder, "binding.gyp")
    own = "install" in scripts or "preinstall" in scripts or package.data.get("gypfile") is False
    if not own and image.files.exists(native):
        touched |= Touched(problem=f"{native} makes npm compile native code of the project")
    for event in events:
        if isinstance(scripts.get(event), str):
            touched |= _script(scripts[event], _Where(package, image, env, event))
    return touched


def git_hooks(folder: str, image: Image, env: Mapping[str, str | None], what: str) -> Touched:
    """A git hook installer: nothing without `.git`."""
    if env.get("HUSKY") == "0" and what.startswith("husky"):
        return Touched()
    place = posixpath.join(folder, ".git")
    if image.files.exists(place) is False:
        return Touched()
    return Touched(problem=f"`{what}` sets up hooks in {place}: keep .git out of the context first")


def _script(text: str, where: _Where) -> Touched:
    from reorder.shell.calls import calls

    unknown = {name: None for name in referenced_names(text) if name.startswith(("npm_", "INIT_"))}
    found = calls(text, where.package.folder, {**where.env, **unknown})
    if isinstance(found, Opaque):
        return where.refuse(text)
    touched = Touched()
    for call in found:
        if call.redirects:
            return where.refuse(text)
        touched |= _call(call, where)
    return touched


def _call(call: Call, where: _Where) -> Touched:
    if call.name in ("test", "[", "[["):
        return _test(call, where)
    words = list(call.words or ())
    text = " ".join(arg.text for arg in call.args)
    if call.name in _HARMLESS:
        return Touched()
    if not words:
        return where.refuse(text)
    return _tool(_without_runner(words), call.cwd, where, text)


def _tool(words: list[str], cwd: str, where: _Where, text: str) -> Touched:
    name = posixpath.basename(words[0]) if words else ""
    rest = words[1:]
    if name in _HARMLESS or name in _CHECKS:
        return Touched()
    if name in _GIT_HOOKS and all(not word.startswith("/") for word in rest):
        return git_hooks(cwd, where.image, where.env, text)
    if name == "patch-package" and cwd == where.package.folder:
        return _patches(rest, cwd, where)
    if name == "prisma" and rest[:1] == ["generate"]:
        reads = schema_reads(rest[1:], cwd, where.package, where.image.files)
        return Touched(problem=reads) if isinstance(reads, str) else Touched(*reads)
    if name == "playwright" and rest[:1] == ["install"]:
        return Touched()
    if name in ("npm", "yarn", "pnpm") and rest[:1] == ["rebuild"] and cwd == where.package.folder:
        return Touched()
    scripts = _scripts_called(name, rest, where)
    if scripts is None or where.depth >= _DEPTH:
        return where.refuse(text)
    touched = Touched()
    for script in scripts:
        touched |= _script(script, replace(where, depth=where.depth + 1))
    return touched


def _without_runner(words: list[str]) -> list[str]:
    """`npx -y husky` and `cross-env A=b husky` are `husky`."""
    if words[0] in ("npx", "pnpx", "bunx"):
        rest = words[1:]
        while rest and rest[0] in ("-y", "--yes", "--no-install", "--no", "-q", "--quiet", "--"):
            rest = rest[1:]
        return _without_runner(rest) if rest else []
    if words[0] in ("cross-env", "cross-env-shell"):
        rest = words[1:]
        while rest and "=" in rest[0]:
            rest = rest[1:]
        return _without_runner(rest) if rest else []
    return words


def _scripts_called(name: str, rest: list[str], where: _Where) -> list[str] | None:
    """The scripts of the same package.json that a runner runs, with their `pre` and `post`."""
    scripts = where.package.data.get("scripts")
    if not isinstance(scripts, dict):
        return None
    if name in ("npm", "yarn", "pnpm", "bun") and rest[:1] in (["run"], ["run-script"]):
        rest = [word for word in rest[1:] if word not in ("-s", "--silent", "--if-present", "-q")]
        wanted = rest if len(rest) == 1 else []
    elif name in ("run-s", "run-p", "npm-run-all"):
        wanted = [word for word in rest if not word.startswith("-")]
    else:
        return None
    found: list[str] = []
    for script in wanted:
        if not isinstance(scripts.get(script), str):
            return None
        ordered = (f"pre{script}", script, f"post{script}")
        found += [scripts[key] for key in ordered if isinstance(scripts.get(key), str)]
    return found or None


def _patches(rest: list[str], cwd: str, where: _Where) -> Touched:
    folder = "patches"
    while rest:
        word = rest.pop(0)
        if word == "--patch-dir" and rest:
            folder = rest.pop(0)
        elif word.startswith("--patch-dir="):
            folder = word.partition("=")[2]
        elif word not in ("--error-on-fail", "--error-on-warn", "--use-yarn", "--partial"):
            return where.refuse(f"patch-package {word}")
    place = absolute(folder, cwd)
    return Touched(folders=(place,)) if where.image.files.exists(place) else Touched()


def _test(call: Call, where: _Where) -> Touched:
    """`[ -f x ]`, `[ -d x ]`: the file, or the whole folder."""
    files: list[str] = []
    folders: list[str] = []
    for operator, arg in zip(call.args, call.args[1:], strict=False):
        if operator.text not in ("-f", "-d", "-e", "-s", "-x", "-r"):
            continue
        if arg.kind != "literal":
            return where.refuse(" ".join(word.text for word in call.args))
        path = absolute(arg.text, call.cwd)
        if where.image.files.read(path) is not None:
            files.append(path)
        elif where.image.files.exists(path) and not path.endswith("/node_modules"):
            folders.append(path)
    return Touched(tuple(files), tuple(folders))


_HARMLESS: Final = frozenset({"echo", "true", "false", ":", "exit", "cd", "sleep", "printf"})
_CHECKS: Final = frozenset(
    "is-ci is-ci-cli is-docker only-allow opencollective opencollective-postinstall "
    "napi-postinstall check-node-version".split()
)
_GIT_HOOKS: Final = frozenset({"husky", "simple-git-hooks", "lefthook", "yorkie"})
