"""What the command line and the settings files together say, for each Dockerfile."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from reorder.config import Options
from reorder.errors import InputError

if TYPE_CHECKING:
    from reorder.settings.file import SettingsFile
    from reorder.settings.find import Read
    from reorder.settings.inforce import Setting

_SAID = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def settings_options(command: Callable[..., int]) -> Callable[..., int]:
    """A decorator: `--config` and `--no-config`."""
    named = click.option(
        "--config",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="The settings; otherwise reorder.toml or pyproject.toml, the nearest above a PATH.",
    )
    none = click.option("--no-config", is_flag=True, help="Read no settings file.")
    return named(none(command))


def _read_once() -> Read:
    from reorder.settings.find import read

    return cache(read)


@dataclass(frozen=True)
class Configured:
    """`given` has what the command line says, by the name of the option in code."""

    given: Mapping[str, Any] = field(default_factory=dict)
    config: Path | None = None
    no_config: bool = False
    aside: frozenset[str] = frozenset()  # options of the command that `rewrite` has as well
    _read: Read = field(default_factory=_read_once, repr=False)
    _known: dict[str, SettingsFile | None] = field(default_factory=dict, repr=False)

    def options(self, dockerfile: str | Path) -> Options:
        """The options for a Dockerfile. Raises InputError for a settings file that is wrong."""
        if self.file(Path(dockerfile).parent) is None:
            return Options(**{n: v for n, v in self._given.items() if n in Options.__slots__})
        from reorder.settings.inforce import options

        return options(self.in_force(dockerfile), check=bool(self.given.get("check", False)))

    def place_of_stdin(self) -> Path:
        """The path whose settings hold for text that has no file: a Dockerfile in the context."""
        return Path(self.given.get("context") or "", "Dockerfile")

    def in_force(self, dockerfile: str | Path) -> dict[str, Setting]:
        """The settings for a Dockerfile, each with where it is from."""
        from reorder.settings.inforce import in_force

        path = Path(dockerfile)
        return in_force(self.file(path.parent), path, self._given)

    @property
    def _given(self) -> dict[str, Any]:
        return {name: value for name, value in self.given.items() if name not in self.aside}

    def own(self, folder: Path, command: str) -> dict[str, Setting]:
        """What a command has of its own, in a folder."""
        from reorder.settings.inforce import table_in_force

        return table_in_force(self.file(folder), command, self.given)

    def file(self, folder: Path) -> SettingsFile | None:
        """The settings file for a folder; None: there is none, or none is to be read."""
        if self.no_config:
            return None
        if self.config is None:
            from reorder.settings.find import nearest

            at = os.path.abspath(folder)
            if at not in self._known:
                self._known[at] = nearest(folder, self._read)
            return self._known[at]
        found = self._read(self.config)
        if found is None:
            raise InputError(str(self.config), "has no [tool.reorder]")
        return found


def configured(*aside: str) -> Configured:
    """What the command that runs was told; `aside` are options that mean another thing to it.

    Raises click.UsageError for a contradiction.
    """
    context = click.get_current_context()
    given = {
        name: value
        for name, value in context.params.items()
        if context.get_parameter_source(name) in _SAID
    }
    config, no_config = given.get("config"), bool(given.get("no_config"))
    if config is not None and no_config:
        raise click.UsageError("--config and --no-config exclude each other.")
    return Configured(given, config, no_config, frozenset(aside))


def folder_of(path: str | Path) -> Path:
    """The folder whose settings hold for a PATH: its own if it is a folder."""
    return Path(path) if os.path.isdir(path) else Path(path).parent
