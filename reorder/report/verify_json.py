"""What `verify` found out, as JSON, version 1."""

from __future__ import annotations

import json

from reorder.report.json import VERSION
from reorder.verify.difference import Difference, Verdict
from reorder.verify.outcome import Measure, Rebuild, Target, Verification


def render(found: Verification) -> str:
    """One object, ended by a newline."""
    document = {
        "version": VERSION,
        "path": found.path,
        "engine": found.engine,
        "compared": found.origin,
        "identical": found.identical,
        "nothing": found.nothing,
        "targets": [_target(target) for target in found.targets],
        "rebuilds": [_rebuild(row) for row in found.rebuilds],
        "steps": [{"step": step.name, "seconds": step.seconds} for step in found.steps],
        "failed": {"target": found.failed_target, "log": list(found.failed)}
        if found.failed
        else None,
    }
    return json.dumps(document, indent=2) + "\n"


def _target(target: Target) -> dict[str, object]:
    cold = {"before": target.before, "again": target.again, "after": target.after}
    seconds = {name: round(value, 2) for name, value in cold.items()}
    return {"name": target.name, "seconds": seconds, **_verdict(target.verdict)}


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "identical": verdict.identical,
        "paths": verdict.entries,
        "differences": [_difference(one) for one in verdict.differences],
        "expected": [_difference(one) for one in verdict.expected],
        "noise": [_difference(one) for one in verdict.noise],
    }


def _difference(one: Difference) -> dict[str, object]:
    return {
        "what": one.what,
        "aspects": sorted(one.aspects),
        "before": one.before,
        "after": one.after,
        "why": one.why,
        "diff": one.diff,
    }


def _rebuild(row: Rebuild) -> dict[str, object]:
    return {
        "edit": row.kind,
        "path": row.path,
        "before": _measure(row.before),
        "after": _measure(row.after),
        "image": row.verdict and _verdict(row.verdict),
        "problem": row.problem,
        "blame": row.blame,
    }


def _measure(one: Measure | None) -> dict[str, object] | None:
    if one is None:
        return None
    steps = [{"text": step.text, "cached": step.cached} for step in one.steps]
    return {"seconds": round(one.seconds, 2), "ran": one.ran, "cached": one.cached, "steps": steps}
