"""The files that remove old caches: where they go, and what they say.

GitHub's goes among the workflows if there are any, all others to the folder of CI scripts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import Final

from reorder.ci.prune.policies import cleanup, lifecycle
from reorder.ci.registries import Prune, host
from reorder.context.buildfiles import WORKFLOWS, workflows
from reorder.context.project import Project

WORKFLOW: Final = f"{WORKFLOWS}/prune-build-cache.yml"
_FOLDERS: Final = ("ci", ".ci", "scripts")  # the first that is there, else the first
NAMES: Final[dict[Prune, str]] = {  # of the files that are written
    "api": "prune-cache.sh",
    "nexus": "prune-cache.sh",
    "ghcr": "prune-ghcr-cache.sh",
    "ecr": "ecr-lifecycle-policy.json",
    "artifact-registry": "artifact-registry-cleanup.json",
}


def path_of(prune: Prune, project: Project) -> str | None:
    """Where the file for a kind of registry goes; None: there is none."""
    name = NAMES.get(prune)
    if name is None:
        return None
    if prune == "ghcr" and workflows(project):
        return WORKFLOW
    there = (f for f in _FOLDERS if (entry := project.entry(f)) and entry.kind == "dir")
    return f"{next(there, _FOLDERS[0])}/{name}"


def text_of(
    prune: Prune, caches: Sequence[str], path: str, mains: Collection[str] | None
) -> str | None:
    """What the file says; `mains` are the tags of the main branch's caches, None: not known."""
    match prune:
        case "ecr":
            return lifecycle()
        case "artifact-registry":
            return cleanup((_package(cache) for cache in caches), mains)
        case "ghcr":
            script = _script("prune-ghcr.sh")
            if path != WORKFLOW:
                return script.replace("@CACHES@", " ".join(caches))
            return _workflow(script, caches)
        case "api" | "nexus":
            script = _script("prune-cache.sh").replace("@PATH@", path)
            return script.replace("@CACHES@", "\n".join(caches))
        case _:
            return None


def _workflow(script: str, caches: Sequence[str]) -> str:
    """The script as a step: the workflow says what its head says."""
    body = script[script.index("\nbranches=") + 1 :]
    return (
        _script("prune-ghcr.yml")
        .replace("@CACHES@", _indented("\n".join(caches), 12))
        .replace("@SCRIPT@\n", _indented(body, 10))
    )


def _indented(text: str, by: int) -> str:
    return "".join(
        " " * by + line if line.strip() else line for line in text.splitlines(keepends=True)
    )


def _script(name: str) -> str:
    return (files("reorder.ci.prune") / "scripts" / name).read_text(encoding="utf-8")


def _package(cache: str) -> str:
    """`app` of LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/app, and of gcr.io/PROJECT/app."""
    skipped = 2 if host(cache).endswith("gcr.io") else 3
    return "/".join(cache.split("/")[skipped:]) or cache.rpartition("/")[2]
