"""Whether uv.lock satisfies the manifests, so that a plain `uv sync` leaves it as it is.

uv compares what each member asks for with what the lockfile noted of it (uv 0.13,
`uv-resolver/src/lock/mod.rs`, `Lock::satisfies`). Whatever is not plainly equal here counts as not
known: uv may know better, nobody is told that it would rewrite the file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from reorder.ecosystems.python.project_files import Table, strings, table, tables
from reorder.ecosystems.python.uv_lock import normal
from reorder.ecosystems.python.uv_project import UvProject

_INDEX: Final = "https://pypi.org/simple"
_OTHER_SETTINGS: Final = (
    "override-dependencies constraint-dependencies build-constraint-dependencies "
    "exclude-dependencies environments required-environments conflicts resolution prerelease "
    "fork-strategy exclude-newer exclude-newer-package dependency-metadata"
).split()
_VARIABLES: Final = (
    "UV_RESOLUTION UV_PRERELEASE UV_FORK_STRATEGY UV_EXCLUDE_NEWER UV_NO_SOURCES UV_INDEX_URL "
    "UV_DEFAULT_INDEX UV_INDEX UV_EXTRA_INDEX_URL UV_CONFIG_FILE"
).split()
_REQUIREMENT: Final = re.compile(
    r"^\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?:@\s*(?P<url>[^;\s]+)|\(?(?P<specifier>[^;@)]*)\)?)\s*(?:;\s*(?P<marker>.*))?$"
)
_LOCAL: Final = ("editable", "virtual", "directory", "path")

Wanted = frozenset[tuple[str, frozenset[str], str, str, str]]


def why_rewritten(found: UvProject, settings: Table, env: Mapping[str, str | None]) -> str | None:
    """Why uv may rewrite the lockfile; None: it surely satisfies the manifests."""
    lock = found.lock
    if lock is None:
        return "there is no uv.lock, so every run resolves anew"
    doubt = "it may rewrite uv.lock, which the source puts back (neither --frozen nor --locked): "
    ours = settings.keys() | table(found.document, "tool", "uv").keys()
    for name in _OTHER_SETTINGS:
        if name in ours:
            return f"{doubt}`{name}` is set for uv"
    for name in _VARIABLES:
        if env.get(name, "") != "":
            return f"{doubt}{name} is set"
    if table(lock.document, "options") or "supported-markers" in lock.document:
        return f"{doubt}it was made with other settings"
    if not lock.registries <= _indexes(settings, found.document):
        return f"{doubt}it names an index that pyproject.toml does not"
    by_folder = {package.folder: package.entry for package in lock.local}
    asked = {str(table(d, "project").get("requires-python", "")) for _, d in found.members}
    if len(asked) != 1 or _versions(asked.pop()) != _versions(
        str(lock.document.get("requires-python", ""))
    ):
        return f"{doubt}requires-python is not the same in both"
    names = {normal(str(table(d, "project").get("name", ""))) for _, d in found.members}
    noted = {normal(name) for name in strings(table(lock.document, "manifest"), "members")}
    if (noted or len(found.members) > 1) and noted != names:
        return f"{doubt}its members are not those of the workspace"
    for folder, document in found.members:
        entry = by_folder.get(folder)
        if entry is None:
            return f"{doubt}it does not know {folder}"
        if not _same(entry, document, folder, found):
            where = posixpath.relpath(posixpath.join(folder, "pyproject.toml"), found.root)
            return f"{doubt}it does not plainly fit {where}"
    return None


def _indexes(settings: Table, document: Table) -> frozenset[str]:
    found = {_INDEX}
    for place in (settings, table(document, "tool", "uv")):
        found |= {str(row.get("url", "")) for row in tables(place, "index")}
        found |= {str(place.get("index-url", ""))} | set(strings(place, "extra-index-url"))
    return frozenset(url.rstrip("/") for url in found) | frozenset(found)


def _same(entry: Table, document: Table, folder: str, found: UvProject) -> bool:
    project = table(document, "project")
    if str(project.get("version", "")) != str(entry.get("version", project.get("version", ""))):
        return False
    sources = table(document, "tool", "uv", "sources")
    if isinstance(table(found.document, "tool", "uv", "sources"), Mapping):
        sources = {**table(found.document, "tool", "uv", "sources"), **sources}
    asked = [(text, "") for text in strings(project, "dependencies")]
    extras = table(project, "optional-dependencies")
    asked += [(text, str(name)) for name in extras for text in strings(extras, name)]
    metadata = table(entry, "metadata")
    groups = dict(table(document, "dependency-groups"))
    legacy = strings(document, "tool", "uv", "dev-dependencies")
    if legacy:
        groups["dev"] = [*groups.get("dev", ()), *legacy]
    noted_groups = table(metadata, "requires-dev")
    wanted_groups = {normal(name): _group(groups, name) for name in groups}
    return (
        _asked(asked, sources) == _noted(tables(metadata, "requires-dist"))
        and {normal(e) for e in extras} == {normal(e) for e in strings(metadata, "provides-extras")}
        and {n for n, rows in wanted_groups.items() if rows} <= noted_groups.keys()
        and noted_groups.keys() <= wanted_groups.keys()
        and all(
            _asked([(text, "") for text in rows], sources) == _noted(tables(noted_groups, name))
            for name, rows in wanted_groups.items()
        )
    )


def _group(groups: Mapping[str, Any], name: str, depth: int = 0) -> tuple[str, ...]:
    """The requirements of a group, those of included groups too."""
    found: list[str] = []
    rows = next((rows for key, rows in groups.items() if normal(key) == normal(name)), ())
    for row in rows if depth < 20 else ():
        if isinstance(row, str):
            found.append(row)
        elif isinstance(row, Mapping) and "include-group" in row:
            found += _group(groups, str(row["include-group"]), depth + 1)
    return tuple(found)


def _asked(rows: Iterable[tuple[str, str]], sources: Table) -> Wanted | None:
    """What pyproject.toml asks for; None: a requirement that is not understood."""
    found = set()
    for text, extra in rows:
        match = _REQUIREMENT.match(text)
        if match is None:
            return None
        name = normal(match["name"])
        source = next((s for key, s in sources.items() if normal(key) == name), None)
        if isinstance(source, list):
            return None
        marker = _marker(match["marker"] or "", extra)
        kind = _source_kind(source) if source is not None else ("url" if match["url"] else "")
        wanted = _extras((match["extras"] or "").split(","))
        found.add((name, wanted, _versions(match["specifier"] or ""), marker, kind))
    return frozenset(found)


def _noted(rows: Iterable[Table]) -> Wanted:
    found = set()
    for row in rows:
        kind = next((k for k in ("git", "url", "index") if k in row), "")
        kind = "local" if any(key in row for key in _LOCAL) else kind
        marker = _marker(str(row.get("marker", "")), "")
        name, extras = normal(str(row.get("name", ""))), _extras(strings(row, "extras"))
        found.add((name, extras, _versions(str(row.get("specifier", ""))), marker, kind))
    return frozenset(found)


def _source_kind(source: object) -> str:
    for key in ("git", "url", "index"):
        if isinstance(source, Mapping) and key in source:
            return key
    return "local"


def _extras(names: Iterable[str]) -> frozenset[str]:
    return frozenset(normal(name.strip()) for name in names if name.strip())


def _versions(text: str) -> str:
    return ",".join(sorted(re.sub(r"\s+", "", part) for part in text.split(",") if part.strip()))


def _marker(text: str, extra: str) -> str:
    text = re.sub(r"\s+", " ", text.strip().replace('"', "'"))
    if extra:
        own = f"extra == '{normal(extra)}'"
        text = f"({text}) and {own}" if " or " in text else f"{text} and {own}" if text else own
    return text
