"""Edits of a file: pure functions that give a new tree and touch no byte they need not.

A moved instruction takes its leading comments and blank lines along, but the banner of the file
(what stands above its first instruction, up to the last blank line, or all of it without one) stays
at the top. Between instructions the file's newline is put where one is missing; whether the file
ends in a newline stays as it was. Every function gives a freshly parsed file, with the new lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as with_fields

from reorder.syntax.directives import NAMES
from reorder.syntax.flagging import with_flag
from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import File, Instruction
from reorder.syntax.parse import BOM, parse
from reorder.syntax.rebuild import make
from reorder.syntax.within import delete, replace

__all__ = [
    "arranged",
    "delete",
    "insert",
    "make",
    "move",
    "remove",
    "replace",
    "replace_at",
    "with_directive",
    "with_flag",
]


def arranged(file: File, instructions: Sequence[Instruction]) -> File:
    """The file with other instructions: its own in any order, edited ones, new ones.

    Raises ValueError when the text of them would not read as these instructions.
    """
    order, trailing = _with_banner(file, list(instructions))
    ended = str(file).endswith("\n") or not str(file)
    unchanged_end = order[-1:] == list(file.instructions[-1:])
    parts = [file.header]
    spill = ""
    for number, instruction in enumerate(order, start=1):
        leading, text = spill + instruction.leading, instruction.text
        spill = ""
        if number < len(order) or trailing:
            text, spill = _closed(instruction, file.newline)
        elif not unchanged_end:
            text, spill = _closed(instruction, file.newline)
            text = text if ended or spill else text.removesuffix("\n").removesuffix("\r")
        parts += (leading, text)
    text = "".join([*parts, spill, trailing])
    new = parse(text)
    if new.directives != file.directives:
        # A comment that came to the top reads as a directive; a blank line above it prevents that.
        head = file.header
        new = parse(head + file.newline + text[len(head) :])
    if list(map(_meaning, new.instructions)) != list(map(_meaning, order)):
        raise ValueError("the instructions would not stay what they are")
    return new


def _meaning(instruction: Instruction) -> tuple[object, ...]:
    return instruction.keyword, instruction.flags, instruction.args, instruction.heredocs


def insert(file: File, index: int, instructions: Sequence[Instruction]) -> File:
    """Put instructions before the one at `index`, above its comments; at the end for the length."""
    old = file.instructions
    _check(index, len(old) + 1)
    return arranged(file, [*old[:index], *instructions, *old[index:]])


def move(file: File, origin: int, target: int) -> File:
    """Move one instruction so that its index becomes `target`."""
    _check(origin, len(file.instructions))
    _check(target, len(file.instructions))
    order = list(file.instructions)
    order.insert(target, order.pop(origin))
    return file if origin == target else arranged(file, order)


def replace_at(file: File, index: int, instruction: Instruction) -> File:
    """Put another instruction in a place; without leading text of its own it gets the old one's."""
    _check(index, len(file.instructions))
    old = file.instructions[index]
    new = instruction if instruction.leading else with_fields(instruction, leading=old.leading)
    return arranged(file, [*file.instructions[:index], new, *file.instructions[index + 1 :]])


def remove(file: File, index: int) -> File:
    """Take an instruction out, its leading comments with it."""
    _check(index, len(file.instructions))
    return arranged(file, [*file.instructions[:index], *file.instructions[index + 1 :]])


def with_directive(file: File, name: str, value: str) -> File:
    """Add `# name=value`: syntax goes to the top, check below the directives that are there.

    Raises ValueError when the file has that directive, or BuildKit would not see this one.
    """
    if name not in NAMES - {"escape"} or file.directive(name) is not None:
        raise ValueError(f"the directive {name} cannot be added")
    mark = BOM if file.header.startswith(BOM) else ""
    block = split_lines(file.header.removeprefix(BOM))
    if block and not block[-1].endswith("\n"):
        block[-1] += file.newline
    shebang = bool(block) and block[0].startswith("#!")
    place = int(shebang) if name == "syntax" else len(block)
    block.insert(place, f"# {name}={value}{file.newline}")
    text = str(file)[len(file.header) :]
    new = parse(mark + "".join(block) + text)
    if set(new.directives) != {*file.directives, (name, value)}:
        raise ValueError(f"the directive {name}={value} cannot be added")
    return new


def _check(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ValueError(f"no instruction {index}")


def _with_banner(file: File, order: list[Instruction]) -> tuple[list[Instruction], str]:
    old = file.instructions[0] if file.instructions else None
    if old is None or (order and order[0] is old):
        return order, file.trailing
    if order and order[0].leading == old.leading and old not in order:
        return order, file.trailing
    banner, rest = _split_banner(old.leading)
    order = [with_fields(i, leading=rest) if i is old else i for i in order]
    if not order:
        return order, banner + file.trailing
    order[0] = with_fields(order[0], leading=banner + order[0].leading)
    return order, file.trailing


def _split_banner(leading: str) -> tuple[str, str]:
    lines = split_lines(leading)
    blank = [index for index, line in enumerate(lines) if not line.strip()]
    size = blank[-1] + 1 if blank else len(lines)
    return "".join(lines[:size]), "".join(lines[size:])


def _closed(instruction: Instruction, newline: str) -> tuple[str, str]:
    """The source with its line ended, and the comments of a continuation that ran to the end."""
    tokens = list(instruction.tokens)
    if tokens[-1].text:
        source = instruction.text
        return source if source.endswith("\n") else source + newline, ""
    tokens.pop()
    spill = ""
    if tokens[-1].kind == "continuation":
        while tokens[-1].kind in ("continuation", "space"):
            spill = tokens.pop().text.partition("\n")[2] + spill
    source = "".join(token.text for token in tokens)
    return source + newline, spill
