"""The install of a project by npm: its closure, its outputs, and why it cannot be split."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reorder.ecosystems.contract import Files, Image, Install
from reorder.ecosystems.node.node_hooks import dependency_hooks
from reorder.ecosystems.node.node_manifests import Project, is_member, read_package, read_project
from reorder.ecosystems.node.node_scripts import LINKED_EVENTS, ROOT_EVENTS, Touched, lifecycle
from reorder.ecosystems.node.npm_lock import install_script_packages, read_lock, why_rewritten
from reorder.ecosystems.node.npm_options import Values
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

SCRIPTS: Final = "install scripts of dependencies read only their own files and npm's settings"
LOCK_STAYS: Final = "npm is version 7 or newer and keeps a lockfile that satisfies package.json"

OWN_NPM: Final = "npm is the one that node brings, older than 7, which leaves yarn.lock alone"
_OLD_NODE: Final = re.compile(r"([0-9]|1[0-4])(\.|-|$)|argon|boron|carbon|dubnium|erbium|fermium")
_LOCKS: Final = ("npm-shrinkwrap.json", "package-lock.json")  # the first one wins


@dataclass(frozen=True, slots=True)
class Settings:
    """npm's settings in force, and the folder whose package.json counts."""

    root: str
    values: Values = field(hash=False)
    variables: frozenset[str] = frozenset()  # named in a .npmrc
    files: tuple[str, ...] = ()  # a user's .npmrc inside the application

    @property
    def is_global(self) -> bool:
        return self.on("global") or self.values.get("location") == "global"

    def on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.values.get(name) in ("true", "1", "")

    def off(self, name: str) -> bool:
        """Whether a switch that is on by default is off."""
        return self.values.get(name) in ("false", "0")


@dataclass(frozen=True, slots=True)
class Done:
    """An install, with what it looks for and does not find, and files it may write."""

    install: Install
    absent: tuple[str, ...] = ()
    patterns: frozenset[str] = frozenset()
    written: tuple[str, ...] = ()


def project_root(cwd: str, files: Files) -> str:
    """The folder npm works in: the nearest package.json, or the workspace root it belongs to.

    Source: `@npmcli/config` loadLocalPrefix.
    """
    folder = cwd
    nearest: str | None = None
    while True:
        if files.exists(posixpath.join(folder, "package.json")):
            if nearest is None:
                nearest = folder
            else:
                above = read_package(folder, files)
                if not isinstance(above, str) and is_member(above, nearest, files):
                    return folder
        if folder == "/":
            return nearest or cwd
        folder = posixpath.dirname(folder)


_FILE_SETTINGS: Final = ("cafile", "script-shell", "keyfile", "certfile")


def _named_by_settings(settings: Settings, image: Image) -> list[str]:
    """Files of the context that a setting names, relative to the project (npm config, "cafile")."""
    values = [settings.values.get(name) for name in _FILE_SETTINGS]
    paths = [absolute(value, settings.root) for value in values if value]
    return [path for path in paths if image.files.origin(path) is not None]


def project_install(
    call: Call, image: Image, settings: Settings, *, ci: bool, scripts: bool
) -> Done:
    """The install of the project at the settings' root; `ci` never writes the lockfile."""
    files = image.files
    lock_path = next((p for p in _lock_paths(settings.root) if files.exists(p)), None)
    project = read_project(settings.root, files)
    if isinstance(project, str):
        return _unknown(settings, project)
    lock_used = ci or not settings.off("package-lock")
    lock = read_lock(files.read(lock_path) or "") if lock_path and lock_used else None
    touched = _touched(call, image, settings, project, lock, scripts)
    npmrc = posixpath.join(settings.root, ".npmrc")
    manifests = [package.manifest for package in (project.root, *project.members)]
    manifests += [lock_path] if lock_path and lock_used else []
    manifests += [npmrc] if files.exists(npmrc) else []
    manifests += [*project.files, *touched.files, *settings.files]
    manifests += _named_by_settings(settings, image)
    outputs = [posixpath.join(package.folder, "node_modules") for package in project.packages]
    linked = tuple(package.folder for package in project.linked)
    folders = tuple(dict.fromkeys((*linked, *touched.folders)))
    saves = not ci and lock_used and not settings.off("save")
    written = _lock_paths(settings.root)[1:] if saves and lock_path is None else ()
    install = Install(
        manifests=tuple(dict.fromkeys(path for path in manifests if not _in(path, folders))),
        folders=folders,
        outputs=tuple(outputs),
        ignore=_ignore(files, outputs, project),
        refusal=project.problem
        or _lock_problem(settings, image, project, lock, lock_path, ci, saves)
        or touched.problem,
        assumptions=(
            *_assumptions(settings, lock, saves and lock_path is not None),
            *((OWN_NPM,) if saves and files.exists(_yarn_lock(settings)) is not False else ()),
        ),
    )
    looked_for = (*_lock_paths(settings.root), npmrc, posixpath.join(settings.root, "binding.gyp"))
    absent = tuple(path for path in looked_for if files.exists(path) is not True)
    return Done(install, absent, project.patterns, written)


def _unknown(settings: Settings, reason: str) -> Done:
    """The root is not known: the whole folder counts."""
    install = Install(
        manifests=(),
        folders=(settings.root,),
        outputs=(posixpath.join(settings.root, "node_modules"),),
        refusal=reason,
    )
    return Done(install, written=(*_lock_paths(settings.root),))


def _lock_paths(root: str) -> tuple[str, ...]:
    return tuple(posixpath.join(root, name) for name in _LOCKS)


def _touched(
    call: Call,
    image: Image,
    settings: Settings,
    project: Project,
    lock: Mapping[str, Any] | None,
    scripts: bool,
) -> Touched:
    if settings.on("ignore-scripts") or settings.on("dry-run"):
        return Touched()
    touched = Touched()
    if scripts:
        touched |= lifecycle(project.root, ROOT_EVENTS, image, call.env)
    for package in (*project.members, *project.linked):
        touched |= lifecycle(package, LINKED_EVENTS, image, call.env)
    names = install_script_packages(lock, without_dev=_without_dev(settings, call))
    if names is None:
        names = frozenset(name for p in project.packages for name in _dependencies(p.data))
    return touched | dependency_hooks(names, project.root, image, call.env)


def _without_dev(settings: Settings, call: Call) -> bool:
    """Whether development dependencies surely stay out (npm config, `omit` and `include`)."""
    values = settings.values
    if "include" in values or "also" in values:
        return False
    if values.get("omit") == "dev" or values.get("only") in ("prod", "production"):
        return True
    return settings.on("production") or call.env.get("NODE_ENV") == "production"


def _dependencies(data: Mapping[str, Any]) -> set[str]:
    fields = ("dependencies", "devDependencies", "optionalDependencies")
    return {name for field_ in fields for name in data.get(field_) or ()}


def _lock_problem(
    settings: Settings,
    image: Image,
    project: Project,
    lock: Mapping[str, Any] | None,
    lock_path: str | None,
    ci: bool,
    saves: bool,
) -> str | None:
    files = image.files
    if lock_path is None:
        unsure = next((p for p in _lock_paths(settings.root) if files.exists(p) is None), None)
        if unsure is not None:
            return f"whether {unsure} is there is not known"
        if ci:
            return f"`npm ci` needs a lockfile, and {settings.root} has none"
    elif lock is None and (ci or not settings.off("package-lock")):
        return f"{lock_path} is not JSON, or does not come from the build context"
    if not saves:
        return None
    yarn = _yarn_lock(settings)
    if files.exists(yarn) is not False and not _npm_6(image):
        return f"`npm install` also reads and rewrites {yarn}"
    if lock is None:
        return None
    reason = why_rewritten(lock, project)
    if reason is None and _npm_6(image):
        reason = f"node:{image.tag} has npm 6, which turns it into lockfileVersion 1"
    if reason is None:
        return None
    return f"`npm install` may rewrite {lock_path}, which a later COPY would undo: {reason}"


def _yarn_lock(settings: Settings) -> str:
    return posixpath.join(settings.root, "yarn.lock")


def _npm_6(image: Image) -> bool:
    """Whether node came with npm 6 or older, which knows no yarn.lock (npm changelog, v7.0.0)."""
    return image.base == "node" and _OLD_NODE.match(image.tag) is not None


def _assumptions(
    settings: Settings, lock: Mapping[str, Any] | None, keeps_lock: bool
) -> tuple[str, ...]:
    found = []
    if not settings.on("ignore-scripts") and install_script_packages(lock) != frozenset():
        found.append(SCRIPTS)
    if keeps_lock:
        found.append(LOCK_STAYS)
    return tuple(found)


def _ignore(files: Files, outputs: list[str], project: Project) -> tuple[str, ...]:
    if len(outputs) > 1:
        return ("**/node_modules",)
    place = in_context(files, outputs[0], (project.root.manifest,))
    return (place,) if place else ("**/node_modules",)


def _in(path: str, folders: tuple[str, ...]) -> bool:
    return any(path.startswith(folder.rstrip("/") + "/") for folder in folders)
