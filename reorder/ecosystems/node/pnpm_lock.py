"""pnpm-lock.yaml, as far as it tells whether `pnpm install` would change it.

Source: `dist/pnpm.cjs` of pnpm 10.34: `satisfiesPackageManifest`, `allCatalogsAreUpToDate` and
`getOutdatedLockfileSetting` decide for `--prefer-frozen-lockfile`, which is the default. The hashes
of hooks and extensions are not computed here: they are taken to be right where both sides have one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from reorder.context.buildfiles import load_yaml
from reorder.ecosystems.node.node_manifests import Package, Project
from reorder.ecosystems.node.node_settings import pinned
from reorder.ecosystems.node.node_specs import DEPENDENCIES
from reorder.ecosystems.node.pnpm_settings import Settings

_WRITES: Final = {7: ("5.4",), 8: ("6.0", "6.1"), 9: ("9.0",), 10: ("9.0",)}  # by major version
_KEY: Final = re.compile(r"^  '?/?(@?[^@'(\s/]+(?:/[^@'(\s/]+)?)[@/(']")


@lru_cache(maxsize=8)
def read_head(text: str) -> Mapping[str, Any] | None:
    """What stands before `packages:`: versions, settings, and what each project asks for."""
    head = text.partition("\npackages:")[0]
    data = load_yaml(head)
    return data if isinstance(data, dict) and "lockfileVersion" in data else None


@lru_cache(maxsize=8)
def builders(text: str) -> frozenset[str]:
    """Names of packages that may have install scripts; lockfiles before 9 say which have."""
    told = "requiresBuild: true" in text
    found: set[str] = set()
    name = ""
    for line in text.splitlines():
        key = _KEY.match(line)
        if key is not None:
            name = key[1]
            found |= set() if told else {name}
        elif told and line.strip() == "requiresBuild: true":
            found.add(name)
    return frozenset(found)


def why_rewritten(head: Mapping[str, Any], project: Project, settings: Settings) -> str | None:
    """Why `pnpm install` would write the lockfile again; None when it has no reason to."""
    version = pinned(project.root.data, "pnpm")
    written = _WRITES.get(version[0]) if version is not None else None
    own = str(head["lockfileVersion"])
    if version is not None and written is not None and own not in written:
        return f"pnpm {version[0]} does not write its version {own}"
    if settings.off("prefer-frozen-lockfile"):
        return "`prefer-frozen-lockfile` is switched off"
    data = project.root.data
    for name in ("overrides", "patchedDependencies"):
        wanted = settings.table(name, data) or {}
        locked = head.get(name) or {}
        if not isinstance(wanted, dict) or set(wanted) != set(locked):
            return f"its `{name}` are not those of the project"
        plain = name == "overrides" and not any(
            "$" in str(v) or ":" in str(v) for v in wanted.values()
        )
        if plain and {k: str(v) for k, v in wanted.items()} != {
            k: str(v) for k, v in locked.items()
        }:
            return "its `overrides` are not those of the project"
    extended = bool(settings.table("packageExtensions", data))
    if extended != ("packageExtensionsChecksum" in head):
        return "its `packageExtensions` are not those of the project"
    return _catalogs(head, settings) or _importers(head, project)


def _catalogs(head: Mapping[str, Any], settings: Settings) -> str | None:
    space = settings.workspace or {}
    known: dict[str, Any] = dict(space.get("catalogs") or {})
    if "catalog" in space:
        known["default"] = space["catalog"]
    for catalog, entries in (head.get("catalogs") or {}).items():
        for name, entry in entries.items():
            if str((known.get(catalog) or {}).get(name)) != str(entry.get("specifier")):
                return f"`{name}` of the catalog `{catalog}` is not as pnpm-workspace.yaml has it"
    return None


def _importers(head: Mapping[str, Any], project: Project) -> str | None:
    importers = head.get("importers")
    if not isinstance(importers, dict):
        importers = {".": head}
    peers = bool((head.get("settings") or {}).get("autoInstallPeers"))
    places = set()
    for package in (project.root, *project.members):
        place = posixpath.relpath(package.folder, project.root.folder)
        places.add(place)
        importer = importers.get(place)
        wanted = _wanted(package, peers)
        if importer is None and (wanted or place != "."):
            return f"it has no entry for {package.manifest}"
        locked = _locked(importer or {})
        for name in sorted(wanted.keys() | locked.keys()):
            if wanted.get(name) != locked.get(name):
                return f"`{name}` is not as {package.manifest} has it"
    gone = sorted(set(importers) - places)
    return f"{gone[0]} is no member any more" if gone else None


def _wanted(package: Package, peers: bool) -> dict[str, str]:
    fields = (*(("peerDependencies",) if peers else ()), *reversed(DEPENDENCIES))
    found: dict[str, str] = {}
    for field in fields:
        table = package.data.get(field)
        found |= {n: str(s) for n, s in table.items()} if isinstance(table, dict) else {}
    return found


def _locked(importer: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(importer.get("specifiers"), dict):  # up to version 5.4
        return {name: str(spec) for name, spec in importer["specifiers"].items()}
    found: dict[str, str] = {}
    for field in DEPENDENCIES:
        for name, entry in (importer.get(field) or {}).items():
            found[name] = str(entry.get("specifier")) if isinstance(entry, dict) else ""
    return found
