"""Made histories, replayed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from context.repository import commit, run_git

from reorder.config import Options
from reorder.simulate.builders import Profile
from reorder.simulate.outcome import Simulated
from reorder.simulate.run import Asked, simulate

NODE = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD npm start\n"
START: dict[str, str | None] = {
    "package.json": '{"name": "a", "version": "1.0.0"}',
    "package-lock.json": '{"name": "a", "lockfileVersion": 3, "packages": {"": {}}}',
    "src/a.js": "1",
    "src/b.js": "1",
    ".dockerignore": "node_modules\ndocs\n.git\n",
}


def made(folder: Path, *changes: Mapping[str, str | None], dockerfile: str = NODE) -> Path:
    """A repository with a commit for each set of files, after one with all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    run_git(folder, "init", "-q")
    commit(folder, {**START, "Dockerfile": dockerfile})
    for files in changes:
        commit(folder, files)
    return folder


def replayed(folder: Path, **asked: object) -> Simulated:
    """The Dockerfile of a folder over its whole history; the first commit is the cold build."""
    asked.setdefault("commits", 1000)
    return simulate(folder / "Dockerfile", Asked(Options(), **asked))  # type: ignore[arg-type]


def counts(found: Simulated, profile: Profile = "local", *, after: bool = False) -> dict[str, int]:
    """How often each step ran again, by the beginning of its text."""
    pair = found.pairs[profile]
    side = pair.after if after else pair.before
    return {" ".join(step.text.split()[:3]): step.reruns for step in side.steps}
