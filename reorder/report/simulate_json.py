"""What `simulate` found out, as JSON, version 1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from reorder.report.json import VERSION
from reorder.simulate.builders import Profile
from reorder.simulate.outcome import Pair, Side, Simulated


def render(files: Iterable[Simulated], profile: Profile) -> str:
    """One object, ended by a newline; `before`, `after` and `saved` are of the chosen profile."""
    document = {
        "version": VERSION,
        "profile": profile,
        "files": [_file(found, profile) for found in files],
    }
    return json.dumps(document, indent=2) + "\n"


def _file(found: Simulated, profile: Profile) -> dict[str, object]:
    pair = found.pairs[profile]
    return {
        "path": found.path,
        "status": found.result.status,
        "commits": len(found.commits),
        "before": _side(pair.before),
        "after": _side(pair.after),
        "saved": _saved(found, pair),
        "profiles": _means(found, found.pairs),
        "with_builder_ephemeral": _means(found, found.fresh),
        "builds": {"a_year": round(found.builds.a_year, 1), "from": found.builds.words},
        "assumptions": list(found.assumptions),
    }


def _means(found: Simulated, pairs: Mapping[Profile, Pair]) -> dict[str, object]:
    return {
        name: {
            "before": round(one.before.mean, 2),
            "after": round(one.after.mean, 2),
            "saved": _saved(found, one),
        }
        for name, one in pairs.items()
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "seconds_mean": round(side.mean, 2),
        "seconds_p95": round(side.p95, 2),
        "steps": [
            {
                "line": step.line,
                "instruction": step.text,
                "reruns": step.reruns,
                "seconds": round(step.seconds, 3),
            }
            for step in side.steps
        ],
    }


def _saved(found: Simulated, pair: Pair) -> dict[str, object]:
    hours = found.builds.hours(pair.saved)
    return {"percent": round(pair.percent, 1), "hours_per_year": round(hours, 2)}
