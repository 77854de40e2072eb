"""When a build exports its cache, and whether other branches than the main one have their own.

What is wanted of each kind of run is a row of a truth table. The shortest condition that gives the
whole table is what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from reorder.ci.github.expressions import UNKNOWN, Broken, Values, condition, evaluated, rendered
from reorder.ci.github.expressions import truth as truth_of
from reorder.ci.github.images import Rights
from reorder.ci.github.runs import Run

_STATUS: Final = re.compile(r"\b(?:success|always|failure|cancelled|hashfiles)\s*\(", re.IGNORECASE)
_FORK: Final = "!github.event.pull_request.head.repo.fork"


@dataclass(frozen=True, slots=True)
class Export:
    """`when`: an expression, empty for always. `own`: other branches export caches of their own."""

    when: str
    own: bool
    safe: bool = False  # the names of all branches it runs on can end a tag as they are


def with_env(run: Run, env: Mapping[str, str]) -> Values:
    """What is known of a run, the `env` context included."""
    values = dict(run.values)
    for name, template in env.items():
        try:
            text = rendered(template, run.values)
        except Broken:
            text = None
        values[f"env.{name.lower()}"] = UNKNOWN if text is None else text
    return values


def holds(expression: str, run: Run, env: Mapping[str, str]) -> bool | None:
    """Whether a condition holds in a run; None: not known."""
    try:
        return truth_of(evaluated(expression, with_env(run, env)))
    except Broken:
        return None


def reached(runs: Iterable[Run], conditions: Sequence[str], env: Mapping[str, str]) -> list[Run]:
    """The runs in which none of these `if:` is known to be false."""
    told = [expression for text in conditions if text and (expression := condition(text))]
    return [run for run in runs if all(holds(one, run, env) is not False for one in told)]


def export(
    runs: Sequence[Run], rights: Rights, env: Mapping[str, str], main: str, *, gha: bool = False
) -> Export | str:
    """When to export, among the runs that come to the build; a reason if never.

    `gha`: GitHub keeps its caches apart by branch itself, also those of pull requests, and what a
    tag wrote is read for that tag alone ("Dependency caching reference", restrictions).
    """
    pushes = " || ".join(rights.when)
    if _STATUS.search(pushes):
        return "the job logs in under a condition that an input cannot repeat"
    allowed = {run: True if not pushes else holds(pushes, run, env) for run in runs}
    regular = any(run.kind == "main" and run.event != "workflow_dispatch" for run in runs)
    release = not regular and any(run.kind == "tag" for run in runs)
    if release and gha:
        return "it runs for tags, and GitHub lets no other run read the cache of a tag"
    own = not gha and any(
        allowed[run] is not False and (run.kind == "pull" or _pushed(run)) for run in runs
    )

    def wanted(run: Run) -> bool | None:
        if gha:
            return run.kind not in ("foreign", "tag", "queue")
        policy = {
            "main": True, "tag": release, "pull": True,
            "branch": release or own, "fork": False, "queue": False, "foreign": False,
        }[run.kind]  # fmt: skip
        return allowed[run] if policy else False

    table = [wanted(run) for run in runs]
    if all(row is False for row in table):
        return "no run of it may push a cache"
    found = _shortest(runs, table, env, pushes, main)
    if found is None:
        return "the runs that may push a cache cannot be told by a short condition"
    return Export(found, own, all(run.safe for run in runs))


def _pushed(run: Run) -> bool:
    """A run by hand is too rare for a cache of its own."""
    return run.kind == "branch" and run.event == "push"


def _shortest(
    runs: Sequence[Run],
    table: Sequence[bool | None],
    env: Mapping[str, str],
    pushes: str,
    main: str,
) -> str | None:
    name = main.replace("'", "''")
    events = dict.fromkeys(run.event for run in runs)
    atoms = [
        *([pushes] if pushes else ()),
        _FORK,
        f"github.ref == 'refs/heads/{name}'",
        "github.ref_type == 'branch'",
        *(f"github.event_name != '{event}'" for event in events),
        *(f"github.event_name == '{event}'" for event in events),
    ]
    rows = {atom: [holds(atom, run, env) for run in runs] for atom in atoms}
    for count in range(5):
        for chosen in combinations(atoms, count):
            every = [_all(rows[atom][i] for atom in chosen) for i in range(len(runs))]
            if every == list(table):
                return " && ".join(_grouped(atom) if count > 1 else atom for atom in chosen)
    return None


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True


def _grouped(atom: str) -> str:
    return f"({atom})" if "||" in atom else atom
