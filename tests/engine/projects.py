"""The projects under `projects/`, laid out as repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tomli

from reorder.config import ManifestStyle

FOLDER = Path(__file__).parent / "projects"
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


@dataclass(frozen=True, slots=True)
class Project:
    """A folder under `projects/`, as its `project.toml` describes it."""

    name: str
    why: str
    edit: str  # the source file that a developer changes
    install: str | None = None  # text of the step that must then be cached; None: there is none
    install_with: str | None = None  # the one builder for which there is such a step
    untracked: Mapping[str, str] = field(default_factory=dict)  # in the folder, not in git
    unsafe: bool = False  # with --unsafe
    manifest_style: ManifestStyle = "auto"
    commits: Mapping[str, int] = field(default_factory=dict)  # how many more change each file


def projects() -> tuple[Project, ...]:
    """All of them, by name.

    Raises:
        TypeError: a `project.toml` has a key that means nothing, or lacks `why` or `edit`.
    """
    return tuple(
        Project(name=described.parent.name, **tomli.loads(described.read_text()))
        for described in sorted(FOLDER.glob("*/project.toml"))
    )


def lay(project: Project, into: Path) -> None:
    """The project as a clean git work tree, with its untracked files beside."""
    lay_files(FOLDER / project.name, into, project.untracked)
    for path, count in project.commits.items():
        for number in range(count):
            with (into / path).open("a") as text:
                text.write(f"// {number}\n")
            _git(["commit", "-q", "-a", "-m", path], into)


def lay_files(source: Path, into: Path, untracked: Mapping[str, str]) -> None:
    """A folder as a git work tree without its description, and some files that git has not."""
    shutil.copytree(source, into, ignore=shutil.ignore_patterns("project.toml", "trap.toml"))
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        _git(words, into)
    for path, text in untracked.items():
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_text(text)


def _git(words: Sequence[str], folder: Path) -> None:
    subprocess.run(["git", *words], cwd=folder, env=os.environ | _GIT, check=True)
