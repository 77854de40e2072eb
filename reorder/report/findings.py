"""What code scanning and annotations show of a run: one finding per change, advice and refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reorder.errors import visible
from reorder.result import Result, Safety
from reorder.syntax.parse import parse

Kind = Literal["change", "advice", "refusal"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` to `end_line` is the instruction, whose `text` is on one line; "" for none there."""

    kind: Kind
    id: str
    line: int
    end_line: int
    text: str
    message: str
    safety: Safety | None = None  # of a change
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be rewritten; line 0 means the whole file."""

    line: int
    message: str


def findings(result: Result) -> tuple[Finding, ...]:
    """All of one Dockerfile, in the order of its lines. Control characters are shown."""
    found = _findings(result, _instructions(result.before))
    return tuple(sorted(found, key=lambda finding: finding.line))


def failure(result: Result) -> Failure | None:
    """The error of a result, without the path that stands before it; None where there is none."""
    if result.error is None:
        return None
    rest = result.error.removeprefix(f"{visible(result.path)}:")
    line = re.match(r"(\d+):", rest)
    message = rest[line.end() :] if line else rest
    return Failure(int(line[1]) if line else 0, _shown(message.strip()))


def _findings(result: Result, found: dict[int, tuple[int, str]]) -> Iterator[Finding]:
    for change in result.changes:
        yield Finding(
            "change",
            change.id,
            *_place(change.line, found),
            visible(change.message),
            change.safety,
            tuple(map(visible, change.assumptions)),
        )
    for advice in result.advice:
        place = _place(advice.line, found)
        yield Finding("advice", advice.id, *place, visible(advice.message))
    for refusal in result.refusals:
        place = _place(refusal.line, found)
        yield Finding("refusal", refusal.id, *place, visible(refusal.reason))


def _place(line: int, found: dict[int, tuple[int, str]]) -> tuple[int, int, str]:
    return line, *found.get(line, (line, ""))


def _instructions(text: str) -> dict[int, tuple[int, str]]:
    """By its line: the last line of an instruction, and its text."""
    if not text:
        return {}
    nodes = parse(text).instructions
    return {node.line: (node.end_line, " ".join(node.text.split())) for node in nodes}


def _shown(message: str) -> str:
    return "\n".join(map(visible, message.split("\n")))
