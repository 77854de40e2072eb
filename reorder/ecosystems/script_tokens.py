"""The words of a Ruby or an Elixir text, as far as both languages agree.

Strings keep what is between their quotes, and the code of each `#{…}` apart; comments are gone.
What cannot be told apart safely (a heredoc, a command in backquotes, an open quote) is `odd`.

Source: the lexical structure of Ruby 3.3 (doc/syntax/literals.rdoc) and Elixir 1.16 ("Syntax
reference").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["word", "constant", "string", "list", "symbol", "key", "number", "op", "line", "odd"]


@dataclass(frozen=True, slots=True)
class Token:
    """`text` of a string is what its quotes hold, of a `list` (`%w[a b]`) the words in it."""

    kind: Kind
    text: str
    holes: tuple[str, ...] = ()  # code that the text of a string depends on


def tokens(text: str, language: Literal["ruby", "elixir"]) -> tuple[Token, ...]:
    """Every token, with a `line` token where a line ends outside of strings."""
    if language == "ruby" and "<<" in text:
        text = _WHOLE_HEREDOC.sub(_as_string, text)
    return tuple(_scan(text, _SIGIL[language], language))


def holes(token: Token, language: Literal["ruby", "elixir"]) -> tuple[Token, ...]:
    """The tokens of the code inside a string."""
    return tuple(inner for code in token.holes for inner in tokens(code, language))


def _scan(text: str, sigil: re.Pattern[str], language: str) -> Iterator[Token]:
    at = 0
    before: Token | None = None
    while at < len(text):
        found, at = _next(text, at, sigil, language, before)
        if found is not None:
            yield found
            before = found


def _next(
    text: str, at: int, sigil: re.Pattern[str], language: str, before: Token | None
) -> tuple[Token | None, int]:
    char = text[at]
    if char == "\n":
        return Token("line", "\n"), at + 1
    if char in " \t\r\\":
        return None, at + (2 if text.startswith("\\\n", at) else 1)
    if char == "#" or text.startswith("=begin\n", at):
        end = text.find("\n=end" if char == "=" else "\n", at)
        return None, len(text) if end < 0 else end + (5 if char == "=" else 0)
    value = before is not None and (
        before.kind not in ("op", "line", "key", "word") or before.text in (")", "]", "}")
    )
    special = sigil.match(text, at)
    if special is not None and not (value and text[at] == "%"):
        return _enclosed(text, special, language)
    if text.startswith(('"""', "'''"), at) and language == "elixir":
        end = text.find(text[at : at + 3], at + 3)
        body = text[at + 3 : end]
        return _string(body, end + 3) if end >= 0 and "#{" not in body else _odd(text, at)
    if char in "\"'":
        return _quoted(text, at, language)
    if char == "`":
        end = text.find("`", at + 1)
        return (Token("odd", text[at:end] + "`"), end + 1) if end > 0 else _odd(text, at)
    if language == "ruby" and _HEREDOC.match(text, at) and not value:
        return _odd(text, at)
    if char == "/" and language == "ruby" and not value and _REGEXP.match(text, at):
        match = _REGEXP.match(text, at)
        assert match is not None
        return _odd(text, at) if "#{" in match[0] else _string(match[0], match.end())
    for kind, pattern in _PLAIN:
        match = pattern.match(text, at)
        if match is not None:
            return Token(kind, match[1]), match.end()
    return Token("op", char), at + 1


def _as_string(match: re.Match[str]) -> str:
    """A heredoc whose text depends on nothing, as an empty string."""
    return match[0] if "#{" in match["body"] else '""' + match["rest"]


def _string(body: str, end: int) -> tuple[Token, int]:
    return Token("string", body), end


def _odd(text: str, at: int) -> tuple[Token, int]:
    return Token("odd", text[at:].partition("\n")[0]), len(text)


def _quoted(text: str, at: int, language: str) -> tuple[Token, int]:
    quote = text[at]
    found = _body(text, at + 1, "", quote, expands=quote == '"' or language == "elixir")
    if found is None:
        return _odd(text, at)
    body, code, end = found
    if text.startswith(":", end) and not text.startswith("::", end):
        return Token("key", body, code), end + 1
    return Token("string", body, code), end


def _enclosed(text: str, match: re.Match[str], language: str) -> tuple[Token, int]:
    """`%w[a b]`, `%q(…)`, `~w(a b)`; one that runs a command is odd."""
    letter, opening = match[1], match[2]
    expands = letter in "QWIrsc" or not letter
    found = _body(text, match.end(), opening, _CLOSING.get(opening, opening), expands=expands)
    if letter == "x" or found is None:
        return _odd(text, match.start())
    body, code, end = found
    while language == "elixir" and text[end : end + 1].isalpha():
        end += 1
    return Token("list" if letter in ("w", "W", "i", "I") else "string", body, code), end


def _body(
    text: str, at: int, opening: str, closing: str, *, expands: bool
) -> tuple[str, tuple[str, ...], int] | None:
    """The text up to a closing quote, the code in it, and where it ends."""
    start, depth = at, 0
    code: list[str] = []
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif expands and text.startswith("#{", at):
            inner = _body(text, at + 2, "{", "}", expands=True)
            if inner is None:
                return None
            code.append(inner[0])
            at = inner[2]
        elif text[at] == closing and not depth:
            return text[start:at], tuple(code), at + 1
        else:
            depth += (text[at] == opening) - (text[at] == closing and opening != closing)
            at += 1
    return None


_CLOSING: Final = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SIGIL: Final = {
    "ruby": re.compile(r"%([qQwWiIrsx]?)([\[({<|!/])"),
    "elixir": re.compile(r"~([a-zA-Z])([\[({</|])"),
}
_WHOLE_HEREDOC: Final = re.compile(
    r"<<[~-]?([\"']?)(?P<name>[A-Z_]\w*)\1(?P<rest>[^\n]*\n)(?P<body>(?:[^\n]*\n)*?)[ \t]*(?P=name)"
    r"(?=\n|$)\n?"
)
_HEREDOC: Final = re.compile(r"<<[~-]?[\"'`]?[A-Z_]")
_REGEXP: Final = re.compile(r"/(?! )(?:[^/\\\n]|\\.)+/[a-z]*")
_PLAIN: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("key", re.compile(r"([A-Za-z_]\w*[?!]?):(?!:)(?=[\s,\"'\[\])}]|$)")),
    ("symbol", re.compile(r":([A-Za-z_]\w*[?!]?)")),
    ("symbol", re.compile(r":(?=\")()")),
    ("word", re.compile(r"([@$]?@?[a-z_]\w*[?!]?)")),
    ("constant", re.compile(r"([A-Z]\w*(?:(?:::|\.)[A-Z]\w*)*)")),
    ("number", re.compile(r"(\d[\d_.]*)")),
    ("op", re.compile(r"(<<|&\.|&&|\|\||=>|==|!=|=~|->|<-|<>|\|>|::|\.\.|\+\+|--|<=|>=)")),
)
