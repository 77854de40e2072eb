"""The closure of `pnpm install` and of `pnpm fetch`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any, Final

from reorder.ecosystems.contract import Image, Install
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.node.node_install import (
    Asked,
    Done,
    closure,
    pin_problem,
    unknown_project,
)
from reorder.ecosystems.node.node_manifests import Project, Rules, read_package, read_project
from reorder.ecosystems.node.node_settings import is_ci, pinned
from reorder.ecosystems.node.pnpm_lock import builders, read_head, why_rewritten
from reorder.ecosystems.node.pnpm_settings import WORKSPACE, Settings, above
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

LOCK_STAYS: Final = (
    "pnpm knows the version of the lockfile and keeps one that satisfies package.json"
)

_EVENTS: Final = (
    *("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"),
)
_PNPMFILES: Final = (".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js")
_ELSEWHERE: Final = re.compile(
    r"""require\s*\(\s*['"`]\.|from\s+['"]\.|import\s*\(?\s*['"]\.|\bfs\b|__dirname|process\.cwd|glob"""
)
_NOT_KNOWN: Final = (
    *("modules-dir", "virtual-store-dir", "lockfile-dir", "git-branch-lockfile", "node-options"),
    *("inject-workspace-packages",),
)


def install_closure(call: Call, image: Image, settings: Settings, *, ci: bool) -> Done:
    """Everything `pnpm install` reads and fills."""
    root, files = settings.root, image.files
    rules = Rules("pnpm", patterns=_patterns(settings), refused=("portal:", "exec:"))
    project = read_project(root, files, rules)
    if isinstance(project, str):
        return unknown_project(root, project)
    own_locks = settings.off("shared-workspace-lockfile")
    packages = (project.root, *project.members)
    locks = [posixpath.join(p.folder, "pnpm-lock.yaml") for p in packages]
    locks = locks if own_locks else locks[:1]
    lock_used = not settings.off("lockfile")
    text = files.read(locks[0]) if lock_used else None
    frozen = ci or _frozen(call, settings) or not lock_used
    pnpmfiles, odd_file = _pnpmfiles(settings, image)
    patches, odd_patch = _patches(settings, project.root.data, image)
    near = [posixpath.join(p.folder, ".npmrc") for p in packages]
    if not settings.on("ignore-workspace"):
        near += [p for p in above(root) if in_application(posixpath.dirname(p), image)]
    near += locks if lock_used else []
    absent = lock_used and all(files.exists(lock) is False for lock in locks)
    problem = None
    if lock_used:
        problem = _lock_problem(image, settings, project, locks[0], text, frozen, own_locks)
    asked = Asked(
        root=root,
        rules=rules,
        root_events=("pnpm:devPreinstall", *_EVENTS),
        member_events=_EVENTS,
        files=tuple(p for p in (*near, *pnpmfiles, *patches) if files.exists(p)),
        looks_for=(*near, *(posixpath.join(root, name) for name in _PNPMFILES)),
        written=tuple(locks) if absent and not frozen else (),
        scripts=not settings.on("ignore-scripts"),
        builds=_builds(settings, project, text),
        refusal=settings.odd
        or _odd_manifest(settings, image)
        or _odd_setting(settings, project)
        or odd_file
        or odd_patch
        or pin_problem("pnpm", project.root.data, call, image),
        late_refusal=problem,
        assumptions=(LOCK_STAYS,) if text is not None and not frozen else (),
    )
    return closure(call, image, asked, project)


def fetch_closure(image: Image, settings: Settings) -> Done:
    """`pnpm fetch` reads the lockfile and settings, no package.json but the root's."""
    root, files = settings.root, image.files
    lock = posixpath.join(root, "pnpm-lock.yaml")
    package = read_package(root, files)
    data = {} if isinstance(package, str) else package.data
    pnpmfiles, odd_file = _pnpmfiles(settings, image)
    patches, odd_patch = _patches(settings, data, image)
    near = [posixpath.join(root, name) for name in ("package.json", ".npmrc", WORKSPACE)]
    manifests = [p for p in (lock, *near, *pnpmfiles, *patches) if files.exists(p)]
    missing = files.exists(lock) is not True
    install = Install(
        manifests=tuple(manifests),
        outputs=(posixpath.join(root, "node_modules"),),
        ignore=("**/node_modules",),
        refusal=f"`pnpm fetch` needs {lock}" if missing else odd_file or odd_patch,
    )
    return Done(install, tuple(p for p in near if files.exists(p) is not True))


def _patterns(settings: Settings) -> tuple[str, ...]:
    """Members: without pnpm-workspace.yaml there are none; what is excluded comes last."""
    listed = (settings.workspace or {}).get("packages")
    found = [entry for entry in listed if isinstance(entry, str)] if listed else []
    return tuple(sorted(found, key=lambda entry: entry.startswith("!")))


def _frozen(call: Call, settings: Settings) -> bool:
    if settings.off("frozen-lockfile"):
        return False
    return settings.on("frozen-lockfile") or is_ci(call.env) is True


def _pnpmfiles(settings: Settings, image: Image) -> tuple[list[str], str | None]:
    """Files with hooks; they are code, and may load further files."""
    if settings.on("ignore-pnpmfile"):
        return [], None
    given = settings.values.get("pnpmfile")
    names = given if isinstance(given, list) else [given] if given else list(_PNPMFILES)
    found = [absolute(str(name), settings.root) for name in names]
    there = [path for path in found if image.files.exists(path)]
    if given and len(there) != len(found):
        return [], "the pnpmfile that is set is not in the build context"
    for path in there:
        text = image.files.read(path)
        if text is None or _ELSEWHERE.search(text):
            return [], f"{path} is code that may read other files"
    return there, None


def _patches(
    settings: Settings, package: Mapping[str, Any], image: Image
) -> tuple[list[str], str | None]:
    listed = settings.table("patchedDependencies", package)
    found: list[str] = []
    for name, path in listed.items() if isinstance(listed, dict) else ():
        place = absolute(str(path), settings.root)
        if str(path).startswith("node_modules/"):
            continue  # of a `configDependencies` package
        if image.files.exists(place) is not True:
            return [], f"`{name}` is patched by {place}, which is not in the build context"
        found.append(place)
    return found, None


def _odd_setting(settings: Settings, project: Project) -> str | None:
    odd = next((n for n in _NOT_KNOWN if settings.values.get(n) not in (None, "", False)), None)
    if odd is not None and not settings.off(odd):
        return f"what the setting `{odd}` of pnpm changes is not known"
    for package in project.packages:
        meta = package.data.get("dependenciesMeta")
        injected = meta.values() if isinstance(meta, dict) else ()
        if any(isinstance(one, dict) and one.get("injected") for one in injected):
            return f"{package.manifest} has `injected` dependencies, which copy their source"
    return None


def _odd_manifest(settings: Settings, image: Image) -> str | None:
    """A package.yaml or package.json5, which pnpm reads too (`read-project-manifest`)."""
    for pattern in (".", *_patterns(settings)):
        for name in ("package.yaml", "package.json5"):
            wanted = absolute(f"{pattern}/{name}", settings.root)
            odd = () if pattern.startswith("!") else image.files.glob(wanted)
            if odd:
                return f"{odd[0]} is a manifest too, which is not read here"
    return None


def _builds(settings: Settings, project: Project, lock: str | None) -> frozenset[str] | None:
    """Dependencies whose install scripts run; since version 10 only those that are allowed."""
    version = pinned(project.root.data, "pnpm")
    allowed = settings.table("onlyBuiltDependencies", project.root.data)
    every = settings.on("dangerously-allow-all-builds")
    if version is not None and version[0] >= 10 and not every:
        more = settings.table("allowBuilds", project.root.data)
        listed = [*(allowed or ()), *(more if isinstance(more, dict) else ())]
        return frozenset(str(name) for name in listed)
    return None if lock is None else builders(lock)


def _lock_problem(
    image: Image,
    settings: Settings,
    project: Project,
    path: str,
    text: str | None,
    frozen: bool,
    own_locks: bool,
) -> str | None:
    there = image.files.exists(path)
    if there is None:
        return f"whether {path} is there is not known"
    if frozen or not there:
        return None
    head = read_head(text) if text is not None else None
    if head is None:
        return f"{path} is no lockfile, or does not come from the build context"
    reason = "every member has a lockfile of its own" if own_locks else None
    reason = reason or why_rewritten(head, project, settings)
    if reason is None:
        return None
    return f"`pnpm install` may rewrite {path}, which a later COPY would undo: {reason}"
