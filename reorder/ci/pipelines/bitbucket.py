"""Bitbucket Pipelines: the scripts of the steps in `bitbucket-pipelines.yml`.

Source: Atlassian support, "Enable and use Runtime v3" and "Run Docker commands in Bitbucket
Pipelines": before runtime 3 the engine refuses the privileged container that a builder is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reorder.ci.branch import BITBUCKET
from reorder.ci.contract import Planned, Settings
from reorder.ci.shell.line import Around
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.jobs import Job
from reorder.ci.yaml.nodes import commands, documents, mappings, pairs, said
from reorder.context.project import Project

if TYPE_CHECKING:
    from yaml.nodes import Node

NAME: Final = "Bitbucket Pipelines"
_FILES: Final = ("bitbucket-pipelines.yml", "bitbucket-pipelines.yaml")
_RUNTIME: Final = (
    "The docker service refuses a builder that can export a cache, but for runtime 3 "
    '(`runtime: cloud: version: "3"`).'
)


def files(project: Project) -> list[str]:
    """The one file."""
    return sorted(path for path in project.children("") if path in _FILES)


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The scripts of every step, anchors included."""
    if not yaml_jobs.may_build(text):
        return None
    read = documents(text)
    if read is None:
        return yaml_jobs.unread(path, text)
    jobs: list[Job] = []
    for document in read:
        new = _is_new(pairs(pairs(document).get("options")).get("runtime"))
        steps = [one for one in mappings(document) if "script" in pairs(one)]
        jobs += [job for step in steps for job in _jobs(text, step, new)]
    return yaml_jobs.planned(path, text, settings, jobs)


def _jobs(text: str, step: Node, new: bool) -> Iterator[Job]:
    keys = pairs(step)
    new = _is_new(keys["runtime"]) if "runtime" in keys else new
    main = tuple(commands(text, keys.get("script")))
    said_before = "\n".join(slot.scalar.value for slot in main)
    for slots, around in (
        (main, Around()),
        (tuple(commands(text, keys.get("after-script"))), Around(said_before)),
    ):
        yield Job(slots, BITBUCKET, around, refusal=None if new else _RUNTIME)


def _is_new(runtime: Node | None) -> bool:
    version = said(pairs(pairs(runtime).get("cloud")).get("version"))
    return version is not None and version.isdigit() and int(version) >= 3
