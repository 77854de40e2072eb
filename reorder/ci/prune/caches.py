"""The repositories that hold caches, as far as the files themselves say what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from reorder.ci.contract import MAIN, Planned
from reorder.ci.refs import PREFIX
from reorder.context.buildfiles import load_yaml

_IN_USE: Final = re.compile(rf":{PREFIX}[^\n]*?{MAIN}\b")
_NAMED: Final = re.compile(
    r"\$\{\{\s*(env|matrix)\.([\w-]+)\s*\}\}|\$(?:\{(\w+)\}|\((\w+)\)|(\w+))"
)
# Of shell and make; what a value is made of by a command is not known.
_SET: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*[:?]?=[ \t]*(\S*)[ \t]*$", re.MULTILINE
)
_PLAIN: Final = re.compile(r"(?:[\w./:-]|\$\w+|\$\{\w+\}|\$\(\w+\))+")
_YAML: Final = (".yml", ".yaml")
_MOST: Final = 50  # repositories that one name may stand for

Known = Mapping[tuple[str, str], frozenset[str]]


def repositories(plans: Iterable[Planned]) -> tuple[str, ...]:
    """Of all builds whose caches have this tool's tags, sorted: an author's own stay his affair.

    Variables and the matrix are put in, where the file says what they are.
    """
    found: set[str] = set()
    for plan in plans:
        if not _IN_USE.search(plan.after):
            continue
        known = _of_yaml(plan.after) if plan.path.endswith(_YAML) else _of_script(plan.after)
        for place in plan.found:
            if place.cache is not None and place.status != "refused":
                found |= _named(place.cache, known)
    return tuple(sorted(found))


def _named(cache: str, known: Known) -> frozenset[str]:
    """What a name stands for; itself where that is not known."""
    done: set[str] = set()
    todo = [cache]
    while todo and len(done) + len(todo) < _MOST:
        name = todo.pop()
        hole = next((h for h in _NAMED.finditer(name) if _key(h) in known), None)
        if hole is None:
            done.add(name)
            continue
        values = known[_key(hole)]
        if any(hole[0] in value for value in values):
            return frozenset((cache,))
        todo += [name[: hole.start()] + value + name[hole.end() :] for value in values]
    return frozenset((cache,)) if todo else frozenset(done)


def _key(hole: re.Match[str]) -> tuple[str, str]:
    return hole[1] or "env", (hole[2] or hole[3] or hole[4] or hole[5]).lower()


def _of_script(text: str) -> Known:
    """The variables of a shell script or makefile that have one plain value."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, value in _SET.findall(text):
        found.setdefault(("env", name.lower()), set()).add(value.strip("\"'"))
    return {
        key: frozenset(values)
        for key, values in found.items()
        if len(values) == 1 and all(map(_PLAIN.fullmatch, values))
    }


def _of_yaml(text: str) -> Known:
    """The values of a CI file's own variables, and of its jobs', by context and name."""
    data = load_yaml(text)
    jobs = data.get("jobs") if isinstance(data, dict) else None
    holders = [data, *(jobs.values() if isinstance(jobs, dict) else ())]
    found: dict[tuple[str, str], set[str]] = {}
    for holder in holders:
        if not isinstance(holder, dict):
            continue
        own = _mapping(holder.get("env")) | _mapping(holder.get("variables"))
        for name, value in own.items():
            found.setdefault(("env", str(name).lower()), set()).add(_text(value))
        matrix = _mapping(_mapping(holder.get("strategy")).get("matrix"))
        rows = matrix.get("include")
        for row in (matrix, *(rows if isinstance(rows, list) else ())):
            for name, value in _mapping(row).items():
                if name not in ("include", "exclude"):
                    told = value if isinstance(value, list) else [value]
                    found.setdefault(("matrix", str(name).lower()), set()).update(map(_text, told))
    return {key: frozenset(values) for key, values in found.items() if "" not in values}


def _mapping(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """ "" for what is no text; a whole matrix may be an expression."""
    return str(value) if isinstance(value, (str, int, float)) else ""
