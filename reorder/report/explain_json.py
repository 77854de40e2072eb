"""`explain` as JSON, version 1."""

from __future__ import annotations

import json

from reorder.analysis import Analysis
from reorder.report.explanation import Often, Part, Step, explanation
from reorder.report.json import advice_row, change_row, estimate_row, refusal_row

VERSION = 1


def render(analysis: Analysis) -> str:
    """One object: `path`, `context`, `rebuilds`, `stages` and `estimate`, ended by a newline."""
    rebuilds, result = analysis.rebuilds, analysis.result
    document = {
        "version": VERSION,
        "path": result.path,
        "context": result.context,
        "rebuilds": {
            "measured": rebuilds.measured,
            "commits": rebuilds.count if rebuilds.measured else 0,
            "note": rebuilds.note,
        },
        "stages": [_part(part) for part in explanation(analysis)],
        "estimate": estimate_row(result.estimate),
    }
    return json.dumps(document, indent=2) + "\n"


def _part(part: Part) -> dict[str, object]:
    """What stands above the first FROM is a stage without `index` and `name`."""
    return {
        "index": part.index,
        "name": part.name,
        "instructions": [_step(step) for step in part.steps],
    }


def _step(step: Step) -> dict[str, object]:
    below = step.below
    return {
        "line": step.line,
        "keyword": step.keyword,
        "text": step.text,
        "reads": step.reads,
        "writes": step.writes,
        "changes": _often(step.changes),
        "rebuilt": _often(step.reruns),
        "seconds": round(step.seconds, 1),
        "cost": step.cost,
        "made": [change_row(change) for change in step.changed],
        "advice": [advice_row(advice) for advice in step.advice],
        "refusals": [refusal_row(refusal) for refusal in step.refused],
        "stays_below": below and {"line": below.line, "text": below.text, "reason": below.reason},
    }


def _often(often: Often | None) -> dict[str, object] | None:
    if often is None:
        return None
    return {"share": round(often.share, 4), "words": often.words}
