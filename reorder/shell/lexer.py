"""Words: quotes, escapes and expansions of a piece of shell text that holds whole words.

This is a second reading: tree-sitter says where words, `$(…)` and `${…}` are, and a word that does
not read the same here is not understood. POSIX.1-2017, Shell Command Language, 2.2 and 2.6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reorder.shell.tree import Odd, Part, Seq, Sub, Text, Tilde, Unclear, Var, Word

BLANKS = " \t\n"
_META = ";&|<>()"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_HEAD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])")
_OPERATORS = (":-", ":+", ":=", ":?", "%%", "##", "//", "-", "+", "=", "?", "%", "#", "/")
_ARITHMETIC_SET = re.compile(r"[+*/%&|^-]?=(?!=)|\+\+|--|<<=|>>=")


@dataclass(frozen=True, slots=True)
class Source:
    """A text, with what tree-sitter found in it: start offset → end offset (and script)."""

    text: str
    subs: Mapping[int, tuple[int, Seq]]
    braces: Mapping[int, int]  # `${…}`
    sums: Mapping[int, int]  # `$((…))`

    def scripts(self, start: int, end: int) -> tuple[Part, ...]:
        """The command substitutions of a region, for a value that is not computed."""
        found = sorted((at, seq) for at, (_, seq) in self.subs.items() if start <= at < end)
        return tuple(Sub(seq, quoted=True) for _, seq in found)


def words(source: Source, start: int, end: int, *, test: bool = False) -> tuple[Word, ...]:
    """The words of a region; `test`: inside `[[ ]]`, where operators are words and none is split.

    Raises `Unclear` where the text is not a list of words.
    """
    found: list[Word] = []
    at = _skip(source.text, start, end)
    while at < end:
        reader = _Reader(source, at, end, test=test)
        found.append(Word(reader.word(), (at, reader.at)))
        at = _skip(source.text, reader.at, end)
    return tuple(found)


def value(source: Source, start: int, end: int) -> Word:
    """The value of an assignment: one word, or nothing."""
    if start >= end:
        return Word((), (start, start))
    reader = _Reader(source, start, end, assignment=True)
    parts = reader.word()
    if reader.at != end:
        raise Unclear("an assignment is not understood")
    return Word(parts, (start, end))


def arithmetic(source: Source, start: int, end: int) -> tuple[Part, ...]:
    """`$((…))`: its substitutions, and the names it may set."""
    text = source.text[start:end]
    names = tuple(sorted(set(_NAME.findall(text)))) if _ARITHMETIC_SET.search(text) else ()
    return (*source.scripts(start, end), Odd(names))


def _skip(text: str, at: int, end: int) -> int:
    while at < end:
        if text[at] in BLANKS:
            at += 1
        elif text.startswith("\\\n", at):
            at += 2
        else:
            break
    return at


class _Reader:
    """Reads one word; `at` is left behind it."""

    def __init__(
        self,
        source: Source,
        start: int,
        end: int,
        *,
        test: bool = False,
        assignment: bool = False,
        operand: bool = False,
    ) -> None:
        self.source, self.text = source, source.text
        self.start, self.at, self.end = start, start, end
        self.test, self.assignment, self.operand = test, assignment, operand
        self.parts: list[Part] = []

    def word(self) -> tuple[Part, ...]:
        while self.at < self.end:
            char = self.text[self.at]
            if char in BLANKS and not self.operand:
                break
            if char in _META and not (self.test or self.operand):
                raise Unclear("an operator stands where a word was expected")
            if char == "'":
                self.single()
            elif char == '"':
                self.double()
            elif char == "\\":
                self.escape()
            elif char in "$`":
                self.dollar(quoted=self.test)
            elif char == "~" and self.tilde():
                pass
            else:
                self.add(char, quoted=self.test)
                self.at += 1
        if _has_braces(self.parts) and not (self.test or self.operand or self.assignment):
            self.parts.append(Odd())
        return tuple(self.parts)

    def add(self, text: str, quoted: bool) -> None:
        last = self.parts[-1] if self.parts else None
        if isinstance(last, Text) and last.quoted == quoted:
            self.parts[-1] = Text(last.text + text, quoted)
        else:
            self.parts.append(Text(text, quoted))

    def single(self) -> None:
        close = self.text.find("'", self.at + 1, self.end)
        if close < 0:
            raise Unclear("a quote is not closed")
        if self.text[self.at - 1 : self.at] == "$" and self.text[close - 1] == "\\":
            raise Unclear("`$'…'` ends elsewhere in other shells")
        self.add(self.text[self.at + 1 : close], quoted=True)
        self.at = close + 1

    def escape(self) -> None:
        following = self.text[self.at + 1 : min(self.at + 2, self.end)]
        if not following:
            raise Unclear("a word ends in a backslash")
        if following != "\n":
            self.add(following, quoted=True)
        self.at += 2

    def double(self) -> None:
        self.at += 1
        self.add("", quoted=True)
        while self.at < self.end and (char := self.text[self.at]) != '"':
            following = self.text[self.at + 1 : min(self.at + 2, self.end)]
            if char == "\\" and following and following in '$`"\\\n':
                self.add("" if following == "\n" else following, quoted=True)
                self.at += 2
            elif char in "$`":
                self.dollar(quoted=True)
            else:
                self.add(char, quoted=True)
                self.at += 1
        if self.at >= self.end:
            raise Unclear("a quote is not closed")
        self.at += 1

    def tilde(self) -> bool:
        """A tilde that starts a word, or a path in an assignment."""
        before = self.text[self.start : self.at]
        if not self.assignment and _ASSIGNMENT.match(before):
            if before.endswith(("=", ":")):
                self.at += 1  # bash expands it here, other shells do not
                self.parts.append(Odd())
                return True
            return False
        if before and not (self.assignment and before.endswith(":")):
            return False
        following = self.text[self.at + 1 : min(self.at + 2, self.end)]
        ends = not following or following in "/" + BLANKS or (self.assignment and following == ":")
        self.parts.append(Tilde() if ends else Odd())
        self.at += 1
        return True

    def dollar(self, quoted: bool) -> None:
        start = self.at
        if (sub := self.source.subs.get(start)) is not None:
            self.parts.append(Sub(sub[1], quoted))
            self.at = sub[0]
        elif (end := self.source.sums.get(start)) is not None:
            self.parts.extend(arithmetic(self.source, start, end))
            self.at = end
        elif (end := self.source.braces.get(start)) is not None:
            self.brace(start, end, quoted)
            self.at = end
        else:
            self.simple(start, quoted)
        if self.at > self.end:
            raise Unclear("an expansion does not end with its word")

    def simple(self, start: int, quoted: bool) -> None:
        """`$name`, a lone dollar, or `$'…'`."""
        following = self.text[start + 1 : min(start + 2, self.end)]
        if self.text[start] == "`" or (following and following in "({["):
            raise Unclear("an expansion is not understood")
        if following and following in "'\"" and not quoted:
            self.parts.append(Odd())  # `$'…'` and `$"…"` differ between shells
            self.at = start + 1
            return
        name = _NAME.match(self.text, start + 1, self.end)
        if name:
            self.parts.append(Var(name.group(), "", None, quoted))
            self.at = name.end()
        elif following and following in "0123456789@*#?$!-":
            self.parts.append(Var(following, "", None, quoted))
            self.at = start + 2
        else:
            self.add("$", quoted)
            self.at = start + 1

    def brace(self, start: int, end: int, quoted: bool) -> None:
        """`${…}` from `start` to `end`."""
        if end > self.end or not self.text.startswith("${", start) or self.text[end - 1] != "}":
            raise Unclear("an expansion is not understood")
        at, close = start + 2, end - 1
        length = self.text[at] == "#" and close > at + 1
        head = _HEAD.match(self.text, at + length, close)
        rest = self.text[head.end() : close] if head else ""
        operator = next((o for o in _OPERATORS if rest.startswith(o)), "")
        if head and length and not rest:
            self.parts.append(Var(head.group(), "length", None, quoted))
        elif head and not length and not rest:
            self.parts.append(Var(head.group(), "", None, quoted))
        elif head and not length and operator and not (quoted and _quotes(rest)):
            inner = _Reader(self.source, head.end() + len(operator), close, operand=True)
            word = Word(inner.word(), (inner.start, close))
            self.parts.append(Var(head.group(), operator, word, quoted))
        else:
            word = Word(self.source.scripts(start, end), (start, end))
            self.parts.append(Var(head.group() if head else "", "odd", word, quoted))


def _quotes(text: str) -> bool:
    """Quotes inside `"${x:-…}"` follow rules of their own."""
    return any(char in text for char in "'\"\\")


def _has_braces(parts: list[Part]) -> bool:
    """Whether bash would expand `{a,b}` or `{1..3}` here; other shells would not."""
    text = "".join(p.text if isinstance(p, Text) and not p.quoted else "\0" for p in parts)
    opening = text.find("{")
    closing = text.rfind("}")
    return 0 <= opening < closing and any(s in text[opening:closing] for s in (",", ".."))
