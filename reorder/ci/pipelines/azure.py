"""Azure Pipelines: `script:` and `bash:` steps, and the tasks that run a shell.

Source: Microsoft, "YAML schema reference", "Bash@3", "Docker@2". `$(name)` is put in by the agent
before a shell sees it, `${{ … }}` when the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from reorder.ci.branch import AZURE
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import line_of
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.jobs import Job
from reorder.ci.yaml.nodes import command, documents, elements, pairs, said, variables
from reorder.ci.yaml.script import Dialect
from reorder.ci.yaml.steps import Step, groups
from reorder.context.project import Project

if TYPE_CHECKING:
    from yaml.nodes import Node

NAME: Final = "Azure Pipelines"
_FOLDERS: Final = (
    "",
    ".azure",
    ".azuredevops",
    ".azure-pipelines",
    "azure-pipelines",
    ".pipelines",
)
_DIALECT: Final = Dialect(
    re.compile(r"\$\([A-Za-z_][\w.]*\)|\$\{\{.*?\}\}", re.DOTALL),
    varies=re.compile(r"\$\{\{"),
)
_SHELLS: Final = ("Bash@", "CmdLine@")
_TASK: Final = "Docker@"
_REFUSED: Final = (
    "The task builds with the engine's own builder, which exports no cache to a registry; "
    "build with docker buildx build in a script step."
)
_WINDOWS: Final = "A script step of a Windows agent is read by cmd."
_DEPTH: Final = 6


def files(project: Project) -> list[str]:
    """Files named after it at the root, and all in its folders."""
    found = [
        path
        for folder in _FOLDERS
        for path in project.children(folder)
        if folder or path.startswith(("azure-pipelines", ".azure-pipelines", "azure-pipeline"))
    ]
    return sorted(path for path in found if path.endswith((".yml", ".yaml")))


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The steps of every job; a template's too."""
    if not yaml_jobs.may_build(text):
        return None
    read = documents(text)
    if read is None:
        return yaml_jobs.unread(path, text)
    jobs: list[Job] = []
    found: list[Found] = []
    for document in read:
        for steps, known, windows in _lists(document, {}, False, set()):
            read_steps = list(_steps(text, steps))
            refusal = _WINDOWS if windows else None
            for number, one in enumerate(groups(read_steps, known)):
                reason, follows = refusal or one.refusal, number > 0
                job = Job(one.slots, AZURE, one.around, _DIALECT, reason, follows=follows)
                jobs.append(job)
            found += _tasks(text, steps)
    return yaml_jobs.planned(path, text, settings, jobs, found)


def _lists(
    node: Node, known: Mapping[str, str], windows: bool, seen: set[int]
) -> Iterator[tuple[Node, Mapping[str, str], bool]]:
    """Every list of steps, the variables that hold there, and whether the agent is Windows."""
    keys = pairs(node)
    if id(node) in seen:
        return
    seen.add(id(node))
    if keys:
        known = {**known, **_variables(keys.get("variables"))}
        pool = keys.get("pool")
        image = said(pairs(pool).get("vmImage")) or ""
        windows = "windows" in image.lower() if pool is not None else windows
    for key, value in keys.items():
        if key == "steps":
            yield value, known, windows
        else:
            yield from _lists(value, known, windows, seen)
    for item in elements(node):
        yield from _lists(item, known, windows, seen)


def _variables(node: Node | None) -> dict[str, str]:
    found = variables(node)
    for item in elements(node):
        name, value = said(pairs(item).get("name")), said(pairs(item).get("value"))
        if name is not None and value is not None:
            found[name] = value
    return found


def _steps(text: str, node: Node, depth: int = 0) -> Iterator[Step]:
    """The steps of a list; those under a `${{ if }}` key too."""
    for step in elements(node):
        keys = pairs(step)
        for key, value in keys.items():
            if key.startswith("${{") and depth < _DEPTH:
                yield from _steps(text, value, depth + 1)
        inputs = pairs(keys.get("inputs"))
        task = said(keys.get("task")) or ""
        body = keys.get("script") or keys.get("bash")
        if task.startswith(_SHELLS):
            body = inputs.get("script")
        if body is None:
            yield Step(task)
            continue
        plain = set(keys) <= {"script", "bash", "displayName", "name"}
        sure = "condition" not in keys and not depth
        yield Step("script", command(text, body, step if plain else body), sure)


def _tasks(text: str, node: Node) -> Iterator[Found]:
    """Builds by the task for docker."""
    for step in elements(node):
        task, inputs = said(pairs(step).get("task")) or "", pairs(pairs(step).get("inputs"))
        if task.startswith(_TASK) and said(inputs.get("command")) in (
            None,
            "build",
            "buildAndPush",
        ):
            line = line_of(text, step.start_mark.index)
            yield Found(line, task, "refused", _REFUSED, said(inputs.get("repository")))
