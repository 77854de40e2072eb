"""Variable expansion (BuildKit shell/lex.go), on values that may not be known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reorder.equivalence.values import Value, plain, symbol

Lookup = Callable[[str], Value | None]  # None: surely not set

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#]")
_OPERATOR: Final = re.compile(r"(:?[-+?])")


class BadText(ValueError):
    """A substitution or quote that BuildKit rejects, or a form that is not followed."""


def expand(text: str, lookup: Lookup, escape: str = "\\") -> Value:
    """One word: quotes and escapes removed, variables replaced. Raises BadText."""
    return _Reader(text, lookup, escape).all()


def words(text: str, escape: str) -> tuple[str, ...]:
    """Blank-separated words as ENV, LABEL and ARG have them, with their quotes. Raises BadText."""
    found: list[str] = []
    word = quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'":
            word += text[at : at + 2]
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in " \t":
            if word:
                found.append(word)
            word = ""
            at += 1
            continue
        word += char
        at += 1
    if quote:
        raise BadText("a quote is not closed")
    return (*found, word) if word else tuple(found)


def pairs(text: str, escape: str) -> tuple[tuple[str, str | None], ...]:
    """`KEY=value …` of ENV and LABEL, or the legacy `KEY value`; for ARG a value may be missing."""
    found = (word.partition("=") for word in words(text, escape))
    return tuple((key, value if equals else None) for key, equals, value in found)


@dataclass
class _Reader:
    text: str
    lookup: Lookup
    escape: str
    at: int = 0

    def all(self) -> Value:
        value = self.until("")
        if self.at != len(self.text):
            raise BadText("the text does not end where it should")
        return value

    def until(self, stop: str) -> Value:
        """Up to a closing brace that is not quoted, or the end."""
        value = plain("")
        while self.at < len(self.text) and not (stop and self.text[self.at] == stop):
            char = self.text[self.at]
            if char == "'":
                value += self.single()
            elif char == '"':
                value += self.double()
            elif char == self.escape:
                value += plain(self.text[self.at + 1 : self.at + 2])
                self.at += 2
            elif char == "$":
                value += self.dollar()
            else:
                value += plain(char)
                self.at += 1
        return value

    def single(self) -> Value:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise BadText("a quote is not closed")
        inner, self.at = self.text[self.at + 1 : end], end + 1
        return plain(inner)

    def double(self) -> Value:
        value = plain("")
        self.at += 1
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                return value
            following = self.text[self.at + 1 : self.at + 2]
            if char == self.escape and following and following in f'"${self.escape}':
                value += plain(following)
                self.at += 2
            elif char == "$":
                value += self.dollar()
            else:
                value += plain(char)
                self.at += 1
        raise BadText("a quote is not closed")

    def dollar(self) -> Value:
        self.at += 1
        if self.text[self.at : self.at + 1] == "{":
            self.at += 1
            return self.braces()
        name = _NAME.match(self.text, self.at)
        if name is None:
            return plain("$")
        self.at = name.end()
        return self.lookup(name.group()) or plain("")

    def braces(self) -> Value:
        name = _NAME.match(self.text, self.at)
        if name is None:
            raise BadText("a substitution has no name")
        self.at = name.end()
        found = self.lookup(name.group())
        if self.text[self.at : self.at + 1] == "}":
            self.at += 1
            return found or plain("")
        operator = _OPERATOR.match(self.text, self.at)
        if operator is None:
            raise BadText("a substitution has a form that is not followed")
        self.at = operator.end()
        word = self.until("}")
        if self.text[self.at : self.at + 1] != "}":
            raise BadText("a substitution is not closed")
        self.at += 1
        return _chosen(operator.group(), found, word)


def _chosen(operator: str, found: Value | None, word: Value) -> Value:
    kind = operator[-1]
    if found is None or found.certain:
        there = found is not None and (found.sym != "" or len(operator) == 1)
        if kind == "+":
            return word if there else plain("")
        if there and found is not None:
            return found
        if kind == "?":
            raise BadText("a required variable is not set")
        return word
    if found.text is None:
        return symbol(operator, found.sym, word.sym)
    there = found.text != "" or len(operator) == 1
    text = (word.text if there else "") if kind == "+" else (found.text if there else word.text)
    return symbol(operator, found.sym, word.sym, text=text)
