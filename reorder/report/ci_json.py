"""What `ci` found, as JSON, version 1."""

from __future__ import annotations

import json
from collections.abc import Sequence

from reorder.batch.edits import Edit
from reorder.ci.contract import Found, Planned
from reorder.ci.prune.plan import Pruned
from reorder.report.diff import PatchPath, patch
from reorder.report.json import VERSION


def render(
    files: Sequence[Planned], patch_path: PatchPath, pruned: Sequence[Pruned] | None = None
) -> str:
    """One object, ended by a newline; `pruned` is None where it was not asked for."""
    places = [found for file in files for found in file.found]
    document = {
        "version": VERSION,
        "files": [_file(file, patch_path) for file in files],
        "prune": None if pruned is None else [_pruned(one, patch_path) for one in pruned],
        "summary": {
            "files": len(files),
            "changed": sum(file.before != file.after for file in files),
            **{s: sum(f.status == s for f in places) for s in ("rewritten", "fine", "refused")},
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _file(file: Planned, patch_path: PatchPath) -> dict[str, object]:
    changed = file.before != file.after
    edit = Edit(file.path, file.before, file.after)
    return {
        "path": file.path,
        "status": "changed" if changed else "unchanged",
        "diff": patch([edit], patch_path) if changed else "",
        "output": file.after,
        "builds": [_found(found) for found in file.found],
    }


def _found(found: Found) -> dict[str, object]:
    return {
        "line": found.line,
        "what": found.what,
        "status": found.status,
        "reason": found.reason,
        "image": found.image,
        "cache": found.cache,
        "warnings": list(found.warnings),
    }


def _pruned(one: Pruned, patch_path: PatchPath) -> dict[str, object]:
    edit = None
    if one.path is not None and one.after is not None and one.before != one.after:
        edit = Edit(one.path, one.before, one.after)
    return {
        "registry": one.registry,
        "caches": list(one.caches),
        "untagged": one.untagged,
        "path": one.path,
        "diff": patch([edit], patch_path) if edit else "",
        "output": one.after,
        "notes": list(one.notes),
    }
