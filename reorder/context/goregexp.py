"""The regular expressions Moby makes of ignore patterns, read the way Go's `regexp` reads them.

Moby turns a pattern into regexp text and leaves some characters unescaped (`|`, `{`, `^`, letters
after a backslash), so what those mean there is what they mean in a pattern.
Source: go/src/regexp/syntax/parse.go with the flags of `syntax.Perl`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reorder.context.gopath import BadPattern

Assertion = Literal["begin", "end", "word", "no-word"]
MAX_REPEAT = 1000  # Go's own limit


@dataclass(frozen=True, slots=True)
class Chars:
    """A set of characters: inclusive ranges, or everything but them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False
    exact: bool = False  # compare bytes; else a byte that is no UTF-8 counts as U+FFFD

    def contains(self, char: str) -> bool:
        """Whether a character is in the set."""
        char = "\ufffd" if not self.exact and "\udc80" <= char <= "\udcff" else char
        return any(low <= char <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class Repeat:
    """Between `low` and `high` (None: no limit) times what `body` says."""

    body: Sequence
    low: int
    high: int | None


Item = Chars | Assertion | Repeat
Sequence = tuple[Item, ...]

ANY = Chars((), negated=True)
_DOT = Chars((("\n", "\n"),), negated=True)
_CLASSES: dict[str, tuple[str, ...]] = {
    "d": ("09",),
    "s": ("\t\n", "\f\r", "  "),
    "w": ("09", "AZ", "__", "az"),
}
_POSIX: dict[str, tuple[str, ...]] = {
    "alnum": ("09", "AZ", "az"),
    "alpha": ("AZ", "az"),
    "ascii": ("\x00\x7f",),
    "blank": ("\t\t", "  "),
    "cntrl": ("\x00\x1f", "\x7f\x7f"),
    "digit": ("09",),
    "graph": ("!~",),
    "lower": ("az",),
    "print": (" ~",),
    "punct": ("!/", ":@", "[`", "{~"),
    "space": ("\t\r", "  "),
    "upper": ("AZ",),
    "word": ("09", "AZ", "__", "az"),
    "xdigit": ("09", "AF", "af"),
}
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ASSERTIONS: dict[str, Assertion] = {"A": "begin", "z": "end", "b": "word", "B": "no-word"}


def parse_regexp(text: str) -> tuple[Sequence, ...]:
    """The alternatives of a regexp. Raises BadPattern for what Go rejects or we cannot read."""
    reader = _Reader(text)
    alternatives = [reader.sequence()]
    while reader.take("|"):
        alternatives.append(reader.sequence())
    if not reader.done():
        raise BadPattern("an unexpected )")
    return tuple(alternatives)


class _Reader:
    """A cursor over the text."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def done(self) -> bool:
        return self.at == len(self.text)

    def take(self, token: str) -> bool:
        found = self.text.startswith(token, self.at)
        self.at += len(token) * found
        return found

    def next(self) -> str:
        if self.done():
            raise BadPattern("a [ class is not closed or a backslash is last")
        self.at += 1
        return self.text[self.at - 1]

    def sequence(self) -> Sequence:
        items: list[Item] = []
        while not self.done() and self.text[self.at] not in "|)":
            bounds = self.bounds()
            if bounds is None:
                items.extend(self.atom())
            elif not items or isinstance(items[-1], Repeat):
                raise BadPattern("a repetition of nothing or of a repetition")
            else:
                items[-1] = Repeat((items[-1],), *bounds)
        return tuple(items)

    def bounds(self) -> tuple[int, int | None] | None:
        if self.take("*"):
            return 0, None
        if not self.text.startswith("{", self.at):
            return None
        inside, closed, _ = self.text[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not _is_count(low) or (high and not _is_count(high)):
            return None
        if max(int(low), int(high or low)) > MAX_REPEAT or int(high or low) < int(low):
            raise BadPattern("a {} repetition out of bounds")
        self.at += len(inside) + 2
        return int(low), (int(high) if high else None) if comma else int(low)

    def atom(self) -> Sequence:
        if self.take("(.*/)?"):
            return (Repeat((Repeat((_DOT,), 0, None), _one("/")), 0, 1),)
        char = self.next()
        if char == "^":
            return ("begin",)
        if char == "$":
            return ("end",)
        if char == ".":
            return (_DOT,)
        if char == "[":
            return (self.char_class(),)
        if char != "\\":
            return (_one(char),)
        name = self.next()
        if name in _ASSERTIONS:
            return (_ASSERTIONS[name],)
        if name.lower() in _CLASSES:
            return (Chars(_pairs(_CLASSES[name.lower()]), negated=name.isupper()),)
        return (_one(_escape(name)),)

    def char_class(self) -> Chars:
        negated = self.take("^")
        ranges: list[tuple[str, str]] = []
        first = True
        while first or not self.take("]"):
            first = False
            named = self.named_class()
            if named is not None:
                ranges.extend(named)
                continue
            low = high = self.class_char()
            if self.text.startswith("-", self.at) and not self.text.startswith("-]", self.at):
                self.next()
                high = self.class_char()
                if high < low:
                    raise BadPattern("a range in a [ class runs backwards")
            ranges.append((low, high))
        return Chars(tuple(ranges), negated)

    def named_class(self) -> tuple[tuple[str, str], ...] | None:
        if self.text.startswith("[:", self.at) and ":]" in self.text[self.at + 2 :]:
            name = self.text[self.at + 2 :].partition(":]")[0]
            self.at += len(name) + 4
            negated = name.startswith("^")
            if name[negated:] not in _POSIX:
                raise BadPattern(f"no character class [:{name}:]")
            pairs = _pairs(_POSIX[name[negated:]])
            return _others(pairs) if negated else pairs
        escaped = self.text[self.at : self.at + 2]
        if len(escaped) == 2 and escaped[0] == "\\" and escaped[1].lower() in _CLASSES:
            self.at += 2
            pairs = _pairs(_CLASSES[escaped[1].lower()])
            return _others(pairs) if escaped[1].isupper() else pairs
        return None

    def class_char(self) -> str:
        char = self.next()
        return _escape(self.next()) if char == "\\" else char


def _one(char: str) -> Chars:
    char = "\ufffd" if "\udc80" <= char <= "\udcff" else char
    return Chars(((char, char),))


def _escape(char: str) -> str:
    if char in _CONTROL:
        return _CONTROL[char]
    if not char.isascii() or char.isalnum():
        raise BadPattern(f"the escape \\{char}")
    return char


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and len(text) < 10


def _pairs(ranges: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((pair[0], pair[1]) for pair in ranges)


def _others(ranges: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The complement of sorted ranges."""
    gaps = []
    start = 0
    for low, high in ranges:
        if ord(low) > start:
            gaps.append((chr(start), chr(ord(low) - 1)))
        start = ord(high) + 1
    return (*gaps, (chr(start), chr(0x10FFFF)))
