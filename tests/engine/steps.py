"""Reads `--progress=rawjson`: which steps of a build ran, and which came from the cache."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One vertex of the build. `name` is `[stage 2/5] RUN …`, or something internal."""

    name: str
    cached: bool
    seconds: float  # 0 for a cached one
    error: str

    @property
    def instruction(self) -> str:
        """The text after the bracket; empty for what is not an instruction."""
        bracket, _, text = self.name.partition("] ")
        inside = bracket.removeprefix("[").startswith(("internal", "auth"))
        return text if bracket.startswith("[") and not inside else ""


def read_steps(lines: Iterable[str]) -> tuple[Step, ...]:
    """The steps in the order in which the builder named them.

    A vertex is reported again with every change (BuildKit client/graph.go, `Vertex`), and a step
    that runs more than once adds up. Lines that are no JSON object (a warning of the client) are
    passed over.
    """
    last: dict[str, dict[str, Any]] = {}
    spans: dict[str, dict[str, float]] = {}
    for line in lines:
        if not line.startswith("{"):
            continue
        for vertex in json.loads(line).get("vertexes") or ():
            digest = vertex["digest"]
            last[digest] = last.get(digest, {}) | vertex
            if "started" in vertex and "completed" in vertex:
                spans.setdefault(digest, {})[vertex["started"]] = _seconds(vertex)
    return tuple(
        Step(
            name=str(vertex.get("name", "")),
            cached=bool(vertex.get("cached", False)),
            seconds=sum(spans.get(digest, {}).values()),
            error=str(vertex.get("error", "")),
        )
        for digest, vertex in last.items()
    )


def _seconds(vertex: Mapping[str, Any]) -> float:
    begin, end = (_time(str(vertex[key])) for key in ("started", "completed"))
    return (end - begin).total_seconds()


def _time(text: str) -> datetime:
    """RFC 3339 with up to nine digits of fraction; Python 3.10 reads exactly six."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")
