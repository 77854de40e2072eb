"""`--progress=rawjson`, and the lines that `buildlog.write_steps` gives.

Source: BuildKit client/graph.go (`SolveStatus`, one for each line).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class _Report:
    """What a line says of one step; `key` tells it from others, `span` one run from the next."""

    key: str
    title: str
    span: str  # "": it has not ended yet
    seconds: float | None
    cached: bool = False


class BadLine(ValueError):
    """A line that should be JSON and is none."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


_CENTURY = 3.2e9  # seconds
_JSON = ('{"vertexes"', '{"step"')


def titles(lines: list[str]) -> list[tuple[str, float | None]]:
    """The name of each vertex with its seconds; None: it was cached, it failed, or never ended.

    A vertex is reported again with every change; one that runs more than once adds up. What is
    reported of one after it was cached is its download from a registry, which is no run. Empty
    when no line is rawjson. Raises BadLine.
    """
    names: dict[str, str] = {}
    spans: dict[str, dict[str, float | None]] = {}
    cached: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.startswith(_JSON):
            continue  # what the client says, and statuses, logs and warnings
        for one in _reports(line, number):
            names[one.key] = one.title
            if one.cached:
                cached.add(one.key)
            elif one.span and one.key not in cached:
                spans.setdefault(one.key, {})[one.span] = one.seconds
    return [(title, _sum(spans.get(key, {}).values())) for key, title in names.items()]


def _reports(line: str, number: int) -> list[_Report]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(number) from None
    if isinstance(entry.get("step"), str):
        title = entry["step"]
        return [_Report(title, title, "own", _finite(entry.get("seconds")))]
    vertexes = entry.get("vertexes")
    found = []
    for vertex in vertexes if isinstance(vertexes, list) else ():
        if isinstance(vertex, dict) and isinstance(vertex.get("name"), str):
            span = str(vertex.get("started", "")) if "completed" in vertex else ""
            key, cached = str(vertex.get("digest")), bool(vertex.get("cached"))
            found.append(_Report(key, vertex["name"], span, _elapsed(vertex), cached))
    return found


def _elapsed(vertex: Mapping[str, Any]) -> float | None:
    if vertex.get("error"):
        return None
    begin, end = _time(vertex.get("started")), _time(vertex.get("completed"))
    return max((end - begin).total_seconds(), 0.0) if begin and end else None


def _time(value: object) -> datetime | None:
    """RFC 3339 with up to nine digits of fraction; Python 3.10 reads exactly six."""
    match = re.fullmatch(r"([-\dT:]{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", str(value))
    if match is None:
        return None
    zone = "+00:00" if match[3] == "Z" else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}.{(match[2] or '')[:6]:0<6}{zone}")
    except ValueError:
        return None


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < _CENTURY else None


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
