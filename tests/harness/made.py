"""Facts and results from a Dockerfile text and a context in memory."""

from __future__ import annotations

from collections.abc import Mapping

from reorder.api import rewrite
from reorder.config import Options
from reorder.context.build import BuildContext, build_context
from reorder.context.project import Project
from reorder.graph.facts import Facts, derive
from reorder.result import Result
from reorder.syntax.parse import parse


def context(files: Mapping[str, str] | None = None, **more: object) -> BuildContext:
    """A build context in memory; every file is tracked unless `tracked` says otherwise."""
    files = files or {}
    tracked = more.pop("tracked", tuple(files))
    project = Project.of(files, tracked=tracked, **more)  # type: ignore[arg-type]
    return build_context(project, "Dockerfile")


def facts(text: str, files: Mapping[str, str] | None = None) -> Facts:
    """The facts of a Dockerfile."""
    return derive(parse(text), context(files))


def run(text: str, files: Mapping[str, str] | None = None, **options: object) -> Result:
    """The whole pipeline."""
    return rewrite(
        parse(text),
        "Dockerfile",
        context(files),
        Options(**options),  # type: ignore[arg-type]
    )
