"""Whether `npm install` would leave a lockfile as it is.

Source: `@npmcli/arborist` lib/shrinkwrap.js, `metaFromNode`: what the lockfile says of the root and
of each member is made from their package.json. Old lockfiles (version 1) are rewritten by npm 7 and
later; which npm an image has is not known.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any, Final

from reorder.ecosystems.node.node_manifests import Package, Project

_KEYS: Final = (  # package.json fields that the lockfile repeats
    *("version", "dependencies", "devDependencies", "optionalDependencies", "peerDependencies"),
    *("peerDependenciesMeta", "bundleDependencies", "acceptDependencies", "funding", "engines"),
    *("os", "cpu", "libc", "license", "bin", "workspaces", "hasInstallScript"),
)
_INSTALL_SCRIPTS: Final = ("preinstall", "install", "postinstall")


def read_lock(text: str) -> Mapping[str, Any] | None:
    """A lockfile as JSON; None when it is not."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def why_rewritten(lock: Mapping[str, Any], project: Project) -> str | None:
    """Why `npm install` would change the lockfile; None when it has no reason to."""
    version = lock.get("lockfileVersion")
    if version not in (2, 3):
        return "its lockfileVersion is not 2 or 3, so a newer npm rewrites it"
    entries = lock.get("packages")
    if not isinstance(entries, dict):
        return "it has no `packages`"
    for package in project.packages:
        place = posixpath.relpath(package.folder, project.root.folder)
        entry = entries.get("" if place == "." else place)
        if not isinstance(entry, dict):
            return f"it has no entry for {package.manifest}"
        for key in _KEYS:
            if _shown(package, key) != (entry.get(key) or None):
                return f"`{key}` is not as {package.manifest} has it"
    return _missing_dependency(entries, project)


def install_script_packages(
    lock: Mapping[str, Any] | None, *, without_dev: bool = False
) -> frozenset[str] | None:
    """Names of installed packages with install scripts; None when the lockfile does not tell.

    `without_dev`: what only development needs is not installed.
    """
    entries = (lock or {}).get("packages")
    if not isinstance(entries, dict):
        return None
    return frozenset(
        place.rpartition("node_modules/")[2]
        for place, entry in entries.items()
        if "node_modules/" in place and isinstance(entry, dict) and entry.get("hasInstallScript")
        if not (without_dev and entry.get("dev"))
    )


def _missing_dependency(entries: Mapping[str, Any], project: Project) -> str | None:
    for field in ("dependencies", "devDependencies", "optionalDependencies"):
        for name in project.root.data.get(field) or ():
            if f"node_modules/{name}" not in entries:
                return f"it has no entry for `{name}`"
    return None


def _shown(package: Package, key: str) -> object:
    """A field as the lockfile shows it (`normalize-package-data`, `metaFieldFromPkg`)."""
    data = package.data
    if key == "hasInstallScript":
        scripts = data.get("scripts")
        has = isinstance(scripts, dict) and any(scripts.get(event) for event in _INSTALL_SCRIPTS)
        return True if has else None
    value = data.get(key)
    if key == "bundleDependencies":
        value = value or data.get("bundledDependencies")
    if key == "dependencies" and isinstance(value, dict):
        optional = data.get("optionalDependencies") or {}
        value = {name: spec for name, spec in value.items() if name not in optional}
    if key == "license" and isinstance(value, dict):
        value = value.get("type")
    if key == "funding" and isinstance(value, str):
        value = {"url": value}
    if key == "bin":
        value = _bin(data.get("name"), value)
    return value or None


def _bin(name: object, value: object) -> object:
    if isinstance(value, str) and isinstance(name, str):
        value = {name.rpartition("/")[2]: value}
    if not isinstance(value, dict):
        return value
    return {
        command: posixpath.normpath(path).lstrip("/") if isinstance(path, str) else path
        for command, path in value.items()
    }
