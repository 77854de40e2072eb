"""The settings of a repository that nobody vetted: data, which may ask for less, never for more."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reorder.config import ON_REQUEST, Options
from reorder.errors import InputError
from reorder.settings.file import Override, SettingsFile, Value, read
from reorder.settings.find import nearest
from reorder.settings.inforce import DEFAULT, Setting, in_force, options
from reorder.settings.keys import KEYS

MOST_COMMITS = 10_000


@dataclass(frozen=True, slots=True)
class Foreign:
    """The options for one Dockerfile; `notes` say what was asked for in vain, and where."""

    options: Options
    notes: tuple[str, ...] = ()


def foreign_options(dockerfile: Path, top: Path, chosen: Options) -> Foreign:
    """The options for a Dockerfile below `top`, the root of a work tree that nobody vetted.

    What the caller chose, other than the default, beats the repository's file, which may leave
    more transforms out, or what is unsafe, all the same. That file cannot
    switch on what is unsafe, name a path outside of the tree, or ask for more of the history than
    is of use: such values do not count. Raises InputError for a file that is wrong.
    """
    notes: list[str] = []
    found = nearest(dockerfile.parent, lambda path: _read(path, top), top)
    if found is not None:
        found = _restrained(found, top, notes, unsafe=chosen.unsafe)
    given = {
        key.option: value
        for key in KEYS.values()
        if key.name != "off" and (value := getattr(chosen, key.option)) != key.default
    }
    given |= _less(in_force(found, dockerfile, {}), chosen)
    settings = in_force(found, dockerfile, given)
    return Foreign(options(settings, check=chosen.check), tuple(notes))


def _less(own: Mapping[str, Setting], chosen: Options) -> dict[str, object]:
    """Where both say something, what either leaves out is left out."""
    found: dict[str, object] = {"ignore": chosen.ignore | own["ignore"].value}
    if chosen.select is not None and own["select"].value is not None:
        found["select"] = chosen.select & own["select"].value
    if own["unsafe"].source != DEFAULT:
        found["unsafe"] = own["unsafe"].value
    return found


def _read(path: Path, top: Path) -> SettingsFile | None:
    if not _within(path, top):
        raise InputError(str(path), "is a link to a place outside of the repository")
    return read(path)


def _restrained(file: SettingsFile, top: Path, notes: list[str], *, unsafe: bool) -> SettingsFile:
    def kept(values: Mapping[str, Value]) -> dict[str, Value]:
        found = {}
        for name, value in values.items():
            reason = _too_much(file, top, name, value, unsafe=unsafe)
            if reason:
                notes.append(f"{file.where(value)}: `{name}` does not count: {reason}")
            else:
                found[name] = value
            if reason and name == "select":
                found[name] = Value(value.value - ON_REQUEST, value.line)
        return found

    overrides = tuple(Override(one.paths, kept(one.values)) for one in file.overrides)
    return replace(file, values=kept(file.values), overrides=overrides)


def _too_much(file: SettingsFile, top: Path, name: str, value: Value, *, unsafe: bool) -> str:
    match name:
        case "unsafe" if value.value and not unsafe:
            return "a repository cannot ask for what is not proved to be safe"
        case "select" if value.value & ON_REQUEST and not unsafe:
            return "a repository cannot ask for what is done on request only"
        case "commits" if value.value > MOST_COMMITS:
            return f"more than {MOST_COMMITS}"
        case "context" | "timings" if not _within(file.path.parent / value.value, top):
            return "it is outside of the repository"
    return ""


def _within(path: Path, top: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))
