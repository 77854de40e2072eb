"""A look into build scripts in Groovy, Kotlin and Scala: words and strings, comments left out.

A script is a program. What is read here are its literal strings, and the words that tell of code
whose reads cannot be known. Source: the Groovy language documentation ("Strings"; slashy strings
are left out: only a parser tells them from a division), Kotlin's and Scala's lexical grammars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["word", "text", "code", "mark"]

_TOKEN: Final = re.compile(
    r"""
    (?P<skip>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<triple>\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?''')
    |(?P<double>"(?:\\.|[^"\\\n])*")
    |(?P<single>'(?:\\.|[^'\\\n])*')
    |(?P<word>[A-Za-z_][\w]*)
    |(?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_INSERTED: Final = re.compile(r"\$\{([^{}]*)\}|\$([A-Za-z_][\w.]*)")
_MOST: Final = 400_000


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a string: `text` without `$`, `code` with one."""

    kind: Kind
    text: str


def tokens(text: str) -> tuple[Token, ...] | None:
    """The tokens of a script; None: it is too big."""
    return tuple(_tokens(text)) if len(text) <= _MOST else None


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind, value = found.lastgroup, found.group()
        if kind in ("triple", "double", "single"):
            inner = value[3:-3] if kind == "triple" else value[1:-1]
            plain = "$" not in inner or value.startswith("'")
            yield Token("text" if plain else "code", _ESCAPE.sub(r"\1", inner))
        elif kind == "word":
            yield Token("word", value)
        elif kind == "mark":
            yield Token("mark", value)


def strings(script: tuple[Token, ...], values: Mapping[str, str]) -> Iterator[str]:
    """Every string, with what is known put in; those with something unknown are left out."""
    for token in script:
        if token.kind == "text":
            yield token.text
        elif token.kind == "code":
            known = filled(token.text, values)
            if known is not None:
                yield known


def filled(text: str, values: Mapping[str, str]) -> str | None:
    """`"$rootDir/x"` with the values put in; None: one of them is not known."""
    parts: list[str] = []
    at = 0
    for found in _INSERTED.finditer(text):
        name = found[1] if found[1] is not None else found[2]
        short, slash, _ = name.strip().partition("/")
        value = values.get(short) if not slash else None
        if value is None:
            return None
        parts += [text[at : found.start()], value]
        at = found.end()
    parts.append(text[at:])
    whole = "".join(parts)
    return None if "$" in whole else whole


def calls_of(script: tuple[Token, ...], name: str) -> Iterator[tuple[int, tuple[Token, ...]]]:
    """For each `name(…)` or `name …`: where it stands, and the tokens of its arguments.

    Without parentheses the arguments reach as far as strings follow with commas between them.
    """
    for at, token in enumerate(script):
        if token != Token("word", name) or (at and script[at - 1] == Token("mark", ".")):
            continue
        following = script[at + 1 :]
        if following[:1] == (Token("mark", "("),):
            yield at, _to_closing(following)
        elif following and following[0] != Token("mark", "{") and following[0].text not in "=.:":
            yield at, _listed(following)


def _to_closing(following: tuple[Token, ...]) -> tuple[Token, ...]:
    depth = 0
    for at, token in enumerate(following):
        if token.kind == "mark" and token.text in "([{":
            depth += 1
        elif token.kind == "mark" and token.text in ")]}":
            depth -= 1
            if depth == 0:
                return following[1:at]
    return following[1:]


def _listed(following: tuple[Token, ...]) -> tuple[Token, ...]:
    end = 0
    while end < len(following):
        end += 1
        if following[end : end + 1] != (Token("mark", ","),):
            break
        end += 1
    return following[:end]


def literals(arguments: tuple[Token, ...]) -> tuple[str, ...] | None:
    """The strings of arguments that are nothing but literal strings; None: they are not."""
    strange = (t for t in arguments if t.kind != "text" and t.text not in _AROUND)
    if next(strange, None) is not None:
        return None
    return tuple(token.text for token in arguments if token.kind == "text")


def without_blocks(script: tuple[Token, ...], names: frozenset[str]) -> tuple[Token, ...]:
    """The tokens without the blocks `name { … }` of some names."""
    kept: list[Token] = []
    at = 0
    while at < len(script):
        kept.append(script[at])
        at += 1
        if kept[-1].kind == "word" and kept[-1].text in names:
            block = script[at:]
            if block[:1] == (Token("mark", "{"),):
                at += len(_to_closing(block)) + 2
    return tuple(kept)


def depths(script: tuple[Token, ...]) -> tuple[int, ...]:
    """For each token, in how many braces it stands."""
    found: list[int] = []
    depth = 0
    for token in script:
        depth -= token == Token("mark", "}")
        found.append(depth)
        depth += token == Token("mark", "{")
    return tuple(found)


_AROUND: Final = frozenset({",", "[", "]", "(", ")", "*", "listOf", "arrayOf", "setOf"})
