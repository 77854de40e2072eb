"""Expressions of GitHub Actions, evaluated as far as a workflow's text allows.

GitHub documentation, "Evaluate expressions in workflows and actions": `&&` and `||` give one of
their operands, strings compare without regard to case, and a property that is missing is null.
What only a run knows is UNKNOWN, and so is what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<mark>&&|\|\||==|!=|<=|>=|[!<>()\[\].,*]))"
)
_HOLE: Final = re.compile(r"\$\{\{((?:[^'}]|'(?:[^']|'')*'|\}(?!\}))*)\}\}")
_WORDS: Final = {"true": True, "false": False, "null": None}


class Unknown:
    """A value that only a run knows."""

    __slots__ = ()


class Named:
    """A value that is known to be the same as itself, such as the repository's name."""

    __slots__ = ()


UNKNOWN: Final = Unknown()
Value = str | float | bool | None | Unknown | Named
Values = Mapping[str, Value]


class Broken(ValueError):
    """No expression, or none that is read here."""


def holes(template: str) -> list[str]:
    """The expressions in a template, in order, without their `${{ }}`."""
    return [found[1].strip() for found in _HOLE.finditer(template)]


def parts(template: str) -> list[str]:
    """Text and expressions of a template in turn: text at even places."""
    return [part if i % 2 == 0 else part.strip() for i, part in enumerate(_HOLE.split(template))]


def filled(template: str, value: Callable[[str], str]) -> str:
    """A template with each `${{ }}` replaced by what `value` gives for its expression."""
    return _HOLE.sub(lambda found: value(found[1].strip()), template)


def condition(template: str) -> str | None:
    """The expression of an `if:`; None: text and `${{ }}` are mixed, which is always true."""
    text = " ".join(template.split())
    whole = _HOLE.fullmatch(text)
    if whole:
        return whole[1].strip()
    return None if "${{" in text else text


def evaluated(expression: str, values: Values) -> Value:
    """The value of an expression. Raises Broken.

    `values` has contexts by their dotted path in lower case; `a.b.*` there speaks for all below.
    """
    reader = _Reader(expression, values)
    found = reader.either()
    if reader.peek():
        raise Broken(expression)
    return found


def rendered(template: str, values: Values) -> str | None:
    """A template's text; None where it is not known. Raises Broken."""
    text = ""
    for index, part in enumerate(parts(template)):
        value = part if index % 2 == 0 else evaluated(part, values)
        if isinstance(value, (Unknown, Named)):
            return None
        text += _text(value)
    return text


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None: not known."""
    if isinstance(value, Unknown):
        return None
    return True if isinstance(value, Named) else bool(value)


class _Reader:
    """Recursive descent, from the weakest operator to the strongest."""

    def __init__(self, text: str, values: Values) -> None:
        self.values = values
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or len(self.tokens) > 500:
                raise Broken(text)
            self.tokens.append((str(found.lastgroup), found[found.lastgroup or 0]))
            at = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        found = self.peek()
        if not found or (wanted and found not in wanted):
            raise Broken(found)
        self.at += 1
        return found

    def either(self) -> Value:
        return self.joined("||", self.both, decides=True)

    def both(self) -> Value:
        return self.joined("&&", self.equal, decides=False)

    def joined(self, mark: str, read: Callable[[], Value], *, decides: bool) -> Value:
        """A chain of operands, of which the first that is `decides` is the value, else the last."""
        left = read()
        while self.peek() == mark:
            self.take()
            right = read()
            known = truth(left)
            if known is None:
                left = decides if truth(right) is decides else UNKNOWN
            else:
                left = left if known is decides else right
        return left

    def equal(self) -> Value:
        left = self.negated()
        while self.peek() in ("==", "!=", "<", ">", "<=", ">="):
            mark = self.take()
            same = _same(left, self.negated())
            known = same is not None and mark in ("==", "!=")
            left = same == (mark == "==") if known else UNKNOWN
        return left

    def negated(self) -> Value:
        if self.peek() != "!":
            return self.primary()
        self.take()
        known = truth(self.negated())
        return UNKNOWN if known is None else not known

    def primary(self) -> Value:
        kind = self.tokens[self.at][0] if self.at < len(self.tokens) else ""
        word = self.take()
        if word == "(":
            found = self.either()
            self.take(")")
            return found
        if kind == "string":
            return word[1:-1].replace("''", "'")
        if kind == "number":
            return float(word)
        if kind != "name":
            raise Broken(word)
        if self.peek() == "(":
            return self.call(word.lower())
        if word in _WORDS:
            return _WORDS[word]
        return self.path(word)

    def path(self, name: str) -> Value:
        names, known = [name.lower()], True
        while self.peek() in (".", "["):
            if self.take() == ".":
                names.append(self.take().lower())
                continue
            key = self.either()
            self.take("]")
            known = known and isinstance(key, str)
            names.append(str(key).lower())
        return self.looked_up(names) if known else UNKNOWN

    def looked_up(self, names: Sequence[str]) -> Value:
        whole = ".".join(names)
        if whole in self.values:
            return self.values[whole]
        for count in range(len(names) - 1, 0, -1):
            wide = ".".join(names[:count]) + ".*"
            if wide in self.values:
                return self.values[wide]
        return UNKNOWN

    def call(self, name: str) -> Value:
        self.take("(")
        given: list[Value] = []
        while self.peek() != ")":
            given.append(self.either())
            if self.peek() != ")":
                self.take(",")
        self.take(")")
        while self.peek() in (".", "["):  # `fromJSON(…).x`
            self.path("")
            return UNKNOWN
        if name in ("success", "always"):
            return True
        if name in ("failure", "cancelled"):
            return False
        if any(isinstance(value, (Unknown, Named)) for value in given):
            return UNKNOWN
        texts = [_text(value) for value in given]
        if name == "format" and texts:
            fields = dict(enumerate(texts[1:]))
            return re.sub(r"\{(\d+)\}", lambda found: fields.get(int(found[1]), ""), texts[0])
        tests: dict[str, Callable[[str, str], bool]] = {
            "contains": lambda a, b: b in a, "startswith": str.startswith, "endswith": str.endswith,
        }  # fmt: skip
        if name in tests and len(texts) == 2:
            return tests[name](texts[0].lower(), texts[1].lower())
        return UNKNOWN


def _text(value: Value) -> str:
    if value is None or isinstance(value, (Unknown, Named)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else value


def _same(left: Value, right: Value) -> bool | None:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if isinstance(left, Named) or isinstance(right, Named):
        both = isinstance(left, Named) and isinstance(right, Named)
        return left is right if both else False if left is None or right is None else None
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return _number(left) == _number(right)


def _number(value: str | float | bool | None) -> float:
    if isinstance(value, str):
        try:
            return float(value or 0)
        except ValueError:
            return float("nan")
    return float(value or 0)
