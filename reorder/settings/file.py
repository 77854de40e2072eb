"""One `reorder.toml`, or the `[tool.reorder]` of one pyproject.toml, read and checked."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from reorder.context.ignore import Ignore, parse_ignore
from reorder.errors import InputError
from reorder.settings.find import SHARED
from reorder.settings.keys import KEYS, ONLY_COMMAND_LINE, TABLES, Key
from reorder.settings.lines import key_lines, line_of
from reorder.settings.values import Wrong, value_of
from reorder.syntax.pragmas import nearest

MOST = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Value:
    """What a key is set to, and on which line; paths are text, as written."""

    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Override:
    """Values for some Dockerfiles: `paths` are patterns as in a `.dockerignore`."""

    paths: Ignore
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What a file sets, by the name of the key. `path` is as it is shown to the user."""

    path: Path
    values: Mapping[str, Value] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    tables: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    def where(self, value: Value) -> str:
        """`path:line` of a value."""
        return f"{self.path}:{value.line}" if value.line else str(self.path)


def read(path: Path) -> SettingsFile | None:
    """The settings of a file; None: a pyproject.toml that has none.

    Raises InputError for what cannot be read, is no TOML, or sets what does not exist.
    """
    raw = _bytes(path)
    shared = path.name == SHARED
    if shared and b"reorder" not in raw:
        return None
    data, text = _parsed(path, raw)
    if shared:
        tool = data.get("tool")
        if not isinstance(tool, dict) or "reorder" not in tool:
            return None
        return _Reader(path, key_lines(text), ("tool", "reorder")).file(tool["reorder"])
    return _Reader(path, key_lines(text), ()).file(data)


def _bytes(path: Path) -> bytes:
    try:
        # What is no plain file might never end, or never begin.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise InputError(str(path), "is no file")
        with open(path, "rb") as opened:
            raw = opened.read(MOST + 1)
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from None
    if len(raw) > MOST:
        raise InputError(str(path), f"is larger than {MOST >> 20} MiB")
    return raw


def _parsed(path: Path, raw: bytes) -> tuple[dict[str, Any], str]:
    import tomli

    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
        return tomli.loads(text), text
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(str(path), "it is not UTF-8", line) from None
    except tomli.TOMLDecodeError as error:
        # tomli 2.1 and later tell the line apart from the message.
        message = getattr(error, "msg", str(error))
        raise InputError(
            str(path), f"it is not TOML: {message}", getattr(error, "lineno", 0)
        ) from None
    except (RecursionError, ValueError) as error:  # ValueError: a number of too many digits
        raise InputError(str(path), f"it cannot be read as TOML: {error}") from None


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    lines: Mapping[tuple[str | int, ...], int]
    prefix: tuple[str, ...]

    def file(self, data: Any) -> SettingsFile:
        if not isinstance(data, dict):
            self._fail((), "it must be a table")
        others = {*TABLES, "overrides"}
        own = {name: value for name, value in data.items() if name not in others}
        values = self._values(own, KEYS, (), (*KEYS, *sorted(others)), ONLY_COMMAND_LINE[""])
        tables = {}
        for name in TABLES:
            if name in data:
                keys, table = TABLES[name], self._table(data[name], (name,))
                only = ONLY_COMMAND_LINE[name]
                tables[name] = self._values(table, keys, (name,), tuple(keys), only)
        return SettingsFile(self.path, values, self._overrides(data.get("overrides", [])), tables)

    def _overrides(self, given: Any) -> tuple[Override, ...]:
        if not isinstance(given, list):
            self._fail(("overrides",), "`overrides` must be tables: write `[[overrides]]`")
        return tuple(self._override(one, ("overrides", at)) for at, one in enumerate(given))

    def _override(self, given: Any, at: tuple[str | int, ...]) -> Override:
        table = self._table(given, at)
        paths = table.get("paths")
        if not isinstance(paths, list) or not paths or not all(map(_is_pattern, paths)):
            example = '["services/**/Dockerfile"]'
            self._fail((*at, "paths"), f"`paths` must be an array of patterns, as in {example}")
        patterns = parse_ignore("\n".join(paths))
        if patterns.problem is not None:
            self._fail((*at, "paths"), f"`paths`: {patterns.problem.message}")
        rest = {name: value for name, value in table.items() if name != "paths"}
        values = self._values(rest, KEYS, at, (*KEYS, "paths"), ONLY_COMMAND_LINE[""])
        return Override(patterns, values)

    def _table(self, given: Any, at: tuple[str | int, ...]) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._fail(at, f"`{at[0]}` must be a table: write `[{at[0]}]`")
        return given

    def _values(
        self,
        given: Mapping[str, Any],
        keys: Mapping[str, Key],
        at: tuple[str | int, ...],
        known: tuple[str, ...],
        only: frozenset[str],
    ) -> dict[str, Value]:
        found = {}
        for name, value in given.items():
            if name in only:
                self._fail((*at, name), f"`{name}` is for the command line only")
            if name not in keys:
                self._fail((*at, name), f"there is no `{name}`; {_hint(name, known)}")
            try:
                made = value_of(keys[name], value)
            except Wrong as wrong:
                self._fail((*at, name), f"`{name}`: {wrong}")
            found[name] = Value(made, line_of(self.lines, (*self.prefix, *at, name)))
        return found

    def _fail(self, at: tuple[str | int, ...], message: str) -> NoReturn:
        raise InputError(str(self.path), message, line_of(self.lines, (*self.prefix, *at)))


def _hint(name: str, known: tuple[str, ...]) -> str:
    return nearest(name.replace("_", "-"), known)


def _is_pattern(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip()) and not set(given) & set("\n\r\0#")
