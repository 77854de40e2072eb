"""Whether Yarn 2 or later would change its lockfile.

Source: `Project.resolveEverything` and `Project.persistLockfile` of `@yarnpkg/core`: the entry of a
workspace repeats its dependencies, each of them is a key of another entry, and a lockfile of an
older version is written anew. `LOCKFILE_VERSION` as the releases on the npm registry have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reorder.ecosystems.node.node_manifests import Package, Project
from reorder.ecosystems.node.node_settings import Version
from reorder.ecosystems.node.yarn_lock import Entry

_VERSIONS: Final[tuple[tuple[Version, int], ...]] = (  # from which release on
    ((4, 16), 10),
    ((4, 14), 9),
    ((4, 0), 8),
    ((3, 2), 6),
    ((3, 1), 5),
    ((2, 0), 4),
)


def why_rewritten(
    entries: tuple[Entry, ...], project: Project, version: Version | None, lock: int | None
) -> str | None:
    """Why `yarn install` would write the lockfile again; None when it has no reason to."""
    if version is None:
        return "which version of Yarn runs is not known"
    wanted = next((number for since, number in _VERSIONS if version >= since), None)
    if lock is None or lock != wanted:
        return f"Yarn {version[0]}.{version[1]} writes another version of it"
    known = {pattern: entry for entry in entries for pattern in entry.patterns}
    spaces = {e.fields.get("resolution", ""): e for e in entries}
    forced = project.root.data.get("resolutions") or {}
    for package in (project.root, *project.members):
        place = package.folder.removeprefix(project.root.folder).lstrip("/") or "."
        name = package.data.get("name") or _unnamed(project, package)
        entry = spaces.get(f"{name}@workspace:{place}")
        if entry is None:
            return f"it has no entry for {package.manifest}"
        for dependency, spec in _wanted(package).items():
            table = entry.tables.get("dependencies", {})
            if _bare(table.get(dependency, "")) != _bare(spec):
                return f"`{dependency}` is not as {package.manifest} has it"
            keys = (f"{dependency}@{spec}", f"{dependency}@npm:{spec}")
            local = f"{dependency}@workspace:"
            if (
                not any(key in known for key in keys)
                and not any(key.startswith((local, f"{dependency}@{spec}")) for key in known)
                and dependency not in forced
            ):
                return f"it has no entry for `{dependency}`"
        for dependency in entry.tables.get("dependencies", {}):
            if dependency not in _wanted(package):
                return f"{package.manifest} does not ask for `{dependency}` any more"
    return None


def _wanted(package: Package) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field in ("dependencies", "devDependencies", "optionalDependencies"):
        table = package.data.get(field)
        if isinstance(table, dict):
            found |= {name: spec for name, spec in table.items() if isinstance(spec, str)}
    return found


def _bare(spec: str) -> str:
    return spec.removeprefix("npm:")


def _unnamed(project: Project, package: Package) -> str:
    return "root-workspace" if package is project.root else ""
