"""Shell scripts that build images."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from reorder.ci.branch import SYSTEMS as KNOWN
from reorder.ci.branch import Branch, anywhere
from reorder.ci.contract import Planned, Settings
from reorder.ci.edits import applied
from reorder.ci.repository import called
from reorder.ci.shell.line import Around, rewrite_script
from reorder.context.buildfiles import scripts
from reorder.context.project import Project

NAME: Final = "shell scripts"
_ENDINGS: Final = (".sh", ".bash")
_SHEBANG: Final = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-S\s+)?)?([a-z]+)\b")
_SHELLS: Final = frozenset(("sh", "bash", "dash", "ash", "ksh"))


def files(project: Project) -> list[str]:
    """The scripts at the usual places, and those that a CI file names."""
    usual = [path for path in scripts(project) if path.endswith(_ENDINGS)]
    named = [word for word in called(project) if word.endswith(_ENDINGS) or "/" in word]
    there = [path for path in named if _is_script(project, path)]
    return sorted({*usual, *there})


def _is_script(project: Project, path: str) -> bool:
    entry = project.entry(path) if not path.startswith(("/", "..")) else None
    if entry is None or entry.kind != "file":
        return False
    return path.endswith(_ENDINGS) or (project.read(path) or "").startswith("#!")


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The script with caches; None: it builds no image, or is none of a POSIX shell."""
    shell = _SHEBANG.match(text)
    if "docker" not in text or (
        text.startswith("#!") and (shell is None or shell[1] not in _SHELLS)
    ):
        return None
    by_hand = not _called(path, settings)
    branch = of(() if by_hand else settings.systems)
    edits, found = rewrite_script(text, settings, branch, Around(by_hand=by_hand))
    return Planned(path, text, applied(text, edits), tuple(found)) if found else None


def of(systems: Iterable[str]) -> Branch:
    """How a script learns of the branch, whichever of these systems calls it."""
    there = frozenset(systems)
    return anywhere(branch for name, branch in KNOWN if name in there)


def _called(path: str, settings: Settings) -> bool:
    """Whether a CI file names the script; by its name alone when it is called in its folder."""
    return path in settings.called or path.rpartition("/")[2] in settings.called
