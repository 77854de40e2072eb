"""Which compose and bake files the CI files and scripts of a repository build and push."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Final

from reorder.context.buildfiles import numbered_lines, scripts, workflows
from reorder.context.project import Project

_COMPOSE: Final = re.compile(r"\bdocker[- ]compose\b(?P<words>[^;|]*)")
_BAKE: Final = re.compile(r"\bdocker(?:-| )buildx\b[^;|]*?\b(?:bake|f)\b(?P<words>[^;|]*)")
_ACTION: Final = re.compile(r"uses:\s*[\"']?docker/bake-action@")
_FILE: Final = re.compile(r"(?:^|\s)(?:-f|--file)[ =]\s*[\"']?([^\s\"']+)")
_LISTED: Final = re.compile(r"[\w./-]+\.(?:ya?ml|hcl|json)\b")
_PUSH: Final = re.compile(r"(?:^|\s)(?:push|--push)\b|\*?\.?output=type=registry")
COMPOSE_NAMES: Final = (
    "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml",
)  # fmt: skip
BAKE_NAMES: Final = (*COMPOSE_NAMES, "docker-bake.json", "docker-bake.hcl")


def pushed(project: Project) -> frozenset[str]:
    """The files, as far as commands name them; with no name it is the default at the root."""
    found: set[str] = set()
    for path in dict.fromkeys((*scripts(project), *workflows(project))):
        text = project.read(path)
        if text is None or not ("compose" in text or "bake" in text):
            continue
        lines = [line for _, line in numbered_lines(text, path)]
        found |= _commands(lines, _COMPOSE, COMPOSE_NAMES)
        found |= _commands(lines, _BAKE, BAKE_NAMES)
        if any(_ACTION.search(line) for line in lines) and re.search(r"push:\s*(?!false)\S", text):
            named = [name for line in lines for name in _LISTED.findall(line)]
            bakes = [name for name in named if "bake" in name or "compose" in name]
            found |= set(bakes) if bakes else set(BAKE_NAMES)
    return frozenset(posixpath.normpath(path) for path in found)


def _commands(
    lines: Iterable[str], command: re.Pattern[str], defaults: tuple[str, ...]
) -> set[str]:
    """The files of the commands of one text, if one of them pushes."""
    words = [found["words"] for line in lines for found in command.finditer(line)]
    if not any(_PUSH.search(one) for one in words):
        return set()
    return {name for one in words for name in (_FILE.findall(one) or defaults)}
