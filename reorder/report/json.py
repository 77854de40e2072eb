"""Results as JSON, version 1. Plain ASCII: bytes that are not UTF-8 stay `\\udcXX` escapes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from reorder.report.counts import count
from reorder.report.diff import PatchPath, unified
from reorder.result import Advice, Change, Estimate, Refusal, Result

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
    ignore = result.ignore
    return {
        "path": result.path,
        "context": result.context,
        "status": result.status,
        "error": result.error,
        "diff": unified([result], patch_path),
        "output": None if result.status == "error" else result.after,
        "changes": [change_row(change) for change in result.changes],
        "refusals": [refusal_row(refusal) for refusal in result.refusals],
        "advice": [advice_row(advice) for advice in result.advice],
        "dockerignore": ignore and {"path": ignore.path, "added": list(ignore.added)},
        "estimate": estimate_row(result.estimate),
    }


def change_row(change: Change) -> dict[str, object]:
    """One of `changes`."""
    return {
        "id": change.id,
        "line": change.line,
        "safety": change.safety,
        "message": change.message,
        "assumptions": list(change.assumptions),
    }


def refusal_row(refusal: Refusal) -> dict[str, object]:
    """One of `refusals`."""
    return {"id": refusal.id, "line": refusal.line, "reason": refusal.reason}


def advice_row(advice: Advice) -> dict[str, object]:
    """One of `advice`."""
    return {"id": advice.id, "line": advice.line, "message": advice.message}


def estimate_row(estimate: Estimate | None) -> dict[str, object] | None:
    """`estimate`, to a tenth of a second; null where nothing was weighed."""
    if estimate is None:
        return None
    return {
        "seconds_before": round(estimate.seconds_before, 1),
        "seconds_after": round(estimate.seconds_after, 1),
        "commits": estimate.commits,
        "exact": estimate.exact,
        "note": estimate.note,
    }
