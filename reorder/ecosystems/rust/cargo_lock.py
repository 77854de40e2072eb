"""Whether Cargo.lock knows every package of the workspace, and who depends on them.

Source: "Cargo.toml vs Cargo.lock" of The Cargo Book, cargo's `core/resolver/encode.rs`: a package
without `source` is a folder; a dependency is `name`, `name version` or `name version (source)`.
"""

from __future__ import annotations

from reorder.ecosystems.rust.cargo_closure import Workspace


def lock_problem(found: Workspace) -> str | None:
    """Why the dependencies are no step by themselves; None: they are."""
    if not found.lock:
        return "there is no Cargo.lock, so that cargo would choose the versions anew"
    stale = outdated(found)
    if stale is not None:
        return stale
    local = {str(e.get("name")) for e in found.lock if "source" not in e}
    for entry in found.lock:
        if "source" not in entry:
            continue
        if entry.get("name") in local:
            return f"{entry['name']} is a package of the project and one of a registry"
        for told in entry.get("dependencies", []):
            name = str(told).split()[0]
            if name in local:
                return f"{entry.get('name')} of a registry is built with {name} of the project"
    return None


def outdated(found: Workspace) -> str | None:
    """The package that the lockfile does not have as its manifest says, as a reason."""
    local = {str(e.get("name")): e for e in found.lock if "source" not in e}
    for package in found.packages:
        if package.package is None:
            continue
        entry = local.get(package.name)
        if entry is None or str(entry.get("version")) != package.version(found.top):
            return f"Cargo.lock does not have {package.name} as it is now, so that cargo changes it"
        named = {str(told).split()[0] for told in entry.get("dependencies", [])}
        lacking = sorted(package.locked_names(found.top) - named)
        if lacking:
            return f"Cargo.lock lacks {lacking[0]} for {package.name}, so that cargo changes it"
    return None
