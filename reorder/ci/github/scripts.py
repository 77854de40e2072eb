"""The `run:` steps of a workflow that build an image by command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from reorder.ci.branch import GITHUB, Branch
from reorder.ci.contract import MAIN, Found, Settings
from reorder.ci.edits import Edit
from reorder.ci.github.builder import BUILDX_NAME
from reorder.ci.github.file import Job, Step, Workflow
from reorder.ci.github.images import Rights, environment, resolved, rights
from reorder.ci.github.policy import export, reached
from reorder.ci.github.runs import Run
from reorder.ci.registries import host
from reorder.ci.shell.line import Around
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.nodes import command
from reorder.ci.yaml.script import Dialect
from reorder.ci.yaml.steps import BUILD

_DIALECT: Final = Dialect(re.compile(r"\$\{\{.*?\}\}", re.DOTALL))
_PUSHES: Final = re.compile(r"--push\b|push=true|type=registry|\bdocker\s+(?:image\s+)?push\b")
_MAIN: Final = replace(GITHUB, fixed=MAIN)  # releases share the main branch's cache, too


def scripts(
    text: str, workflow: Workflow, every: Sequence[Run], settings: Settings
) -> tuple[list[Edit], list[Found]]:
    """The changes of the `run:` steps, and every build in them."""
    edits: list[Edit] = []
    found: list[Found] = []
    for job, step in _steps(workflow):
        change, builds = _changed(text, workflow, job, step, every, settings)
        edits += change
        found += builds
    return edits, found


def _steps(workflow: Workflow) -> Iterator[tuple[Job, Step]]:
    for job in workflow.jobs:
        for step in job.steps:
            if step.run is not None and BUILD.search(step.run.value):
                yield job, step


def _changed(
    text: str,
    workflow: Workflow,
    job: Job,
    step: Step,
    every: Sequence[Run],
    settings: Settings,
) -> tuple[list[Edit], list[Found]]:
    env = environment(workflow, job, step)
    slot = command(text, step.run, step.run) if step.run is not None else None
    if slot is None:
        return [], []
    around = Around(
        "\n".join(one.run.value for one in job.steps[: step.index] if one.run),
        "\n".join(_after(one) for one in job.steps[step.index + 1 :]),
        any(one.action.endswith(BUILDX_NAME) for one in job.steps[: step.index]),
        {name: value for name, value in env.items() if "${{" not in value},
    )
    shell = yaml_jobs.Job((slot,), GITHUB, around, _DIALECT)
    _, builds = yaml_jobs.changed(text, settings, [shell])
    done = [one for one in builds if one.status == "rewritten"]
    if not done:
        return [], builds
    answer = _policy(done, workflow, job, step, every, settings)
    if isinstance(answer, str):
        return yaml_jobs.changed(text, settings, [replace(shell, refusal=answer)])
    return yaml_jobs.changed(text, settings, [replace(shell, branch=answer)])


def _after(step: Step) -> str:
    """What a later step runs; an action that is given an image may take it from Docker."""
    if step.run is not None:
        return str(step.run.value)
    if step.action.startswith(("docker/", "actions/")):
        return ""
    return "\n".join(f"docker run {value}" for value in step.inputs.values() if "/" in value)


def _policy(
    builds: Sequence[Found],
    workflow: Workflow,
    job: Job,
    step: Step,
    every: Sequence[Run],
    settings: Settings,
) -> Branch | str:
    """How its caches are named, if each run that comes to the step may export; else why not."""
    env = environment(workflow, job, step)
    shell = step.shell or job.shell
    if (shell and not re.match(r"(?:ba)?sh\b", shell)) or (not shell and "windows" in job.runner):
        return "its shell is not bash"
    runs = reached(every, (job.condition, step.condition), env)
    if not runs:
        return "none of the file's triggers leads to it"
    pushes = step.run is not None and _PUSHES.search(step.run.value)
    behind = replace(step, index=step.index + 1)  # it may log in itself
    names = [build.cache or "" for build in builds]
    known = [rights(name, behind, job, env) or (Rights() if pushes else None) for name in names]
    right = known[0]
    if right is None or None in known:
        where = host(resolved(names[0], env))
        return f"its job does not log in to {where}, so it cannot push a cache"
    found = export(runs, right, env, settings.branch)
    if isinstance(found, str):
        return found
    if found.when:
        return (
            f"it may export a cache only where `{found.when}`, which docker/build-push-action can "
            "be told and a command cannot"
        )
    return GITHUB if found.own else _MAIN
