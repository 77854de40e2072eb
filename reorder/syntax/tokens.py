"""The tokens of a logical line: its parts, cut where the file has continuations."""

from __future__ import annotations

from collections import deque

from reorder.syntax.lines import Logical
from reorder.syntax.nodes import Token, TokenKind
from reorder.syntax.split import Span, Split


def tokens_of(logical: Logical, cut: Split, base: int) -> list[Token]:
    """The tokens of the logical line from offset `base` on, to which the spans of `cut` relate."""
    spans: list[tuple[TokenKind, Span]] = [("keyword", cut.keyword)]
    spans += [("flag", span) for span in cut.flag_spans]
    spans.append(("text", cut.args))
    spans.append(("space", (len(logical.text) - base,) * 2))
    cuts = deque(entry for entry in logical.cuts if entry[0] > base or not base)
    tokens: list[Token] = []
    position = base
    for kind, (start, end) in spans:
        position = _emit(tokens, "space", logical.text, position, base + start, cuts)
        position = _emit(tokens, kind, logical.text, position, base + end, cuts)
    tokens += [Token("continuation", source) for _, source in cuts]
    return tokens


def _emit(
    tokens: list[Token],
    kind: TokenKind,
    text: str,
    position: int,
    stop: int,
    cuts: deque[tuple[int, str]],
) -> int:
    """Append text[position:stop] as tokens of a kind, with the continuations within; take those."""
    while cuts and cuts[0][0] < stop:
        offset, source = cuts.popleft()
        if offset > position:
            tokens.append(Token(kind, text[position:offset]))
            position = offset
        tokens.append(Token("continuation", source))
    if stop > position:
        tokens.append(Token(kind, text[position:stop]))
    return max(position, stop)
