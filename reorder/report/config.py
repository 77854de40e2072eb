"""The settings in force, as a reorder.toml that says where each value is from, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reorder.settings.inforce import Setting

VERSION = 1
WIDEST = 40  # columns of a value, before what is right of it moves aside

Settings = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class InForce:
    """For some Dockerfiles, or a folder: what holds for `rewrite`, and by command its own."""

    paths: tuple[str, ...]
    file: str | None  # the settings file
    settings: Settings
    commands: Mapping[str, Settings]


def as_text(found: Sequence[InForce]) -> str:
    """TOML, one document for each group, with the sources as comments."""
    return "\n".join(map(_document, found))


def as_json(found: Sequence[InForce]) -> str:
    """`version` and `groups`."""
    data = {"version": VERSION, "groups": [_group(one) for one in found]}
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def _document(one: InForce) -> str:
    lines = [*(f"# {path}" for path in one.paths), f"# settings file: {one.file or 'none'}", ""]
    tables = {"": one.settings, **one.commands}
    rows = {name: [_row(*item) for item in table.items()] for name, table in tables.items()}
    width = max(len(left) for table in rows.values() for left, _ in table if len(left) <= WIDEST)
    for name, table in rows.items():
        lines += ["", f"[{name}]"] if name else []
        lines += [f"{left:<{width}}  # {source}" for left, source in table]
    return "\n".join(lines) + "\n"


def _row(name: str, setting: Setting) -> tuple[str, str]:
    if setting.value is None:
        return f"# {name}", f"not set ({setting.source})"
    return f"{name} = {json.dumps(_plain(setting.value), ensure_ascii=False)}", setting.source


def _group(one: InForce) -> dict[str, Any]:
    return {
        "paths": list(one.paths),
        "config": one.file,
        "settings": _settings(one.settings),
        "commands": {name: _settings(table) for name, table in one.commands.items()},
    }


def _settings(table: Settings) -> dict[str, Any]:
    return {name: {"value": _plain(one.value), "source": one.source} for name, one in table.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value) if isinstance(value, Path) else value
