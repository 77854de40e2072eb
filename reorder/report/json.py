"""Results as JSON, version 1. Plain ASCII: bytes that are not UTF-8 stay `\\udcXX` escapes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from reorder.report.counts import count
from reorder.report.diff import PatchPath, unified
from reorder.result import Change, Refusal, Result

VERSION = 1


def render(results: Sequence[Result], patch_path: PatchPath) -> str:
    """One object with a row per Dockerfile and the counts, ended by a newline.

    The `diff` of each row follows on from the rows above it, so that they apply in order.
    """
    document = {
        "version": VERSION,
        "files": [_row(result, patch_path) for result in results],
        "summary": count(results).as_dict(),
    }
    return json.dumps(document, indent=2) + "\n"


def _row(result: Result, patch_path: PatchPath) -> dict[str, object]:
    ignore, estimate = result.ignore, result.estimate
    return {
        "path": result.path,
        "context": result.context,
        "status": result.status,
        "error": result.error,
        "diff": unified([result], patch_path),
        "output": None if result.status == "error" else result.after,
        "changes": [_change(change) for change in result.changes],
        "refusals": [_refusal(refusal) for refusal in result.refusals],
        "dockerignore": ignore and {"path": ignore.path, "added": list(ignore.added)},
        "estimate": estimate
        and {
            "seconds_before": estimate.seconds_before,
            "seconds_after": estimate.seconds_after,
            "commits": estimate.commits,
        },
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "id": change.id,
        "line": change.line,
        "safety": change.safety,
        "message": change.message,
        "assumptions": list(change.assumptions),
    }


def _refusal(refusal: Refusal) -> dict[str, object]:
    return {"id": refusal.id, "line": refusal.line, "reason": refusal.reason}
