"""What is in force for one Dockerfile: the default, the file, its overrides, the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reorder.config import Options
from reorder.errors import InputError
from reorder.settings.file import SettingsFile, Value
from reorder.settings.keys import KEYS, TABLES, Key

DEFAULT, COMMAND_LINE = "default", "command line"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value, and where it is from: `default`, `command line` or `path:line`."""

    value: Any
    source: str


def in_force(
    file: SettingsFile | None, dockerfile: Path, given: Mapping[str, Any]
) -> dict[str, Setting]:
    """By key; what is further down this list counts: default, file, overrides in order, `given`.

    `given` has what the command line says, by the name of the option in code. Raises InputError
    for a path that is not there.
    """
    values: dict[str, Value] = {}
    if file is not None:
        values.update(file.values)
        inside = _inside(file, dockerfile)
        for override in file.overrides:
            if inside is not None and override.paths.excluded(inside):
                values.update(override.values)
    return _settled(file, KEYS, values, given)


def table_in_force(
    file: SettingsFile | None, command: str, given: Mapping[str, Any]
) -> dict[str, Setting]:
    """The same for what a command has of its own."""
    values = file.tables.get(command, {}) if file is not None else {}
    return _settled(file, TABLES[command], values, given)


def options(settings: Mapping[str, Setting], *, check: bool = False) -> Options:
    """The options of a run from what is in force."""
    chosen = {KEYS[name].option: one.value for name, one in settings.items() if name != "off"}
    off = settings["off"]
    said = f"{off.source} says `off = true`" if off.value else ""
    return Options(**chosen, check=check, off=said)


def _settled(
    file: SettingsFile | None,
    keys: Mapping[str, Key],
    values: Mapping[str, Value],
    given: Mapping[str, Any],
) -> dict[str, Setting]:
    found = {}
    for name, key in keys.items():
        if key.option in given:
            found[name] = Setting(given[key.option], COMMAND_LINE)
        elif file is not None and name in values:
            found[name] = Setting(_placed(file, key, values[name]), file.where(values[name]))
        else:
            found[name] = Setting(key.default, DEFAULT)
    return found


def _placed(file: SettingsFile, key: Key, value: Value) -> Any:
    """A path is relative to the file that names it."""
    if key.kind not in ("folder", "file"):
        return value.value
    path = Path(os.path.normpath(file.path.parent / value.value))
    there = path.is_dir() if key.kind == "folder" else path.is_file()
    if not there:
        raise InputError(str(file.path), f"`{key.name}`: {path} is no {key.kind}", value.line)
    return path


def _inside(file: SettingsFile, dockerfile: Path) -> str | None:
    """The Dockerfile's path below the folder of the file; None: it is not below."""
    folder = os.path.abspath(file.path.parent)
    path = os.path.relpath(os.path.abspath(dockerfile), folder).replace(os.sep, "/")
    return None if path == ".." or path.startswith("../") else path
