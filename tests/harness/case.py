"""A golden case on disk: what is put in, what is wanted, and why."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from reorder.config import Options

GOLDEN = Path(__file__).parents[2] / "golden"
NOT_CONTEXT = frozenset({"case.toml", "Dockerfile.want", "dockerignore.want"})
KEYS = frozenset(
    {"why", "changes", "refusals", "dockerfile", "builder", "unsafe", "select", "ignore",
     "untracked", "executable", "links", "git", "manifest_style"}
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One folder `golden/<topic>/<case>/`."""

    folder: Path
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """`topic/case`, the test's id."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def dockerfile(self) -> str:
        """The Dockerfile's path within the context."""
        return str(self.data.get("dockerfile", "Dockerfile"))

    @property
    def before(self) -> str:
        """The Dockerfile as it is put in."""
        return _text(self.folder / self.dockerfile) or ""

    @property
    def want(self) -> str:
        """The Dockerfile as it must come out; without `Dockerfile.want` it must stay as it is."""
        text = _text(self.folder / "Dockerfile.want")
        return self.before if text is None else text

    @property
    def want_ignore(self) -> str | None:
        """The ignore file as it must come out, None: it stays as it is."""
        return _text(self.folder / "dockerignore.want")

    @property
    def options(self) -> Options:
        """The options of the run."""
        select = self.data.get("select")
        return Options(
            select=frozenset(select) if select is not None else None,
            ignore=frozenset(self.data.get("ignore", ())),
            unsafe=bool(self.data.get("unsafe", False)),
            builder=self.data.get("builder", "auto"),
            manifest_style=self.data.get("manifest_style", "auto"),
        )

    def unpack(self, target: Path, *, git: bool | None = None) -> Path:
        """Put the context into a folder, committed unless `git` is off; gives the Dockerfile."""
        shutil.copytree(
            self.folder,
            target,
            symlinks=True,
            ignore=lambda _, names: [name for name in names if name in NOT_CONTEXT],
        )
        for path in self.data.get("executable", ()):
            (target / path).chmod(0o755)
        for path, points_to in self.data.get("links", {}).items():
            (target / path).symlink_to(points_to)
        if self.data.get("git", True) if git is None else git:
            commit(target, tuple(self.data.get("untracked", ())))
        return target / self.dockerfile


def cases() -> Iterator[Case]:
    """Every case, in order."""
    for path in sorted(GOLDEN.glob("*/*/case.toml")):
        yield Case(path.parent, tomli.loads(path.read_text()))


def commit(folder: Path, untracked: tuple[str, ...] = ()) -> None:
    """Make the folder a repository with one commit of everything but `untracked`."""
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder))
    subprocess.run((*git, "init", "-q"), check=True)
    subprocess.run((*git, "add", "-A", "-f"), check=True)
    if untracked:
        subprocess.run((*git, "rm", "-rq", "--cached", "--", *untracked), check=True)
    subprocess.run((*git, "commit", "-qm", "x", "--allow-empty"), check=True)


def _text(path: Path) -> str | None:
    if not path.exists():
        return None
    return path.read_bytes().decode("utf-8", "surrogateescape")
