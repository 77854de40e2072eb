"""docker/bake-action: its step names the branch, and the bake file has the caches.

The bake file takes the end of the tag from the environment; without it, it exports nothing.
Inputs as in the README of docker/bake-action v6.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import Final

from reorder.ci.branch import VARIABLE
from reorder.ci.build_files.pushed_by_ci import BAKE_NAMES
from reorder.ci.contract import MAIN, Found, Settings, Status
from reorder.ci.edits import Edit, line_of
from reorder.ci.github.builder import BUILDX_NAME
from reorder.ci.github.builds import BUILD
from reorder.ci.github.expressions import condition
from reorder.ci.github.file import Job, Step, Workflow, value
from reorder.ci.github.images import LOGIN, Rights, environment
from reorder.ci.github.policy import Export, export, reached
from reorder.ci.github.runs import Run
from reorder.ci.github.steps import Names, branch, buildx, identifier, naming, output
from reorder.ci.github.write import Unwritable, entries, only, steps

BAKE: Final = "docker/bake-action"
_OWN: Final = re.compile(r"cache-(?:from|to)\s*=")
_PUSHES: Final = re.compile(r"type=registry|push=true")
_NEW: Final = f"sets {VARIABLE}, so that the bake file's caches are the branch's"


def bakes(
    text: str, workflow: Workflow, every: Sequence[Run], settings: Settings
) -> tuple[list[Edit], list[Found]]:
    """The changes of the steps of docker/bake-action, and each of them."""
    edits: list[Edit] = []
    found: list[Found] = []
    for job in workflow.jobs:
        for step in job.steps:
            if step.action != BAKE:
                continue
            answer = _judged(workflow, job, step, every, settings)
            if isinstance(answer, Export):
                when = f" where {answer.when}" if answer.when else ""
                status: Status = "rewritten"
                reason = _NEW + when
                try:
                    edits += _changes(text, job, step, answer, settings)
                except Unwritable as problem:
                    status, reason = "refused", str(problem)
            else:
                status, reason = answer
            found.append(Found(line_of(text, step.place), BAKE, status, reason))
    return edits, found


def _judged(
    workflow: Workflow, job: Job, step: Step, every: Sequence[Run], settings: Settings
) -> Export | tuple[Status, str]:
    env = environment(workflow, job, step)
    if _OWN.search(step.inputs.get("set", "")):
        return "fine", "it has a cache of its own"
    if VARIABLE in env:
        return "fine", f"it sets {VARIABLE}"
    told = step.inputs.get("push", ""), step.inputs.get("set", "")
    if told[0].strip().lower() in ("", "false") and not _PUSHES.search(told[1]):
        return "refused", "it pushes nothing, so there is no registry for a cache"
    if not _named(step, settings):
        return "refused", "its caches belong in its bake file, which has none"
    if any(one.action in (BUILD, BAKE) for one in job.steps if one is not step):
        return "refused", f"its job has other builds; set {VARIABLE} for it by hand"
    runs = tuple(reached(every, (job.condition, step.condition), env))
    right = _rights(job, step)
    if right is None:
        return "refused", "its job logs in to no registry, so it cannot push a cache"
    found = export(runs, right, env, settings.branch)
    return ("refused", found) if isinstance(found, str) else found


def _named(step: Step, settings: Settings) -> bool:
    """Whether a file that it bakes takes the branch from the variable."""
    given = [line.strip() for line in re.split(r"[\n,]", step.inputs.get("files", ""))]
    files = [posixpath.normpath(one) for one in given if one] or BAKE_NAMES
    return any(one in settings.branched for one in files)


def _rights(job: Job, step: Step) -> Rights | None:
    """What lets it push: any login before it, as the images are named in the bake file."""
    told = [condition(one.condition) for one in job.steps[: step.index] if one.action == LOGIN]
    if told:
        return Rights() if not all(told) else Rights(tuple(dict.fromkeys(map(str, told))))
    return Rights() if step.inputs.get("push", "").strip().lower() == "true" else None


def _changes(text: str, job: Job, step: Step, found: Export, settings: Settings) -> list[Edit]:
    added: list[Sequence[str]] = []
    told = MAIN
    if found.own:
        named = identifier(job)
        added.append(naming(step, job, Names(branch(settings)), named))
        told = f"${{{{ {output(named, 'branch')} }}}}"
    if not any(one.action.endswith(BUILDX_NAME) for one in job.steps[: step.index]):
        added.append(buildx(step, job))
    line = f"{VARIABLE}: {only(found.when, told)}"
    env = value(step.node, "env")
    lines = [line] if env is not None else ["env:", f"  {line}"]
    edits = [steps(text, step, added)] if added else []
    return [*edits, entries(text, env if env is not None else step.node, lines)]
