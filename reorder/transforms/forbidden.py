"""What the author's comments forbid, whichever transform proposes it (`syntax.pragmas`).

`keep` and `ignore[ID]` hold an instruction for every transform, or for those: its text stays byte
for byte, nothing moves across it and nothing is added in its name. A comment holds only what it
stands above: a rewrite that would part it from its instruction, or take the instruction apart, is
none either.
"""

from __future__ import annotations

from collections.abc import Sequence

from reorder.syntax.nodes import File, Instruction
from reorder.syntax.pragmas import Pragma, pragmas
from reorder.transforms.base import Rewrite
from reorder.transforms.draft import Draft, Part


def forbidden(file: File, lines: Sequence[int], rewrite: Rewrite, draft: Draft) -> str | None:
    """Why a rewrite may not turn `file` into `draft`; None: no comment speaks against it.

    `lines` has the line that each instruction stands for.
    """
    extends = frozenset({"dockerignore"}) if rewrite.ignore else frozenset[str]()
    for at, node in enumerate(file.instructions):
        for pragma in pragmas(node):
            where = f"line {lines[at]} is marked `{pragma}`"
            if lines[at] == rewrite.line and pragma.ids & {rewrite.id, *extends}:
                return where
            reason = _objection(file, lines, at, draft, pragma, holds=pragma.holds(rewrite.id))
            if reason is not None:
                return f"{where}{reason}"
    return None


def _objection(
    file: File, lines: Sequence[int], at: int, draft: Draft, pragma: Pragma, *, holds: bool
) -> str | None:
    node, line = file.instructions[at], lines[at]
    new = _place(draft.parts, node, line, pragma)
    if new is None:
        return ", and the comment would lose its instruction"
    same = draft.parts[new].instruction.text == node.text
    more = draft.lines.count(line) - lines.count(line)
    if holds:
        return "" if more or not same or _crossed(lines, at, draft.lines, new) else None
    if more > 0 and not same:
        return ", and it is not known for which part of it that would hold"
    return None


def _place(parts: Sequence[Part], node: Instruction, line: int, pragma: Pragma) -> int | None:
    """Where the instruction is that the comment now stands above."""
    said = [(p.kind, p.ids) for p in pragmas(node)]
    for at, part in enumerate(parts):
        own = part.instruction
        if part.line == line and own.keyword == node.keyword:
            found = [(p.kind, p.ids) for p in pragmas(own)]
            if (pragma.kind, pragma.ids) in found and found == said:
                return at
    return None


def _crossed(lines: Sequence[int], at: int, after: Sequence[int], new: int) -> bool:
    """Whether anything that stood on one side of a position now stands on the other."""
    above, below = set(lines[:at]), set(lines[at + 1 :])
    return bool((below - above) & set(after[:new]) or (above - below) & set(after[new + 1 :]))
