"""The one table of what can be rewritten."""

from __future__ import annotations

from importlib import import_module
from typing import Final, cast

from reorder.ci.contract import Adapter

ADAPTERS: Final[tuple[str, ...]] = (
    "build_files.compose",
    "build_files.bake",
    "github.workflows",  # knows then which of those take the branch from a variable
    "pipelines.gitlab",
    "pipelines.circleci",
    "pipelines.bitbucket",
    "pipelines.azure",
    "pipelines.jenkinsfile",
    "pipelines.others",
    "shell.files",
    "make.makefile",
)


def adapters() -> tuple[Adapter, ...]:
    """Every adapter, in the order in which files are asked about; the first that answers counts."""
    return tuple(cast(Adapter, import_module(f"reorder.ci.{name}")) for name in ADAPTERS)
