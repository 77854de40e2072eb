"""Travis CI, Drone, Woodpecker and Buildkite: the shell lines of their YAML files.

Sources: each system's documentation of its file. Drone and Woodpecker replace `${NAME}` themselves,
Buildkite `$NAME` too; `$$` is a `$` for the shell there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from reorder.ci.branch import BUILDKITE, DRONE, TRAVIS, Branch
from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.edits import line_of
from reorder.ci.shell.line import Around
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.jobs import Job
from reorder.ci.yaml.nodes import commands, documents, mappings, pairs, said
from reorder.ci.yaml.script import Dialect
from reorder.context.project import Project

if TYPE_CHECKING:
    from yaml.nodes import Node

NAME: Final = "Travis CI, Drone, Woodpecker, Buildkite"
_YAML: Final = (".yml", ".yaml")
# Their steps use the engine of the machine, which stays.
_WOODPECKER: Final = Branch(
    "Woodpecker", ("CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH"), fresh=False
)
_DRONE: Final = replace(DRONE, fresh=False)
_BRACES: Final = Dialect(
    re.compile(r"\$\$|\$\{[^}]*\}"), lambda text: text.replace("${", "$${"), doubled=True
)
_DOLLARS: Final = Dialect(
    re.compile(r"\$\$|\$\{[^}]*\}|\$\w+"), lambda text: text.replace("$", "$$"), doubled=True
)
_PLUGIN: Final = re.compile(
    r"(?:^|/)(?:plugins/(?:docker|ecr|gcr|acr|kaniko)|plugin-docker-buildx)"
)
_REFUSED: Final = "The plugin builds it, and has settings of its own for a cache (`cache_from`)."


@dataclass(frozen=True, slots=True)
class _Kind:
    """One system: where its commands are."""

    name: re.Pattern[str]
    branch: Branch
    keys: tuple[tuple[str, ...], ...]  # lists that run in one shell, one after the other
    dialect: Dialect


_TRAVIS: Final = (
    ("before_install", "install", "before_script", "script"),
    ("after_success", "after_script"),
    ("before_deploy",),
)
_KINDS: Final = (
    _Kind(re.compile(r"\.travis\.yml"), TRAVIS, _TRAVIS, Dialect()),
    _Kind(re.compile(r"\.drone\.ya?ml"), _DRONE, (("commands",),), _BRACES),
    _Kind(re.compile(r"\.woodpecker(\.ya?ml|/.*)"), _WOODPECKER, (("commands",),), _BRACES),
    _Kind(re.compile(r"\.buildkite/.*"), BUILDKITE, (("command",), ("commands",)), _DOLLARS),
)


def files(project: Project) -> list[str]:
    """The files at their usual places."""
    folders = ("", ".woodpecker", ".buildkite")
    every = [path for folder in folders for path in project.children(folder)]
    return sorted(path for path in every if path.endswith(_YAML) and _kind(path))


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The commands of every step."""
    kind = _kind(path)
    if kind is None or not yaml_jobs.may_build(text):
        return None
    read = documents(text)
    if read is None:
        return yaml_jobs.unread(path, text)
    jobs: dict[tuple[int, ...], Job] = {}
    found: list[Found] = []
    for document in read:
        for holder in mappings(document):
            for job in _jobs(text, holder, kind):
                jobs.setdefault(tuple(slot.scalar.start for slot in job.slots), job)
            found += _plugins(text, holder)
    return yaml_jobs.planned(path, text, settings, jobs.values(), found)


def _kind(path: str) -> _Kind | None:
    return next((kind for kind in _KINDS if kind.name.fullmatch(path)), None)


def _jobs(text: str, holder: Node, kind: _Kind) -> Iterator[Job]:
    keys = pairs(holder)
    lists = [
        tuple(slot for key in together if key in keys for slot in commands(text, keys[key]))
        for together in kind.keys
    ]
    texts = ["\n".join(slot.scalar.value for slot in slots) for slots in lists]
    for number, slots in enumerate(lists):
        around = Around("\n".join(texts[:number]), "\n".join(texts[number + 1 :]))
        yield Job(slots, kind.branch, around, kind.dialect)


def _plugins(text: str, holder: Node) -> Iterator[Found]:
    keys = pairs(holder)
    image = said(keys.get("image"))
    if image and _PLUGIN.search(image) and "settings" in keys:
        repo = said(pairs(keys["settings"]).get("repo"))
        line = line_of(text, keys["image"].start_mark.index)
        yield Found(line, image, "refused", _REFUSED, repo)
