"""Edits inside one instruction: words are taken out or put in, the author's layout stays.

Offsets count in the text that `addresses.addressed` gives: `views.script(…).text` of a RUN, `.args`
of any other instruction. They may lie in a heredoc body; a span that crosses from the command line
into a body is a ValueError.
"""

from __future__ import annotations

import re

from reorder.syntax.addresses import addressed, body_start
from reorder.syntax.nodes import Instruction
from reorder.syntax.physical import Piece, body_pieces, line_pieces, text_of
from reorder.syntax.rebuild import rebuilt

Span = tuple[int, int]

_BLANK = " \t"
_RUN = re.compile(r"[ \t]+")
_CLOSING = (";", ")")
_BEFORE_CLOSING = re.compile(r" (?=[;)])")
_JOINED = re.compile(r"\\\r?\n")


def delete(instruction: Instruction, span: Span) -> Instruction:
    """Take a span out.

    A line that held nothing else goes too, with its continuation; comments that stand between other
    lines stay. No double blank and no blank at the end is left behind.
    """
    return replace(instruction, span, "")


def replace(instruction: Instruction, span: Span, text: str) -> Instruction:
    """Put `text` in place of a span, at its start. Raises ValueError for an impossible span."""
    whole, positions = addressed(instruction)
    start, end = span
    if not 0 <= start <= end <= len(whole):
        raise ValueError(f"no such span: {span} of {len(whole)} characters")
    source = instruction.text
    if start < end:
        first, last = positions[start], positions[end - 1] + 1
    else:
        first = last = _insertion_point(instruction, positions, start)
    edge = body_start(instruction)
    if first < edge < last:
        raise ValueError("the span crosses from the command line into a heredoc")
    in_body = first >= edge
    if first == last:
        return rebuilt(instruction, source[:first] + text + source[first:])
    pieces = body_pieces(instruction) if in_body else line_pieces(instruction)
    base = edge if in_body else 0
    edited = _edited(pieces, first - base, last - base, text)
    tidy = text_of(edited if in_body else _pulled_up(pieces, edited))
    head, tail = (source[:edge], "") if in_body else ("", source[edge:])
    new = rebuilt(instruction, head + tidy + tail)
    wanted = whole[:start] + text + whole[end:]
    if _words(addressed(new)[0]) == _words(wanted):
        return new
    # Tidying would have joined two words that only the layout held apart.
    plain = rebuilt(instruction, source[:first] + text + _kept(instruction, first, last))
    if "".join(addressed(plain)[0].split()) != "".join(wanted.split()):
        raise ValueError("what is left would end in a continuation")
    return plain


def _insertion_point(instruction: Instruction, positions: list[int], start: int) -> int:
    if start < len(positions):
        return positions[start]
    if positions:
        return positions[-1] + 1
    return len(instruction.text.rstrip("\r\n"))


def _words(text: str) -> str:
    """What a shell makes of the blanks and joined lines in a text, to compare two of them."""
    lines = (_RUN.sub(" ", line).strip(_BLANK) for line in _JOINED.sub("", text).splitlines())
    return _BEFORE_CLOSING.sub("", "\n".join(line for line in lines if line))


def _kept(instruction: Instruction, first: int, last: int) -> str:
    """What follows `first` in the source when only words, not continuations, go up to `last`."""
    kept: list[str] = []
    offset = 0
    for token in instruction.tokens:
        end = offset + len(token.text)
        if token.kind in ("continuation", "newline") or offset >= last:
            kept.append(token.text[max(first - offset, 0) :] if end > first else "")
        elif end > last:
            kept.append(token.text[last - offset :])
        offset = end
    return "".join(kept)


def _edited(pieces: list[Piece], first: int, last: int, text: str) -> list[Piece]:
    """The pieces without first:last, with `text` at `first`; a line that is emptied goes."""
    out: list[Piece] = []
    offset = 0
    pending = text
    for piece in pieces:
        size = len(piece.content)
        start, end = max(first - offset, 0), min(last - offset, size)
        offset += size + len(piece.end)
        if start >= end:
            out.append(piece)
            continue
        left, right = piece.content[:start], piece.content[end:]
        if pending:
            content, pending = left + pending + right, ""
        else:
            content = _seam(left, right, soft=piece.soft)
        spaced = bool(piece.content) and piece.content[-1] in _BLANK
        if piece.soft and spaced and content.strip() and content[-1] not in _BLANK:
            content += " "  # between the last word and the escape
        if content.strip():
            out.append(Piece(content, piece.end, piece.soft))
        elif out:
            out[-1] = out[-1].absorb(piece)
    return out


def _seam(left: str, right: str, *, soft: bool) -> str:
    """What is left of a line from which the middle was taken."""
    if not right.strip(_BLANK) and not soft:
        return left.rstrip(_BLANK)
    if right.startswith(_CLOSING) and left.strip(_BLANK):
        return left.rstrip(_BLANK) + right
    if not left or left[-1] in _BLANK:
        return left + right.lstrip(_BLANK)
    return left + right


def _pulled_up(before: list[Piece], after: list[Piece]) -> list[Piece]:
    """A line on which an edit left nothing but the keyword takes in the line below it."""
    if len(after) < 2 or after[0] == before[0] or not after[0].is_bare_keyword:
        return after
    first, second, *rest = after
    joined = first.content.rstrip(_BLANK) + " " + second.content.lstrip(_BLANK)
    return [Piece(joined, second.end, second.soft), *rest]
