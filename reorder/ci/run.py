"""The CI files of one repository: what each becomes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from reorder.ci.branch import VARIABLE
from reorder.ci.contract import Planned, Settings
from reorder.ci.repository import bases, called, systems
from reorder.ci.table import adapters
from reorder.context.buildfiles import MOST_TEXT
from reorder.context.git import git, toplevel
from reorder.context.project import Project
from reorder.errors import InputError


def planned(root: Path, settings: Settings) -> tuple[Planned, ...]:
    """Every file that builds an image, sorted by path. Raises InputError: it is no folder."""
    if not root.is_dir():
        raise InputError(str(root), "is no folder; name the root of a repository")
    project = Project.open(root)
    settings = replace(
        settings,
        repository=settings.repository or _at_github(root),
        systems=systems(project),
        called=called(project),
        bases=bases(project),
    )
    found: dict[str, Planned] = {}
    for adapter in adapters():
        for path in adapter.files(project):
            text = project.read(path) if path not in found else None
            if text is None or len(text) > MOST_TEXT:
                continue
            answer = adapter.plan(path, text, settings)
            if answer is not None:
                found[path] = answer
                if VARIABLE in answer.after:
                    settings = replace(settings, branched=settings.branched | {path})
    return tuple(found[path] for path in sorted(found))


def main_branch(root: Path) -> str | None:
    """The main branch as the clone knows it (`origin/HEAD`), else one that is usual and there."""
    top = toplevel(root)
    if top is None:
        return None
    head = git(top, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD", timeout=5)
    if head:
        return head.decode("utf-8", "replace").strip().partition("/")[2] or None
    for name in ("main", "master", "trunk", "develop"):
        for place in ("refs/remotes/origin", "refs/heads"):
            if git(top, "rev-parse", "--verify", "--quiet", f"{place}/{name}", timeout=5):
                return name
    return None


def _at_github(root: Path) -> str | None:
    """OWNER/NAME of the remote `origin`, if that is at GitHub."""
    top = toplevel(root)
    url = git(top, "config", "--get", "remote.origin.url", timeout=5) if top is not None else None
    said = (url or b"").decode("utf-8", "replace").strip()
    found = re.search(r"github\.com[:/]([^/\s]+/[^/\s]+?)(?:\.git)?/?$", said)
    return found[1] if found else None
