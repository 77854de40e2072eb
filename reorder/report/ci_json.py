"""What `ci` found, as JSON, version 1."""

from __future__ import annotations

import json
from collections.abc import Sequence

from reorder.ci.contract import Found, Planned
from reorder.report.diff import Edit, PatchPath, patch
from reorder.report.json import VERSION


def render(files: Sequence[Planned], patch_path: PatchPath) -> str:
    """One object, ended by a newline."""
    places = [found for file in files for found in file.found]
    document = {
        "version": VERSION,
        "files": [_file(file, patch_path) for file in files],
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
