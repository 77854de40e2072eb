"""The steps that a job may need in front of a build: one that makes tags, and buildx."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reorder.ci.contract import MAIN, Settings
from reorder.ci.github.builder import BUILDX
from reorder.ci.github.builds import MOST_MOVING
from reorder.ci.github.file import Job, Step
from reorder.ci.refs import MOST, PREFIX

ID: Final = "cache-tag"
_PINNED: Final = re.compile(r"@[0-9a-f]{40}\b")


@dataclass(frozen=True, slots=True)
class Names:
    """What is to be made fit for a tag: templates, empty where nothing is."""

    branch: str = ""
    part: str = ""
    length: int = 0  # of the longest part of a tag


def branch(settings: Settings) -> str:
    """The branch that a run builds, as a template: of a pull request, where it comes from."""
    return f"${{{{ {main_first(settings, 'github.head_ref || github.ref_name')} }}}}"


def main_first(settings: Settings, rest: str) -> str:
    """An expression for the end of a tag; the main branch's is the same whatever its name."""
    if settings.branch == MAIN:
        return rest
    name = settings.branch.replace("'", "''")
    return f"github.ref_name == '{name}' && '{MAIN}' || {rest}"


def output(identifier: str, name: str) -> str:
    """The expression for what the naming step made of `branch` or `part`."""
    return f"steps.{identifier}.outputs.{name}"


def identifier(job: Job) -> str:
    """An id for the naming step that no step of the job has."""
    taken = {step.id for step in job.steps}
    return next(one for one in (ID, *(f"{ID}-{n}" for n in range(2, 999))) if one not in taken)


def naming(before: Step, job: Job, names: Names, named: str) -> list[str]:
    """The step that makes names fit for a tag, in front of another one.

    A branch's name reaches the shell in a variable, never as part of the script (GitHub
    documentation, "Script injections").
    """
    lines = ["name: Name the cache"] if before.name else []
    lines += [f"id: {named}", "env:"]
    written: list[str] = []
    most_of_branch = min(MOST, 128 - len(f"{PREFIX}--") - names.length)
    wanted = (("branch", names.branch, most_of_branch), ("part", names.part, MOST_MOVING))
    for name, template, most in wanted:
        if template:
            variable = name.upper()
            lines.append(f"  {variable}: {template}")
            made = f"printf %s \"${variable}\" | tr -c 'A-Za-z0-9_.-' - | cut -c1-{most}"
            written.append(f'echo "{name}=$({made})"')
    if job.composite or "windows" in job.runner:
        lines.append("shell: bash")
    if len(written) == 1:
        return [*lines, f'run: {written[0]} >> "$GITHUB_OUTPUT"']
    return [*lines, "run: |", "  {", *(f"    {one}" for one in written), '  } >> "$GITHUB_OUTPUT"']


def buildx(before: Step, job: Job) -> list[str]:
    """The step that makes a builder which can export a cache.

    A commit to pin an action to cannot be made up: where the build is pinned to one, the command
    stands. Version 4 of the action came with version 7 of docker/build-push-action.
    """
    name = ["name: Set up Docker Buildx"] if before.name else []
    if _PINNED.search(before.uses):
        shell = ["shell: bash"] if job.composite else []
        return [*name, *shell, "run: docker buildx create --use"]
    told = re.search(r"@v(\d+)", before.uses)
    newer = told is not None and int(told[1]) >= 7
    return [*name, f"uses: {BUILDX}@{'v4' if newer else 'v3'}"]
