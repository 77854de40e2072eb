"""Whether a job has a builder that can export a cache, and whether one can be added.

Docker's own driver cannot (Docker documentation, "Cache storage backends"); what another one
builds is in Docker only if it is told to load it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from reorder.ci.github.builds import Build
from reorder.ci.github.expressions import condition
from reorder.ci.github.file import Step
from reorder.ci.github.policy import holds
from reorder.ci.github.runs import Run

BUILDX: Final = "docker/setup-buildx-action"
BUILDX_NAME: Final = "/setup-buildx-action"  # of copies of it, too
_LOCAL: Final = re.compile(r"\b(?:docker|docker-compose|kind|minikube|k3d|trivy|grype|dive)\b")
_LOCAL_ACTIONS: Final = re.compile(r"trivy|scout|grype|anchore|snyk|dive|docker://|kind|sbom")
_LOCAL_ONLY: Final = re.compile(r"\bdocker\s+(?:image\s+)?(?:tag|push|save)\b")
_CREATES: Final = re.compile(r"docker buildx (?:create\b.*--use|use)\b")


def missing(build: Build, runs: Sequence[Run]) -> bool | str:
    """Whether buildx must be set up first; a reason if that cannot be done."""
    if build.step.inputs.get("builder") or "BUILDX_BUILDER" in build.env:
        return False
    before = build.job.steps[: build.step.index]
    made = [
        one for one in before if one.action.endswith(BUILDX_NAME) or (one.run and _creates(one))
    ]
    for one in made:
        if one.inputs.get("driver", "").strip() == "docker":
            return "its builder has the driver `docker`, which cannot export a cache"
    if any(_covers(one.condition, build, runs) for one in made):
        return False
    if made:
        return "buildx is set up in only some of the runs that come to it"
    machines = f"{build.job.runner} {build.job.matrix}".lower()
    if "windows" in machines:
        return "it runs on Windows, for which no builder with a cache export builds"
    if "self-hosted" in machines:
        return "a self-hosted runner may keep Docker's own cache, which a builder would not use"
    if taken_from_docker(build):
        return (
            "buildx is not set up, and a later step takes the image from Docker itself; set up "
            "docker/setup-buildx-action and `load: true` first"
        )
    return True


def taken_from_docker(build: Build) -> bool:
    """Whether a later step needs the image in Docker, and the build does not say to load it."""
    later = build.job.steps[build.step.index + 1 :]
    loads = build.step.inputs.get("load", "").strip().lower() == "true"
    if loads or "outputs" in build.step.inputs:
        return False
    always = build.pushes == "true"
    local = _LOCAL_ONLY if always else _LOCAL
    uses = any(one.run and local.search(one.run.value) for one in later)
    return uses or (not always and any(_LOCAL_ACTIONS.search(one.uses) for one in later))


def _covers(told: str, build: Build, runs: Sequence[Run]) -> bool:
    """Whether a step with this `if:` runs whenever the build does."""
    if not told or told in (build.step.condition, build.job.condition):
        return True
    when = condition(told)
    return when is None or all(holds(when, run, build.env) is True for run in runs)


def _creates(step: Step) -> bool:
    return step.run is not None and bool(_CREATES.search(step.run.value))
