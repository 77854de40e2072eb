"""Options that another command shares with `rewrite`: declared once, there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from reorder.cli.rewrite import rewrite
from reorder.config import Options

SETTINGS = ("config", "no_config")  # where the others may stand
CHOICES = (
    "select", "ignore", "unsafe", "context", "builder", "manifest_style", "history", "commits",
    "timings", "min_percent", "min_seconds", *SETTINGS,
)  # fmt: skip


def as_rewrite(*names: str) -> Callable[[click.Command], click.Command]:
    """A decorator that gives a command these options of `rewrite`, below its own."""

    def added(command: click.Command) -> click.Command:
        command.params += [option for option in rewrite.params if option.name in names]
        return command

    return added


def options(choices: Mapping[str, Any]) -> Options:
    """The options of a run that has no settings file; what was not chosen has its default."""
    return Options(**{name: value for name, value in choices.items() if value is not None})
