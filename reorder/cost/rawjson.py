"""`--progress=rawjson`, and the lines that `buildlog.write_steps` gives.

Source: BuildKit client/graph.go (`SolveStatus`, one for each line).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any


class BadLine(ValueError):
    """A line that should be JSON and is none."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


_CENTURY = 3.2e9  # seconds
_JSON = ('{"vertexes"', '{"step"')


def titles(lines: list[str]) -> list[tuple[str, float | None]]:
    """The name of each vertex with its seconds; None: it was cached, it failed, or never ended.

    A vertex is reported again with every change; one that runs more than once adds up. Empty when
    no line is rawjson. Raises BadLine.
    """
    names: dict[str, str] = {}
    spans: dict[str, dict[str, float | None]] = {}
    for number, line in enumerate(lines, 1):
        if not line.startswith(_JSON):
            continue  # what the client says, and statuses, logs and warnings
        for key, title, span, seconds in _reports(line, number):
            names[key] = title
            if span:
                spans.setdefault(key, {})[span] = seconds
    return [(title, _sum(spans.get(key, {}).values())) for key, title in names.items()]


def _reports(line: str, number: int) -> list[tuple[str, str, str, float | None]]:
    """Of each step in a line: what tells it from others, its title, one time it ran, seconds."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(number) from None
    if isinstance(entry.get("step"), str):
        title = entry["step"]
        return [(title, title, "own", _finite(entry.get("seconds")))]
    vertexes = entry.get("vertexes")
    found = []
    for vertex in vertexes if isinstance(vertexes, list) else ():
        if isinstance(vertex, dict) and isinstance(vertex.get("name"), str):
            span = str(vertex.get("started", "")) if "completed" in vertex else ""
            found.append((str(vertex.get("digest")), vertex["name"], span, _elapsed(vertex)))
    return found


def _elapsed(vertex: Mapping[str, Any]) -> float | None:
    if vertex.get("cached") or vertex.get("error"):
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
