"""The projects under `projects/`: laid out as a repository, rewritten, edited."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tomli

FOLDER = Path(__file__).parent / "projects"
_ROOT = Path(__file__).parents[2]
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
    builders: tuple[str, ...] = ("persistent",)
    untracked: Mapping[str, str] = field(default_factory=dict)  # in the folder, not in git
    junk: tuple[str, ...] = ()  # image paths that only the image of before may have

    @property
    def cases(self) -> tuple[tuple[Project, str], ...]:
        """One for each kind of builder."""
        return tuple((self, builder) for builder in self.builders)


def projects() -> tuple[Project, ...]:
    """All of them, by name.

    Raises:
        TypeError: a `project.toml` has a key that means nothing, or lacks `why` or `edit`.
    """
    found = []
    for described in sorted(FOLDER.glob("*/project.toml")):
        values = tomli.loads(described.read_text())
        lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
        found.append(Project(name=described.parent.name, **values | lists))
    return tuple(found)


def lay(project: Project, into: Path) -> None:
    """The project as a clean git work tree, with its untracked files beside."""
    shutil.copytree(FOLDER / project.name, into, ignore=shutil.ignore_patterns("project.toml"))
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", *words], cwd=into, env=os.environ | _GIT, check=True)
    for path, text in project.untracked.items():
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_text(text)


def rewrite(folder: Path, builder: str) -> str:
    """Runs `reorder` in place, as a user does; what it shows, which is the diff and its reasons.

    Raises:
        RuntimeError: it did not exit with 0; the message has all that it said.
    """
    words = [sys.executable, "-m", "reorder", "rewrite", "--builder", builder, str(folder)]
    shown = _run(words)
    _run([*words, "--write"])
    return shown


def _run(words: list[str]) -> str:
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode:
        raise RuntimeError(f"{' '.join(words[2:])} exited {done.returncode}:\n{said}")
    return said


def edit(project: Project, folder: Path, mark: str) -> None:
    """Appends a comment to one source file; a `mark` seen before could find the old build."""
    path = folder / project.edit
    sign = "#" if path.suffix in {".py", ".sh"} else "//"
    path.write_text(f"{path.read_text()}{sign} {mark}\n")
