"""What the builder makes of a word: variables, quotes and escapes, the pairs of ENV, ARG and LABEL.

Facts: BuildKit frontend/dockerfile/shell/lex.go, dockerfile2llb/convert.go (`dispatch`: which
instructions expand), convert_expose.go (EXPOSE splits after expansion).
"""

from __future__ import annotations

import string

from reorder.syntax.lex import Lexer
from reorder.syntax.nodes import Instruction
from reorder.syntax.values import UNKNOWN, Lookup, Unknown, WordError

__all__ = [
    "UNKNOWN",
    "Lookup",
    "Unknown",
    "WordError",
    "expand",
    "expand_body",
    "expand_words",
    "pairs",
]

_PLAIN = frozenset(string.ascii_letters + string.digits + "/._-:=,@+ ")


def expand(word: str, lookup: Lookup, escape: str = "\\") -> str | Unknown:
    """`word` with variables replaced, quotes and escapes removed.

    `lookup` gives a variable's value, None when it is unset, or an `Unknown` when it is, or may
    be, set to something that is not known; the result is then an `Unknown` that names the variable,
    unless the value does not matter. Raises WordError for what BuildKit rejects.
    """
    if _PLAIN.issuperset(word) and escape not in word:
        return word
    return Lexer(word, lookup, escape).process()[0]


def expand_words(text: str, lookup: Lookup, escape: str = "\\") -> tuple[str, ...] | Unknown:
    """The words that `text` falls into after its expansion (EXPOSE). Raises WordError."""
    whole, words = Lexer(text, lookup, escape).process()
    return whole if isinstance(whole, Unknown) else tuple(words)


def expand_body(text: str, lookup: Lookup) -> str | Unknown:
    """A COPY or ADD heredoc body: quotes stay, the escape is always a backslash. Raises WordError.

    Only for a heredoc whose delimiter is not quoted.
    """
    return Lexer(text, lookup, "\\", quotes=False).process()[0]


def pairs(instruction: Instruction) -> tuple[tuple[str, str | None], ...]:
    """The raw names and values of an ENV, LABEL or ARG, in order, unexpanded.

    The value is None only for an ARG without a default.
    """
    words = instruction.words
    if instruction.keyword == "arg":
        split = (word.partition("=") for word in words)
        return tuple((name, value if equals else None) for name, equals, value in split)
    if instruction.keyword in ("env", "label"):
        return tuple(zip(words[0::3], words[1::3], strict=False))
    return ()
