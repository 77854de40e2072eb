"""The files in which a repository builds images, at the usual places, and how to read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reorder.context import yamltext
from reorder.context.project import Project

MOST_FILES = 60  # compose files, and as many workflows
MOST_SCRIPTS = 300
MOST_TEXT = 1 << 18  # of a file that is parsed
WORKFLOWS = ".github/workflows"
FOLDERS = (
    "", ".azure", ".azure-pipelines", ".buildkite", ".ci", ".circleci", WORKFLOWS,
    ".gitlab", ".gitlab/ci", ".semaphore", "azure-pipelines", "bin", "build", "ci", "deploy",
    "docker", "hack", "jenkins", "script", "scripts", "tools",
)  # fmt: skip
_YAML = (".yml", ".yaml")
_ENDINGS = (".sh", ".bash", ".ps1", *_YAML, ".mk", ".groovy")
_NAMES = ("Jenkinsfile", "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile")
_HASH, _SLASHES = re.compile(r"(?:^|\s)#"), re.compile(r"(?:^|\s)//")
_BLOCK = re.compile(r"/\*.*?\*/", re.DOTALL)


def scripts(project: Project) -> list[str]:
    """CI files, build scripts and makefiles."""
    actions = [entry.path for entry in project.children(".github/actions").values()]
    found = [
        entry.path
        for folder in (*FOLDERS, *actions)
        for entry in project.children(folder).values()
        if entry.kind == "file" and (entry.name.startswith(_NAMES) or entry.name.endswith(_ENDINGS))
    ]
    return found[:MOST_SCRIPTS]


def is_compose(path: str) -> bool:
    """Whether a path is by its name a compose file."""
    return path.endswith(_YAML) and "compose" in path.rpartition("/")[2]


def compose_files(project: Project) -> list[str]:
    """The compose files at the root and one folder below."""
    folders = ["", *(e.path for e in project.children("").values() if e.kind == "dir")]
    names = [path for folder in folders for path in project.children(folder) if is_compose(path)]
    return sorted(names)[:MOST_FILES]


def workflows(project: Project) -> list[str]:
    """The workflows of GitHub Actions."""
    flows = [path for path in project.children(WORKFLOWS) if path.endswith(_YAML)]
    return sorted(flows)[:MOST_FILES]


def bake_files(project: Project) -> list[str]:
    """The files of `docker buildx bake`, at the usual places."""
    return [
        entry.path
        for folder in FOLDERS
        for entry in project.children(folder).values()
        if "bake" in entry.name and entry.name.endswith((".hcl", ".json"))
    ][:MOST_FILES]


def load_yaml(text: str) -> Any:
    """What a YAML text says; None for what is none, or too large."""
    try:
        return yamltext.load(text)
    except ValueError:
        return None


def steps(data: Any) -> Iterator[dict[Any, Any]]:
    """Every step of a workflow's jobs, or of a composite action."""
    if not isinstance(data, dict):
        return
    jobs = data.get("jobs")
    holders = [*(jobs.values() if isinstance(jobs, dict) else ()), data.get("runs")]
    for holder in holders:
        found = holder.get("steps") if isinstance(holder, dict) else None
        for step in found if isinstance(found, list) else ():
            if isinstance(step, dict):
                yield step


def services(data: Any) -> Iterator[dict[Any, Any]]:
    """Every service of a compose file."""
    found = data.get("services") if isinstance(data, dict) else None
    for service in found.values() if isinstance(found, dict) else ():
        if isinstance(service, dict):
            yield service


def numbered_lines(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Numbered lines without comments; a line that ends in a backslash goes on."""
    mark = _HASH
    if path.endswith(".groovy") or path.rpartition("/")[2].startswith("Jenkinsfile"):
        text = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
        mark = _SLASHES
    kept, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        line = mark.split(line, maxsplit=1)[0].rstrip()
        first = first or number
        if line.endswith("\\"):
            kept += line[:-1] + " "
            continue
        yield first, kept + line
        kept, first = "", 0
    if kept:
        yield first, kept
