"""Strings and blocks of a Groovy file with their places; nothing is evaluated.

Source: Apache Groovy documentation, "Syntax": strings, escapes, GStrings. A `\\` at the end of a
line joins two lines for Groovy as it does for a shell, so it is kept for the latter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# What Groovy puts into a string stands between these two in a value.
OPEN, CLOSE = "\ue000", "\ue001"
_QUOTES: Final = ("'''", '"""', "'", '"')
_PUT_IN: Final = re.compile(r"\$\{[^{}\n]*\}|\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_REGEX: Final = re.compile(r"(?:[=~(,\[]|\breturn)[ \t]*$")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Unread(Exception):
    """The text is no Groovy that is understood."""


@dataclass(frozen=True, slots=True)
class String:
    """One string: `value` as the script gets it, `places` as of `yaml_scalars.Scalar`."""

    quote: str
    start: int
    end: int  # both with the quotes
    value: str
    places: tuple[int, ...]
    block: int  # the offset of the brace that it is within, -1: of none


def strings(text: str) -> Iterator[String]:
    """Every string outside of comments. Raises `Unread`."""
    at, stack = 0, [-1]
    while at < len(text):
        if text.startswith("//", at) or (text.startswith("#!", at) and not at):
            end = text.find("\n", at)
            at = len(text) if end == -1 else end
        elif text.startswith("/*", at):
            end = text.find("*/", at + 2)
            if end == -1:
                raise Unread
            at = end + 2
        elif text[at] in "'\"":
            quote = next(one for one in _QUOTES if text.startswith(one, at))
            found = _string(text, at, quote, stack[-1])
            yield found
            at = found.end
        elif text.startswith("$/", at) or (
            text[at] == "/" and _REGEX.search(text[text.rfind("\n", 0, at) + 1 : at])
        ):
            raise Unread
        else:
            if text[at] == "{":
                stack.append(at)
            elif text[at] == "}" and len(stack) > 1:
                stack.pop()
            at += 1


def _string(text: str, start: int, quote: str, block: int) -> String:
    value: list[str] = []
    places: list[int] = []
    at = start + len(quote)
    while not text.startswith(quote, at):
        if at >= len(text) or (text[at] == "\n" and len(quote) == 1):
            raise Unread
        said, width = text[at], 1
        if text[at] == "\\" and not text.startswith(("\\\n", "\\\r\n"), at):
            if text[at + 1 : at + 2] == "u":
                raise Unread
            letter = text[at + 1 : at + 2]
            said, width = _ESCAPES.get(letter, letter), 2
        elif text[at] == "$" and quote[0] == '"':
            found = _PUT_IN.match(text, at)
            if found is None:
                raise Unread
            said, width = OPEN + found[0] + CLOSE, len(found[0])
        elif text.startswith("\r\n", at):
            said, width = "\n", 2
        value.append(said)
        places += [at, *[at + width] * (len(said) - 1)] if said else []
        at += width
    return String(quote, start, at + len(quote), "".join(value), (*places, at), block)


def encoded(value: str, quote: str, eol: str) -> str:
    """A value as it stands between such quotes."""
    parts = re.split(f"{OPEN}([^{CLOSE}]*){CLOSE}", value)
    plain = [_escaped(part, quote) for part in parts[::2]]
    put_in = [*parts[1::2], ""]
    return "".join(a + b for a, b in zip(plain, put_in, strict=True)).replace("\n", eol)


def _escaped(value: str, quote: str) -> str:
    value = re.sub(r"\\(?!\n)", r"\\\\", value)
    if quote[0] == '"':
        value = value.replace("$", "\\$")
    return value.replace(quote[0], "\\" + quote[0]) if len(quote) == 1 else value
