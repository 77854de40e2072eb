"""The build steps of a workflow, with what tells one build from another."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.ci.github.expressions import filled, holes, parts
from reorder.ci.github.file import Job, Step, Workflow
from reorder.ci.github.images import Image, environment, images, resolved
from reorder.ci.refs import MOST_PART, part

MOST_FIXED: Final = 40
MOST_MOVING: Final = 30  # of what only a run knows
BUILD: Final = "docker/build-push-action"
_TELLING: Final = ("context", "file", "target", "build-args", "build-contexts", "platforms")
_MATRIX: Final = re.compile(r"^matrix\.([\w-]+)$", re.IGNORECASE)
_IN_MATRIX: Final = re.compile(r"\bmatrix\.([\w-]+)")
_SAFE: Final = re.compile(rf"[A-Za-z0-9_.-]{{1,{MOST_PART}}}")
_DOCKERFILE: Final = re.compile(r"(?:(.+)\.)?(?:Docker|Container)file(?:\.(.+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Build:
    """One step of docker/build-push-action. `part`: a template for a part of the cache's tag."""

    step: Step
    job: Job
    env: Mapping[str, str]
    images: tuple[Image, ...]
    key: tuple[str, str, str]  # context, Dockerfile, target: what is the same is the same build
    part: str
    moving: str = ""  # what of the part must go through a step to be fit for a tag

    @property
    def length(self) -> int:
        """How long its part of a tag becomes, at most."""
        text = self.part.replace(self.moving, "x" * MOST_MOVING) if self.moving else self.part
        values = self.job.matrix
        return len(
            filled(text, lambda hole: max(values.get(hole[7:]) or ("",), key=len, default=""))
        )

    @property
    def platforms(self) -> frozenset[str]:
        """What it builds for; empty: what it runs on."""
        return frozenset(re.split(r"[,\s]+", self.step.inputs.get("platforms", "").strip(" ,\n")))

    @property
    def pushes(self) -> str:
        """`true`, `false`, or the expression that says whether it pushes."""
        outputs = self.step.inputs.get("outputs", "")
        if re.search(r"type=registry|push=true", outputs):
            return "true"
        if told := re.search(r"push=\$\{\{(.+?)\}\}", outputs):
            return told[1].strip()
        given = self.step.inputs.get("push", "false").strip().lower()
        raw = self.step.inputs.get("push", "").strip()
        found = holes(raw)
        if found and raw.startswith("${{") and len(parts(raw)) == 3:
            return found[0]
        return "true" if given == "true" else "false"


def builds(workflow: Workflow) -> Iterator[Build]:
    """Every step of docker/build-push-action, in the file's order."""
    for job in workflow.jobs:
        for step in job.steps:
            if step.action == BUILD:
                yield _build(workflow, job, step)


def _build(workflow: Workflow, job: Job, step: Step) -> Build:
    env = environment(workflow, job, step)
    context, file, target = (
        resolved(step.inputs.get(name, ""), env) for name in ("context", "file", "target")
    )
    context = posixpath.normpath(context or ".")
    file = file or f"{context}/Dockerfile"
    found = images(step, job, env)
    key = (context, posixpath.normpath(file), target)
    named, moving = _part(job, step, key, found)
    return Build(step, job, env, found, key, named, moving)


def _part(
    job: Job, step: Step, key: tuple[str, str, str], named: Sequence[Image]
) -> tuple[str, str]:
    """What keeps this build's cache apart from that of others of the same image."""
    context, file, target = key
    found: list[str] = []
    folder = posixpath.basename(context)
    names = [image.name.rpartition("/")[2].lower() for image in named]
    short = folder.strip(".").lower()
    if names and "${{" not in folder and not any(short in n or n in short for n in names):
        found.append(folder)
    if "${{" not in target:
        found += [target] if target else []
    elif not _MATRIX.match(holes(target)[0]):
        found.append(target)
    name = posixpath.basename(file)
    if "${{" not in file and (variant := _DOCKERFILE.fullmatch(name)):
        found += [one for one in variant.groups() if one]
    elif "${{" not in file:
        found.append(name)
    elif any(not _MATRIX.match(hole) for hole in holes(file)):
        found += [f"${{{{ {hole} }}}}" for hole in holes(file) if not _MATRIX.match(hole)]
    fixed = part("-".join(one for one in found if "${{" not in one), MOST_FIXED)
    told = _dimensions(job, step, named)
    moving = [one for one in found if "${{" in one] + [f"${{{{ matrix.{n} }}}}" for n in told]
    whole = "-".join([*([fixed] if fixed else []), *moving])
    known = [job.matrix.get(name) for name in told]
    safe = all(values is not None and all(map(_SAFE.fullmatch, values)) for values in known)
    longest = len(fixed) + sum(max(map(len, values), default=0) + 1 for values in known if values)
    plain = safe and len(moving) == len(told) and longest <= MOST_FIXED
    return whole, "" if plain else "-".join(moving)


def _dimensions(job: Job, step: Step, found: Sequence[Image]) -> list[str]:
    """The dimensions of the matrix that tell this job's builds from one another."""
    told = " ".join(step.inputs.get(name, "") for name in _TELLING)
    names = _IN_MATRIX.findall(told)
    if "platforms" not in step.inputs:
        names += _IN_MATRIX.findall(job.runner)
    by_name = [set(_IN_MATRIX.findall(image.name)) for image in found]
    told_by = set.intersection(*by_name) if by_name else set()
    if any(_one_a_row(job, name) for name in told_by):
        return []
    left = [name for name in dict.fromkeys(names) if name not in told_by]
    alone = [name for name in left if _one_a_row(job, name)]
    return alone[:1] or left


def _one_a_row(job: Job, name: str) -> bool:
    """Whether each row of the matrix has a value of its own there."""
    values = job.matrix.get(name)
    return bool(values) and len(set(values or ())) == job.rows
