"""An instruction from source text: the one way in which edits make new instructions."""

from __future__ import annotations

from dataclasses import replace

from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import read


def make(text: str, newline: str = "\n", escape: str = "\\") -> Instruction:
    """One instruction from its source, with the comments above it, in the line ending `newline`.

    Raises ValueError when `text` is not exactly one instruction that BuildKit accepts.
    """
    ending = "" if text.endswith("\n") else "\n"
    source = (text + ending).replace("\r\n", "\n").replace("\n", newline)
    body = read(split_lines(source), 0, escape)
    if len(body.instructions) != 1 or body.trailing or body.problems:
        reason = body.problems[0].message if body.problems else "not one instruction"
        raise ValueError(f"{reason}: {text!r}")
    return body.instructions[0]


def rebuilt(instruction: Instruction, text: str) -> Instruction:
    """The instruction that `text` makes in place of `instruction`, with its leading text.

    Raises ValueError when `text` is not exactly one instruction that BuildKit accepts.
    """
    body = read(split_lines(text), 0, instruction.escape)
    single = len(body.instructions) == 1 and not body.trailing and not body.instructions[0].leading
    if body.problems or not single:
        reason = body.problems[0].message if body.problems else "not one instruction"
        raise ValueError(f"{reason}: {text!r}")
    new = body.instructions[0]
    return replace(
        _shifted(new, instruction.line - new.line),
        leading=instruction.leading,
    )


def _shifted(instruction: Instruction, lines: int) -> Instruction:
    inner = instruction.inner
    return replace(
        instruction,
        line=instruction.line + lines,
        end_line=instruction.end_line + lines,
        inner=_shifted(inner, lines) if inner else None,
    )
