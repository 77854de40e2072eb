"""Adding a flag to an instruction, in the author's layout."""

from __future__ import annotations

from reorder.syntax.nodes import Instruction, Token
from reorder.syntax.rebuild import rebuilt


def with_flag(instruction: Instruction, flag: str) -> Instruction:
    """The instruction with `flag` (`--name=value`, as source) after the flags it has.

    The new flag gets a line of its own if the last flag has one, or if the only flag is followed by
    a line end. Of an ONBUILD, the trigger gets it. Raises ValueError when `flag` is not one flag
    that BuildKit accepts there.
    """
    inner = instruction.inner
    if inner is not None:
        outer = instruction.text[: len(instruction.text) - len(inner.text)]
        return rebuilt(instruction, outer + with_flag(inner, flag).text)
    tokens = instruction.tokens
    ends = _flag_ends(tokens)[: len(instruction.flags)]
    keyword = max(index for index, token in enumerate(tokens) if token.kind == "keyword")
    anchor = ends[-1] if ends else keyword
    before = _gap(tokens, ends[-2] if len(ends) > 1 else keyword)
    after = _gap(tokens, anchor)
    separator = " "
    if ends and _breaks(before):
        separator = _separator(before, instruction.escape)
    elif len(ends) == 1 and _breaks(after):
        separator = _separator(after, instruction.escape)
    head = "".join(token.text for token in tokens[: anchor + 1])
    tail = "".join(token.text for token in tokens[anchor + 1 :])
    new = rebuilt(instruction, head + separator + flag + tail)
    kept = (new.flags[:-1], new.args, new.heredocs)
    if kept != (instruction.flags, instruction.args, instruction.heredocs):
        raise ValueError(f"not one flag: {flag!r}")
    return new


def _flag_ends(tokens: tuple[Token, ...]) -> list[int]:
    """The index of the last token of each flag; a flag may run on after a continuation."""
    ends: list[int] = []
    running = False
    for index, token in enumerate(tokens):
        if token.kind == "flag":
            if running:
                ends.pop()
            ends.append(index)
            running = True
        elif token.kind != "continuation":
            running = False
    return ends


def _gap(tokens: tuple[Token, ...], index: int) -> list[Token]:
    """The blanks and continuations that follow a token."""
    gap: list[Token] = []
    for token in tokens[index + 1 :]:
        if token.kind not in ("space", "continuation"):
            break
        gap.append(token)
    return gap


def _breaks(gap: list[Token]) -> bool:
    return any(token.kind == "continuation" for token in gap)


def _separator(gap: list[Token], escape: str) -> str:
    """The gap with one line end and without comments."""
    kinds = [token.kind for token in gap]
    first = kinds.index("continuation")
    last = len(kinds) - 1 - kinds[::-1].index("continuation")
    newline = "\r\n" if "\r\n" in gap[first].text else "\n"
    blanks = "".join(token.text for token in gap[:first])
    indent = "".join(token.text for token in gap[last + 1 :])
    return blanks + escape + newline + indent
