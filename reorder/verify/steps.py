"""The steps of a build that ended well: which ran, and which came from the cache."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reorder.cost import buildlog
from reorder.errors import InputError

_PLAIN = re.compile(r"#(\d{1,6}) (\[.*|extracting sha256:.*)")


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction. `logged.seconds` is None when it was cached, or where nobody says."""

    logged: buildlog.Step
    cached: bool

    @property
    def text(self) -> str:
        """The instruction as the builder prints it."""
        return self.logged.text

    @property
    def seconds(self) -> float | None:
        """How long it ran."""
        return self.logged.seconds


def buildkit_steps(lines: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a BuildKit log, plain or rawjson, without FROM; () when it cannot be read.

    After a build that ended well, a step without a time was not run. One that was found in a
    registry cache has the time of its download instead, which does not count.
    """
    try:
        logged = buildlog.logged_steps("\n".join(lines), "the build log")
        fetched = {step.name for step in _named(_fetched(lines))}
    except InputError:
        return ()
    found = []
    for step in logged:
        if step.text.split(maxsplit=1)[0].upper() != "FROM":
            cached = step.seconds is None or step.name in fetched
            found.append(Step(replace(step, seconds=None) if cached else step, cached))
    return tuple(found)


def _named(titles: Sequence[str]) -> tuple[buildlog.Step, ...]:
    """The steps that titles stand for, by the one reader of titles that there is."""
    lines = [json.dumps({"step": title, "seconds": None}) for title in titles]
    return buildlog.logged_steps("\n".join(lines), "the build log")


def _fetched(lines: Sequence[str]) -> list[str]:
    """The titles of what was cached at first, and then downloaded or unpacked."""
    found: list[str] = []
    titles: dict[str, str] = {}
    for line in lines:
        if line.startswith('{"vertexes"'):
            vertexes = json.loads(line).get("vertexes") or ()
            found += [str(vertex.get("name")) for vertex in vertexes if vertex.get("cached")]
        elif (match := _PLAIN.match(line)) is not None:
            if match[2].startswith("["):
                titles[match[1]] = match[2]
            elif match[1] in titles:
                found.append(titles[match[1]])
    return found
