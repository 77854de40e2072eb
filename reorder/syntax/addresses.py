"""Where the characters of a shell text stand in the source of its instruction."""

from __future__ import annotations

from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import Heredoc, Instruction
from reorder.syntax.views import script


def addressed(instruction: Instruction) -> tuple[str, list[int]]:
    """The text that offsets count in, and for each of its characters the offset in `.text`.

    The text is `script(…).text` of a RUN and `.args` of any other instruction. A line end or a
    delimiter that the builder adds stands at the one in the source.
    """
    if instruction.keyword != "run" or not instruction.heredocs:
        return instruction.args, _args(instruction)
    found = script(instruction)
    bodies = _bodies(instruction)
    if found.kind == "shell":
        return found.text, _args(instruction) + bodies
    first = instruction.heredocs[0]
    content = bodies[1 : 1 + len(first.content)]
    return found.text, _without_tabs(first, content) if first.chomp else content


def body_start(instruction: Instruction) -> int:
    """The offset in `.text` at which heredoc bodies begin; the length of it if there are none."""
    tail = [token for token in instruction.tokens if token.kind == "heredoc"]
    return len(instruction.text) - sum(len(token.text) for token in tail)


def _args(instruction: Instruction) -> list[int]:
    positions: list[int] = []
    offset = 0
    for token in instruction.tokens:
        if token.kind == "text":
            positions += range(offset, offset + len(token.text))
        offset += len(token.text)
    return positions


def _bodies(instruction: Instruction) -> list[int]:
    """For each heredoc the line end before it, its content and its delimiter."""
    offset = body_start(instruction)
    lines = split_lines(instruction.text[offset:])
    positions: list[int] = []
    index = 0
    for heredoc in instruction.heredocs:
        positions.append(offset - 1)
        size = len(heredoc.content)
        positions += range(offset, offset + size)
        offset += size
        while size > 0:
            size -= len(lines[index])
            index += 1
        end = lines[index] if index < len(lines) else ""
        index += 1
        tabs = len(end) - len(end.lstrip("\t")) if heredoc.chomp else 0
        positions += range(offset + tabs, offset + tabs + len(heredoc.name))
        offset += len(end)
    return positions


def _without_tabs(heredoc: Heredoc, positions: list[int]) -> list[int]:
    kept: list[int] = []
    offset = 0
    for line in split_lines(heredoc.content):
        tabs = len(line) - len(line.lstrip("\t"))
        kept += positions[offset + tabs : offset + len(line)]
        offset += len(line)
    return kept
