"""bun.lock, as far as it tells whether `bun install` would change it.

Source: bun documentation, "Lockfile": JSON with trailing commas; `workspaces` repeats what each
package.json asks for. Observed with bun 1.4.5.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from reorder.ecosystems.node.node_manifests import Project

_TABLES: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_COMMA: Final = re.compile(r",(\s*[}\]])")


@lru_cache(maxsize=8)
def read_bun_lock(text: str) -> Mapping[str, Any] | None:
    """The lockfile; None when it is none. No string in it ends with a comma and a bracket."""
    try:
        data = json.loads(_COMMA.sub(r"\1", text))
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("workspaces"), dict) else None


def why_rewritten(lock: Mapping[str, Any], project: Project) -> str | None:
    """Why `bun install` would write the lockfile again; None when it has no reason to."""
    spaces = lock["workspaces"]
    places = set()
    for package in (project.root, *project.members):
        place = posixpath.relpath(package.folder, project.root.folder)
        place = "" if place == "." else place
        places.add(place)
        entry = spaces.get(place)
        if not isinstance(entry, dict):
            return f"it has no entry for {package.manifest}"
        keys = ("name", *(("version", "bin") if place else ()), *_TABLES)
        for key in keys:
            if (entry.get(key) or None) != (package.data.get(key) or None):
                return f"`{key}` is not as {package.manifest} has it"
    gone = sorted(set(spaces) - places)
    if gone:
        return f"{gone[0]} is no member any more"
    for key in ("overrides", "patchedDependencies", "trustedDependencies", "catalog", "catalogs"):
        ours = project.root.data.get(key)
        if key == "overrides":
            ours = ours or project.root.data.get("resolutions")
        if key.startswith("catalog"):
            spaces_field = project.root.data.get("workspaces")
            ours = ours or (spaces_field.get(key) if isinstance(spaces_field, dict) else None)
        if (lock.get(key) or None) != (ours or None):
            return f"its `{key}` are not those of {project.root.manifest}"
    return None
