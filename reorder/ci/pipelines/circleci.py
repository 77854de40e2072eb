"""CircleCI: the `run` steps of jobs and commands in `.circleci/`.

Source: CircleCI documentation, "Configuration reference" and "Run Docker commands": the engine of
`setup_remote_docker` is reached by TLS. Each `run` has a shell of its own, so a build is read with
the steps up to the next build, and the variables that it needs are set in its own step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reorder.ci.branch import CIRCLECI
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import line_of
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.jobs import Job
from reorder.ci.yaml.nodes import command, documents, elements, pairs, said, texts, variables
from reorder.ci.yaml.script import Dialect
from reorder.ci.yaml.steps import Step, groups
from reorder.context.project import Project

if TYPE_CHECKING:
    from yaml.nodes import Node

NAME: Final = "CircleCI"
_FOLDER: Final = ".circleci"
# Parameters are put in before a shell reads the command.
_DIALECT: Final = Dialect(
    re.compile(r"<<\s*[\w.\-]+\s*>>"), varies=re.compile(r"<<\s*(?:parameters|matrix)\.")
)
_CLIENT: Final = re.compile(r"cimg/|docker(?::|$)")
_DEPTH: Final = 6
_LEGACY: Final = re.compile(r"^circleci/")
_BUILD_ORB: Final = re.compile(
    r"^(?:docker|aws-ecr|gcp-gcr|gcp-artifact-registry|azure-acr)/"
    r"(?:build|publish|build[-_]and[-_]push[-_]image|build[-_]push[-_]image|build[-_]image)$"
)


def files(project: Project) -> list[str]:
    """The configuration files of its folder."""
    return sorted(p for p in project.children(_FOLDER) if p.endswith((".yml", ".yaml")))


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The steps of every job and every reusable command."""
    if not yaml_jobs.may_build(text):
        return None
    read = documents(text)
    if read is None:
        return yaml_jobs.unread(path, text)
    jobs: list[Job] = []
    found: list[Found] = []
    for document in read:
        keys = pairs(document)
        executors = pairs(keys.get("executors"))
        for kind in ("jobs", "commands"):
            for holder in pairs(keys.get(kind)).values():
                job = pairs(holder)
                steps = list(_steps(text, job.get("steps")))
                made = _jobs(job, executors, steps)
                jobs += [replace(one, again=kind == "commands") for one in made]
                found += _orbs(text, job.get("steps"))
        for flow in pairs(keys.get("workflows")).values():
            found += _orbs(text, pairs(flow).get("jobs"))
    return yaml_jobs.planned(path, text, settings, jobs, found)


def _jobs(job: Mapping[str, Node], executors: Mapping[str, Node], steps: list[Step]) -> list[Job]:
    where = {**pairs(_executor(job, executors)), **job}
    images = [image for one in elements(where.get("docker")) if (image := _image(one))]
    legacy = next((image for image in images if _LEGACY.match(image)), None)
    refusal = (
        f"The retired image {legacy} brings a docker client without buildx." if legacy else None
    )
    tls = "setup_remote_docker" in {step.name for step in steps} or "machine" not in where
    other = [i for i in images[:1] if not _CLIENT.match(i) and "machine" not in where]
    warnings = tuple(f"The job's image {image} must bring docker with buildx." for image in other)
    known = variables(job.get("environment"))
    return [
        Job(
            one.slots,
            CIRCLECI,
            one.around,
            _DIALECT,
            refusal or one.refusal,
            warnings,
            tls=tls,
            follows=number > 0,
        )
        for number, one in enumerate(groups(steps, known))
    ]


def _executor(job: Mapping[str, Node], executors: Mapping[str, Node]) -> Node | None:
    named = job.get("executor")
    name = said(named) or said(pairs(named).get("name"))
    return executors.get(name or "")


def _image(node: Node) -> str | None:
    return said(pairs(node).get("image"))


def _steps(text: str, node: Node | None, depth: int = 0) -> Iterator[Step]:
    """The steps of a list, those below `when` and `unless` included."""
    for step in elements(node):
        name = said(step)
        if name is not None:
            yield Step(name)
        for key, value in pairs(step).items():
            if key in ("when", "unless"):
                below = pairs(value).get("steps") if depth < _DEPTH else None
                yield from _steps(text, below, depth + 1)
                continue
            body = value if said(value) is not None else pairs(value).get("command")
            if key != "run" or body is None:
                yield Step(key)
                continue
            plain = set(pairs(value)) <= {"name", "command"} and len(pairs(step)) == 1
            yield Step(key, command(text, body, step if plain else body), not depth)


def _orbs(text: str, node: Node | None) -> Iterator[Found]:
    """Jobs and steps of orbs that build images."""
    for step in elements(node):
        for name in [*texts(step), *pairs(step)]:
            if _BUILD_ORB.match(name):
                reason = (
                    "The orb builds it; its extra arguments can take --cache-from and --cache-to."
                )
                yield Found(line_of(text, step.start_mark.index), name, "refused", reason)
