"""Which contexts a repository says a Dockerfile is built with: compose files and CI workflows.

Sources: the compose specification, "build"; docker/build-push-action, inputs `context` and `file`;
`docker build --help`. Anything with a variable in it is left out: its value is not known.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reorder.context.buildfiles import (
    MOST_TEXT,
    WORKFLOWS,
    compose_files,
    is_compose,
    load_yaml,
    services,
    steps,
    workflows,
)
from reorder.context.project import Project

_WITH_VALUE = frozenset({"-t", "--tag", "--build-arg", "--target", "--platform", "--label", "-o"})


def stated_contexts(dockerfile: Path, top: Path) -> tuple[Path, ...]:
    """The folders that files of the repository at `top` name as context of a Dockerfile."""
    wanted = os.path.abspath(dockerfile)
    project = Project.open(top)
    found: dict[Path, None] = {}
    for path in [*compose_files(project), *workflows(project)]:
        text = project.read(path)
        if text is None or len(text) > MOST_TEXT or "build" not in text:
            continue
        folder = top if path.startswith(WORKFLOWS) else (top / path).parent
        for context, name in _builds(load_yaml(text)):
            if "$" in context + name or "://" in context:
                continue
            # A workflow names the file from the repository's root, compose from the context.
            base = folder if path.startswith(WORKFLOWS) and name else folder / context
            if os.path.abspath(base / (name or "Dockerfile")) == wanted:
                found[Path(os.path.abspath(folder / context))] = None
    return tuple(found)


def compose_root(folder: Path) -> Path | None:
    """Without a repository: the nearest of three folders above that has a compose file."""
    for above in list(folder.parents)[:3]:
        if any(is_compose(path) for path in Project.open(above).children("")):
            return above
    return None


def _builds(data: Any) -> Iterator[tuple[str, str]]:
    """Context and Dockerfile (empty: the default) of every build in a compose file or workflow."""
    for service in services(data):
        build = service.get("build")
        if isinstance(build, str):
            yield build, ""
        elif isinstance(build, dict) and "dockerfile_inline" not in build:
            yield str(build.get("context", ".")), str(build.get("dockerfile", ""))
    for step in steps(data):
        yield from _step(step)


def _step(step: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    given = step.get("with")
    if str(step.get("uses", "")).startswith("docker/build-push-action"):
        inputs = given if isinstance(given, dict) else {}
        yield str(inputs.get("context", ".")), str(inputs.get("file", ""))
    for line in str(step.get("run", "")).replace("\\\n", " ").splitlines():
        yield from _command(line)


def _command(line: str) -> Iterator[tuple[str, str]]:
    """`docker build [-f FILE] CONTEXT`; a line that is no simple command is left out."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return
    if words[:2] == ["docker", "buildx"]:
        words.pop(1)
    if words[:2] != ["docker", "build"] or any(word in ("&&", "||", ";", "|") for word in words):
        return
    name, places, rest = "", [], words[2:]
    while rest:
        word = rest.pop(0)
        if word in ("-f", "--file") and rest:
            name = rest.pop(0)
        elif word.startswith("--file="):
            name = word.partition("=")[2]
        elif word in _WITH_VALUE and rest:
            rest.pop(0)
        elif not word.startswith("-"):
            places.append(word)
    if len(places) == 1:
        yield places[0], name
