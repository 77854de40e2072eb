"""Workflows and composite actions of GitHub Actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reorder.ci import secret_args
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import Edit, applied, line_of
from reorder.ci.github.apart import Answer, Reader, kept_apart, shares_scope
from reorder.ci.github.bakes import BAKE, bakes
from reorder.ci.github.builds import BUILD, Build, builds
from reorder.ci.github.file import Workflow, read
from reorder.ci.github.judge import No, judged
from reorder.ci.github.others import ACTIONS, others
from reorder.ci.github.runs import runs
from reorder.ci.github.scripts import scripts
from reorder.ci.github.values import changes, told
from reorder.ci.github.write import Unwritable
from reorder.ci.yaml.steps import BUILD as BUILD_COMMAND
from reorder.context.buildfiles import workflows
from reorder.context.project import Project

NAME: Final = "GitHub Actions"
_SHARES: Final = "another build of the file overwrites its cache; each needs a `scope=` of its own"
ELSEWHERE: Final = "/workflows/"  # of another repository
FOLDER: Final = ".github/actions"
_WORDS: Final = re.compile(
    rf"{BUILD}|{BAKE}|{BUILD_COMMAND.pattern}|{'|'.join(name for name, *_ in ACTIONS)}|{ELSEWHERE}",
    re.IGNORECASE,
)


def files(project: Project) -> list[str]:
    """The workflows, and the composite actions that lie in the repository."""
    folders = [entry.path for entry in project.children(FOLDER).values() if entry.kind == "dir"]
    names = [f"{folder}/{name}" for folder in folders for name in ("action.yml", "action.yaml")]
    names += ["action.yml", "action.yaml"]
    return sorted([*workflows(project), *(name for name in names if project.exists(name))])


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """What becomes of one workflow; None: it builds no image."""
    first = _WORDS.search(text)
    if first is None:
        return None
    workflow = read(text)
    if workflow is None:
        return None
    if isinstance(workflow, str):
        if first[0] == ELSEWHERE:
            return None
        line = line_of(text, first.start())
        return Planned(path, text, text, (Found(line, first[0], "refused", workflow),))
    edits, found = _planned(path, text, workflow, settings)
    if not found:
        return None
    return Planned(path, text, applied(text, edits), tuple(sorted(found, key=lambda o: o.line)))


def _planned(
    path: str, text: str, workflow: Workflow, settings: Settings
) -> tuple[list[Edit], list[Found]]:
    every = runs(workflow.events, settings.branch)
    all_builds = list(builds(workflow))
    answers = kept_apart(
        all_builds,
        [judged(build, workflow, every, settings, path) for build in all_builds],
        lambda build: line_of(text, build.step.place),
    )
    edits: list[Edit] = []
    found: list[Found] = []
    for job in workflow.jobs:
        mine = [
            (build, answer)
            for build, answer in zip(all_builds, answers, strict=True)
            if build.job is job
        ]
        try:
            edits += changes(text, mine, settings)
        except Unwritable as problem:
            mine = [
                (build, answer if isinstance(answer, No) else No(str(problem)))
                for build, answer in mine
            ]
        found += [
            _found(text, build, answer, settings, shares_scope(build, all_builds))
            for build, answer in mine
        ]
    for part in (scripts, bakes):
        more, told_of = part(text, workflow, every, settings)
        edits, found = [*edits, *more], [*found, *told_of]
    return edits, [*found, *others(text, workflow)]


def _found(text: str, build: Build, answer: Answer, settings: Settings, shares: bool) -> Found:
    line = line_of(text, build.step.place)
    warnings = secret_args.warnings(_lines(build.step.inputs.get("build-args", "")))
    if isinstance(answer, No):
        return Found(
            line, BUILD, "fine" if answer.fine else "refused", answer.reason,
            build.images[0].name if build.images else None, answer.cache,
            (*answer.warnings, *((_SHARES,) if shares else ()), *(warnings if answer.fine else ())),
        )  # fmt: skip
    draft = answer.of if isinstance(answer, Reader) else answer
    return Found(
        line, BUILD, "rewritten", told(answer, settings), draft.image,
        draft.place if settings.backend == "registry" else None, (*answer.warnings, *warnings),
    )  # fmt: skip


def _lines(arguments: str) -> Sequence[str]:
    return [line.strip().strip("\"'") for line in arguments.splitlines() if line.strip()]
