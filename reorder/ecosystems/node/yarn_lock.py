"""yarn.lock, of Yarn 1 and of later ones, as far as it tells whether an install would change it.

Source: `@yarnpkg/lockfile` for version 1, `@yarnpkg/parsers` (Syml) for the later ones. Yarn 1.22
(`cli.js`, `saveLockfileAndIntegrity`) writes it again if a pattern is missing or not needed any
more, or if an entry has no address; by real installs, not for an entry without integrity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from reorder.ecosystems.node.node_manifests import Package
from reorder.ecosystems.node.node_specs import DEPENDENCIES, local_spec

_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s,:"][^\s,"]*)')
Table = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One package: the patterns it stands for, its fields, and its tables of dependencies."""

    patterns: tuple[str, ...]
    fields: Table = field(hash=False)
    tables: Mapping[str, Table] = field(hash=False)


@lru_cache(maxsize=8)
def read_yarn_lock(text: str) -> tuple[Entry, ...] | None:
    """The entries of a lockfile; None where it is not one (a merge conflict among others)."""
    found: list[Entry] = []
    fields: dict[str, str] = {}
    tables: dict[str, dict[str, str]] = {}
    table: dict[str, str] = {}
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if bare.startswith(("<<<<", "====", ">>>>", "? ")):
            return None
        if depth == 0:
            fields, tables = {}, {}
            patterns = _patterns(bare)
            if not bare.endswith(":") or not patterns:
                return None
            found.append(Entry(patterns, fields, tables))
            continue
        key, value = _pair(bare)
        if depth == 2 and value is None:
            table = tables.setdefault(key, {})
        elif depth == 2:
            fields[key] = value or ""
        elif depth == 4:
            table[key] = value or ""
    return tuple(found)


def _patterns(head: str) -> tuple[str, ...]:
    words = [quoted or plain for quoted, plain in _WORD.findall(head.removesuffix(":"))]
    return tuple(part.strip() for word in words for part in word.split(", "))


def _pair(text: str) -> tuple[str, str | None]:
    """`a "1"` of version 1, and `a: 1` of the later ones; None: a table follows."""
    if text.startswith('"'):
        end = text.index('"', 1) if text.count('"') > 1 else len(text) - 1
        key, rest = text[1:end], text[end + 1 :]
    else:
        cut = min((at for at in (text.find(" "), text.find(": ")) if at != -1), default=len(text))
        key, rest = text[:cut], text[cut:]
    key = key.removesuffix(":")
    value = rest.removeprefix(":").strip()
    return key, value.strip('"') if value else None


def installed(entries: Iterable[Entry]) -> frozenset[str]:
    """The packages that may have install scripts: a lockfile does not tell which have.

    husky has none since version 5 (its package.json on the registry).
    """
    found: set[str] = set()
    for entry in entries:
        name = _name(entry.patterns[0])
        major = entry.fields.get("version", "").partition(".")[0]
        if name != "husky" or not (major.isdecimal() and int(major) >= 5):
            found.add(name)
    return frozenset(found)


def _name(pattern: str) -> str:
    at = pattern.find("@", 1)
    return pattern if at == -1 else pattern[:at]


def why_rewritten(entries: tuple[Entry, ...], packages: Iterable[Package]) -> str | None:
    """Why Yarn 1 would write the lockfile again; None when it has no reason to."""
    packages = tuple(packages)
    members = {package.data.get("name") for package in packages[1:]}
    forced = {_last_name(key) for key in packages[0].data.get("resolutions") or ()}
    known = {pattern: entry for entry in entries for pattern in entry.patterns}
    queue = [
        (f"{name}@{spec}", package.manifest)
        for package in packages
        for name, spec in _wanted(package.data)
    ]
    reached: set[str] = set()
    while queue:
        pattern, by = queue.pop()
        if pattern in reached:
            continue
        entry = known.get(pattern)
        if entry is None:
            if _name(pattern) in members or _name(pattern) in forced:
                continue
            return f"it has no entry for `{pattern}`, which {by} asks for"
        reached.add(pattern)
        for table in ("dependencies", "optionalDependencies"):
            wanted = entry.tables.get(table, {})
            queue += [(f"{name}@{spec}", f"`{pattern}`") for name, spec in wanted.items()]
    for pattern, entry in known.items():
        if pattern not in reached and _name(pattern) not in forced:
            return f"nothing asks for its entry `{pattern}`"
        address = pattern[pattern.find("@", 1) + 1 :]
        if "resolved" not in entry.fields and local_spec("", address) is None:
            return f"its entry `{pattern}` has no `resolved`"
    return None


def _last_name(key: str) -> str:
    """The package that a key of `resolutions` means: `a/**/@b/c` means `@b/c`."""
    above, _, name = key.rpartition("/")
    scope = above.rpartition("/")[2]
    return f"{scope}/{name}" if scope.startswith("@") else name


def _wanted(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    fields = [data.get(name) for name in DEPENDENCIES]
    found: dict[str, str] = {}
    for one in fields:  # the later field counts
        found |= {n: s for n, s in one.items() if isinstance(s, str)} if one else {}
    return list(found.items())
