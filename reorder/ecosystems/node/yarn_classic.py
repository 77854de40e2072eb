"""The install of a project by Yarn 1.

The closure is package.json, yarn.lock, .npmrc, .yarnrc, .yarnclean and the release that `yarn-path`
names, an offline mirror, the package.json of every workspace member and the files of its commands,
`file:` folders, and what lifecycle scripts touch. A `link:` makes a link, whatever is there.

Source: Yarn 1.22.22, `cli.js`: `Install.init`, `saveLockfileAndIntegrity` (when the lockfile is
written), `user-dirs` (root caches below /usr/local/share), `package-install-scripts` (members run
preinstall, install and postinstall only). Checked with real installs of 1.22.22: the closure alone,
and then the rest of the project, gives the same tree as an install in the whole project.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Files, Image
from reorder.ecosystems.homes import ROOT, in_application, in_home, user_cache
from reorder.ecosystems.node.node_install import (
    Asked,
    effects_of,
    in_two_steps,
    pin_problem,
    unknown_project,
)
from reorder.ecosystems.node.node_manifests import Project, Rules, read_project
from reorder.ecosystems.node.node_options import Line
from reorder.ecosystems.node.node_settings import told
from reorder.ecosystems.node.npm_install import project_root
from reorder.ecosystems.node.yarn_lock import Entry, installed, read_yarn_lock, why_rewritten
from reorder.ecosystems.paths import paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

LOCK_STAYS: Final = "Yarn 1 keeps a lockfile that has every dependency asked for and no other"

_RULES: Final = Rules("yarn", only_links=("link:",), refused=("portal:", "exec:"))
_EVENTS: Final = ("preinstall", "install", "postinstall")
_OWN_EVENTS: Final = ("prepublish", "prepare")
_UPWARD: Final = (".npmrc", ".yarnrc", ".yarnrc.yml", "package.json")
_NOT_READ: Final = ("modules-folder", "link-folder", "use-yarnrc", "pnp", "enable-pnp", "flat")


def classic_install(call: Call, image: Image, line: Line, cwd: str) -> CommandEffects | Opaque:
    """What `yarn install` of version 1 does in a folder."""
    odd = next((name for name in _NOT_READ if name in line.options), None)
    if odd is not None:
        return Opaque(f"`yarn install --{odd}` is not understood")
    root = project_root(cwd, image.files)
    settings = _yarnrc(root, image.files)
    user = in_home(call, image, ".yarnrc") | in_home(call, image, ".npmrc")
    caches = (classic_cache(call, image, line, cwd),)
    project = read_project(root, image.files, _RULES)
    if isinstance(project, str):
        done = unknown_project(root, project)
        done = replace(done, written=(posixpath.join(root, "yarn.lock"),))
        return effects_of("yarn", image, done, caches, user)
    lock_path = posixpath.join(root, "yarn.lock")
    lock_used = not line.off("lockfile")
    frozen = line.on("frozen-lockfile", "pure-lockfile") or not lock_used
    frozen = frozen or _switched_on(settings, "frozen-lockfile", "pure-lockfile")
    text = image.files.read(lock_path) if lock_used else None
    entries = read_yarn_lock(text) if text is not None else None
    problem = _lock_problem(image, project, lock_path, entries, frozen)
    named, folders, odd_setting = _named(settings, root, image)
    near = [posixpath.join(root, name) for name in ("yarn.lock", ".yarnclean", *_UPWARD)]
    if not lock_used:
        near.remove(lock_path)
    near += _above(root, image)
    there = tuple(path for path in near if image.files.exists(path))
    absent_lock = lock_used and image.files.exists(lock_path) is False
    asked = Asked(
        root=root,
        rules=_RULES,
        root_events=_EVENTS if _production(call, line) else _EVENTS + _OWN_EVENTS,
        member_events=_EVENTS,
        files=(*there, *named),
        folders=folders,
        looks_for=(*near, posixpath.join(root, "package-lock.json")),
        written=(lock_path,) if absent_lock and not frozen else (),
        scripts=not line.on("ignore-scripts") and not _switched_on(settings, "ignore-scripts"),
        builds=None if entries is None else installed(entries),
        refusal=odd_setting or pin_problem("yarn", project.root.data, call, image),
        late_refusal=problem,
        assumptions=(LOCK_STAYS,) if entries is not None and not frozen else (),
    )
    done = in_two_steps(call, image, asked, project, "--ignore-scripts")
    return effects_of("yarn", image, done, caches, user | paths(*_above(root, image)))


def classic_cache(call: Call, image: Image, line: Line, cwd: str) -> Cache:
    """Where Yarn 1 keeps what it downloads; root does not use its home (`user-dirs`)."""
    before = told("yarn", image)
    if before is None:
        return Cache("~/.cache/yarn", off="an earlier step may have set the folder of the cache")
    settings = {**before, **_yarnrc(project_root(cwd, image.files), image.files)}
    given = line.options.get("cache-folder", call.env.get("YARN_CACHE_FOLDER", ""))
    given = settings.get("cache-folder", "") if given == "" else given
    base = call.env.get("XDG_CACHE_HOME", "")
    if given is None or (given == "" and base is None) or "preferred-cache-folder" in line.options:
        return Cache("~/.cache/yarn", off="where Yarn keeps its cache is not known")
    folder = absolute(given, call.cwd) if given else absolute("yarn", base) if base else None
    if folder is None and image.user in ROOT and call.user is None:
        folder = "/usr/local/share/.cache/yarn"
    found = replace(user_cache(call, image, folder, ".cache/yarn"), sharing="locked")
    if line.on("offline"):
        reason = "`--offline` needs what an earlier step left in the image"
        return replace(found, payload=True, off=reason)
    return found


def _yarnrc(root: str, files: Files) -> Mapping[str, str]:
    """The settings of .yarnrc in the project and above it, the nearest first."""
    merged: dict[str, str] = {}
    folder = root
    while True:
        text = files.read(posixpath.join(folder, ".yarnrc")) or ""
        found: dict[str, str] = {}
        for row in text.splitlines():
            key, _, value = row.strip().partition(" ")
            key, value = key.strip('":'), value.strip().strip('"')
            if not key or key.startswith("#"):
                continue
            inside = key in ("cache-folder", "yarn-offline-mirror", "yarn-path")
            found[key] = absolute(value, folder) if inside else value
        merged = {**found, **merged}
        if folder == "/":
            return merged
        folder = posixpath.dirname(folder)


def _switched_on(settings: Mapping[str, str], *names: str) -> bool:
    """`--install.frozen-lockfile true` and `--*.…` in a .yarnrc."""
    keys = (f"--{prefix}{name}" for name in names for prefix in ("install.", "*.", ""))
    return any(settings.get(key, "false") not in ("false", "0") for key in keys)


def _named(
    settings: Mapping[str, str], root: str, image: Image
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Files and folders that settings name, and a setting that is not understood, as a reason."""
    files: list[str] = []
    folders: list[str] = []
    release = settings.get("yarn-path")
    if release is not None and image.files.exists(release) is not False:
        files.append(release)
    elif release is not None:
        return (), (), f"`yarn-path` names {release}, which is not in the build context"
    mirror = settings.get("yarn-offline-mirror")
    if mirror is not None and image.files.exists(mirror):
        folders.append(mirror)
        if settings.get("yarn-offline-mirror-pruning", "false") != "false":
            return (), (), f"it removes from {mirror} what it does not need"
    odd = next((key for key in settings if key.strip("-").endswith(_NOT_READ)), None)
    reason = f"what `{odd}` in .yarnrc changes is not known" if odd is not None else None
    return tuple(files), tuple(folders), reason


def _above(root: str, image: Image) -> list[str]:
    """What it looks for above the project, as far as that is the application's."""
    found: list[str] = []
    folder = posixpath.dirname(root)
    while folder != "/" and in_application(folder, image):
        found += [posixpath.join(folder, name) for name in _UPWARD]
        folder = posixpath.dirname(folder)
    return found


def _production(call: Call, line: Line) -> bool:
    if "production" in line.options or "prod" in line.options:
        return line.on("production", "prod")
    return call.env.get("NODE_ENV") == "production"


def _lock_problem(
    image: Image,
    project: Project,
    path: str,
    entries: tuple[Entry, ...] | None,
    frozen: bool,
) -> str | None:
    there = image.files.exists(path)
    if there is None:
        return f"whether {path} is there is not known"
    if frozen or not there:
        return None
    if entries is None:
        return f"{path} is no lockfile, or does not come from the build context"
    packages = (project.root, *project.members, *project.linked)
    reason = why_rewritten(entries, packages)
    if reason is None:
        return None
    return f"`yarn install` may rewrite {path}, which a later COPY would undo: {reason}"
