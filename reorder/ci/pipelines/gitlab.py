"""GitLab CI: `.gitlab-ci.yml` and the files below `.gitlab/`.

Source: GitLab documentation, "CI/CD YAML syntax reference" and "Predefined variables". In a merge
request's pipeline CI_COMMIT_REF_SLUG is the source branch's (gitlab-foss!27663).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from reorder.ci.branch import GITLAB
from reorder.ci.contract import Planned, Settings
from reorder.ci.shell.line import Around
from reorder.ci.yaml import jobs as yaml_jobs
from reorder.ci.yaml.jobs import Job
from reorder.ci.yaml.nodes import commands, documents, elements, pairs, said, texts, variables
from reorder.context.project import Project

if TYPE_CHECKING:
    from yaml.nodes import Node

NAME: Final = "GitLab CI"
_ROOT: Final = ".gitlab-ci"
_FOLDERS: Final = (".gitlab", ".gitlab/ci", "ci", ".ci")
_YAML: Final = (".yml", ".yaml")
# Docker Official Images got buildx in May 2022 (docker-library/official-images#12403).
_OLD_CLIENT: Final = re.compile(
    r"(?:^|/)docker:(?:stable|edge|test|1[0-9]\b|20\.10\.(?:[0-9]|1[0-5])\b)"
)
_CLIENT: Final = re.compile(r"(?:^|/)docker(?::|$)")
_EXTENDS: Final = 10  # levels; GitLab allows 11


def files(project: Project) -> list[str]:
    """The root file, and what GitLab's own folders hold."""
    found = [p for p, e in project.children("").items() if e.name.startswith(_ROOT)]
    found += [path for root in found for path in _included(project, root)]
    for folder in _FOLDERS:
        wanted = folder.startswith(".gitlab")
        found += [p for p in project.children(folder) if wanted or "gitlab" in p]
    return sorted({path for path in found if path.endswith(_YAML)})


def _included(project: Project, root: str) -> Iterator[str]:
    """The files of the repository that a file includes, by name or pattern."""
    for document in documents(project.read(root) or "") or ():
        include = pairs(document).get("include")
        named = [said(one) or said(pairs(one).get("local")) for one in elements(include)]
        for name in (*named, said(include), said(pairs(include).get("local"))):
            path = (name or "").lstrip("/")
            folder = path.rpartition("/")[0]
            yield from (one for one in project.children(folder) if fnmatchcase(one, path))


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The scripts of every job and template."""
    if not yaml_jobs.may_build(text):
        return None
    read = documents(text)
    if read is None:
        return yaml_jobs.unread(path, text)
    jobs = [job for document in read for job in _jobs(text, _File(pairs(document)))]
    return yaml_jobs.planned(path, text, settings, jobs)


@dataclass(frozen=True, slots=True)
class _File:
    """The keys of a file, jobs and settings alike."""

    keys: Mapping[str, Node]

    def key(self, name: str, key: str) -> Node | None:
        """A job's setting: its own, that of what it extends, or the default."""
        for owner in self.line(name):
            if (found := pairs(self.keys.get(owner)).get(key)) is not None:
                return found
        default = pairs(self.keys.get("default")).get(key)
        return default if default is not None else self.keys.get(key)

    def line(self, name: str, depth: int = 0) -> list[str]:
        """A job and what it extends, the nearest first."""
        found = [name]
        for parent in reversed(texts(pairs(self.keys.get(name)).get("extends"))):
            if depth < _EXTENDS and parent not in found:
                found += [one for one in self.line(parent, depth + 1) if one not in found]
        return found

    def variables(self, name: str) -> dict[str, str]:
        """What a job's variables are before a rule changes them."""
        found = variables(self.keys.get("variables"))
        for owner in reversed(self.line(name)):
            found.update(variables(pairs(self.keys.get(owner)).get("variables")))
        return found


def _jobs(text: str, file: _File) -> Iterator[Job]:
    for name, node in file.keys.items():
        own = pairs(node)
        if "script" not in own and "before_script" not in own and "after_script" not in own:
            continue
        image, services = _image(file.key(name, "image")), file.key(name, "services")
        dind = any("dind" in (_image(one) or "") for one in elements(services))
        # Without a service of its own a job uses the engine of its machine, which stays.
        branch = replace(GITLAB, fresh=dind)
        known = file.variables(name)
        tls = dind and known.get("DOCKER_TLS_CERTDIR") != ""
        warnings: tuple[str, ...] = ()
        if image and not _CLIENT.search(image) and "$" not in image:
            warnings = (f"The job's image {image} must bring docker with buildx.",)
        old = bool(image and _OLD_CLIENT.search(image))
        refusal = f"The docker client of {image} has no buildx." if old else None
        away = [one for one in file.line(name) if one not in file.keys]
        if away and services is None:
            refusal = f"It extends {away[0]}, which another file sets up."
        before = "\n".join(texts(file.key(name, "before_script")))
        main = "\n".join(texts(own.get("script")))
        for key in ("before_script", "script", "after_script"):
            around = Around(
                before if key == "script" else "",
                main if key == "before_script" else "",
                variables=known,
            )
            slots = tuple(commands(text, own.get(key)))
            varying = _varying(file, key, own.get(key))
            yield Job(
                slots,
                branch,
                around,
                refusal=refusal,
                warnings=warnings,
                tls=tls,
                varying=varying,
            )


def _varying(file: _File, key: str, script: Node | None) -> frozenset[str]:
    """The variables that the jobs with one script set to different values."""
    users = [one for one in file.keys if script is not None and file.key(one, key) is script]
    jobs = [one for one in users if not one.startswith(".")]
    values = [file.variables(one) for one in jobs]
    names = {name for some in values for name in some}
    found = {name for name in names if len({some.get(name) for some in values}) > 1}
    for one in users:
        matrix = pairs(pairs(file.keys.get(one)).get("parallel")).get("matrix")
        found |= {name for row in elements(matrix) for name in pairs(row)}
    return frozenset(found)


def _image(node: Node | None) -> str | None:
    return said(node) or said(pairs(node).get("name"))
