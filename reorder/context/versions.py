"""One version of a Dockerfile after another, parsed only where it differs from the one before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import BOM, parse, read
from reorder.syntax.validate import file_problems


@dataclass(frozen=True, slots=True)
class Parsed:
    """A version: its physical lines, its instructions and the lines that they end before.

    The first `head` and the last `tail` instructions are those of the version it was compared to.
    `line` and `end_line` of the instructions are true in a version that was parsed as a whole.
    """

    lines: tuple[str, ...]
    nodes: tuple[Instruction, ...]
    ends: tuple[int, ...]
    escape: str
    header: int  # lines of directives
    head: int = 0
    tail: int = 0


def parsed(text: str) -> Parsed | None:
    """A version as a whole; None: it has no instruction, or BuildKit would not take it."""
    file = parse(text)
    if file.problems:
        return None
    ends = tuple(node.end_line for node in file.instructions)
    header = len(split_lines(file.header.removeprefix(BOM)))
    return Parsed(_lines(text), file.instructions, ends, file.escape, header)


def parsed_like(text: str, other: Parsed) -> Parsed | None:
    """The same for a version that has much in common with one that is parsed already."""
    lines, known = _lines(text), other.lines
    same = _common(lines, known)
    if same <= other.header:
        return parsed(text)  # other directives, perhaps
    shared = _common(lines[same:][::-1], known[same:][::-1])
    head = bisect_right(other.ends, same)
    start = other.ends[head - 1] if head else other.header
    shift = len(lines) - len(known)
    # The first instruction of the common end is read again: what stands before it has ended
    # there only if it is found as it was.
    begins = (start, *other.ends[head:])
    first = next((at for at, line in enumerate(begins) if line >= len(known) - shared), None)
    mark = head + first if first is not None else len(other.nodes)
    stop = other.ends[mark] + shift if mark < len(other.nodes) else len(lines)
    body = read(list(lines[start:stop]), 0, other.escape)
    nodes = body.instructions
    if body.problems:
        return parsed(text)
    if mark < len(other.nodes):
        if not nodes or nodes[-1].text != other.nodes[mark].text:
            return parsed(text)
        nodes = nodes[:-1]
    tail = len(other.nodes) - mark
    ends = (*(start + node.end_line for node in nodes), *(at + shift for at in other.ends[mark:]))
    found = (*other.nodes[:head], *nodes, *other.nodes[mark:])
    if file_problems(found):
        return None
    return Parsed(lines, found, (*other.ends[:head], *ends), other.escape, other.header, head, tail)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(split_lines(text.removeprefix(BOM)))


def _common(some: Sequence[str], others: Sequence[str]) -> int:
    """How many lines two versions have in common at their beginning."""
    pairs = enumerate(zip(some, others, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(some), len(others)))
