"""What a repository says of itself: its CI systems, what they run, and what its images build on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reorder.ci.branch import SYSTEMS
from reorder.context.buildfiles import MOST_TEXT, numbered_lines, scripts, workflows
from reorder.context.discover import is_dockerfile_name
from reorder.context.project import Project

_FROM: Final = re.compile(r"^[ \t]*FROM(?:[ \t]+--\S+)*[ \t]+(\S+)|--from=(\S+)", re.I | re.M)
_WORD: Final = re.compile(r"[\w./-]+")
_MAKE: Final = re.compile(r"(?<![\w./-])make(?![\w./-])([^;&|#\n]*)")
_SKIPPED: Final = frozenset((".git", "node_modules", "vendor", "third_party"))
_YAML: Final = (".yml", ".yaml")


def systems(project: Project) -> tuple[str, ...]:
    """The files and folders of the CI systems that it uses."""
    return tuple(name for name, _ in SYSTEMS if project.exists(name))


def called(project: Project) -> frozenset[str]:
    """The words of the commands in its CI files, paths without `./`; `make x` for a target."""
    found: set[str] = set()
    for path in _ci_files(project):
        text = project.read(path)
        if text is None or len(text) > MOST_TEXT:
            continue
        for _, line in numbered_lines(text, path):
            found.update(word.removeprefix("./") for word in _WORD.findall(line))
            for words in _MAKE.findall(line):
                targets = [word for word in _WORD.findall(words) if not word.startswith("-")]
                found.update(f"make {word}" for word in targets or [""])
    return frozenset(found)


def _ci_files(project: Project) -> Iterable[str]:
    places = (".travis.yml", ".drone.yml", ".gitlab-ci.yml", "bitbucket-pipelines.yml")
    usual = [p for p in scripts(project) if p.endswith(_YAML) or "Jenkinsfile" in p]
    return dict.fromkeys((*workflows(project), *usual, *(p for p in places if project.exists(p))))


def bases(project: Project) -> frozenset[str]:
    """The images, without tags, that its Dockerfiles name: in FROM and in `--from`."""
    found: set[str] = set()
    for entry in project.walk(lambda folder: folder.rpartition("/")[2] not in _SKIPPED):
        if entry.kind != "file" or not is_dockerfile_name(entry.name):
            continue
        for named in _FROM.findall(project.read(entry.path) or ""):
            name = (named[0] or named[1]).partition("@")[0]
            folder, slash, last = name.rpartition("/")
            found.add(folder + slash + last.partition(":")[0])
    return frozenset(found)
