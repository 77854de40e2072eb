"""BuildKit's word processing: quotes, escapes and `$` of one piece of text.

A port of BuildKit frontend/dockerfile/shell/lex.go at the level of its `Lex` type; `words.py` and
`heredoc.py` are its two users. A value may be `Unknown`; it then makes the whole result unknown,
unless the form does not need it.
"""

from __future__ import annotations

from reorder.syntax.forms import applied, replaced
from reorder.syntax.gotext import SPACE, runes
from reorder.syntax.values import (
    DepthError,
    Lookup,
    Unknown,
    Value,
    WordError,
    joined,
    or_empty,
)

MAX_DEPTH = 50  # of ${a:-${b:-…}}


class Lexer:
    """One pass over one text."""

    __slots__ = (
        "_buffer",
        "_depth",
        "_escape",
        "_lookup",
        "_position",
        "_quotes",
        "_raw_escapes",
        "_raw_quotes",
        "_text",
    )

    def __init__(
        self,
        text: str,
        lookup: Lookup | None,
        escape: str,
        *,
        raw_quotes: bool = False,
        raw_escapes: bool = False,
        quotes: bool = True,
    ) -> None:
        """`lookup` None leaves every variable as it is written (BuildKit: SkipUnsetEnv)."""
        self._text = runes(text).removeprefix("\ufeff")
        self._lookup = lookup
        self._escape = escape
        self._raw_quotes = raw_quotes
        self._raw_escapes = raw_escapes
        self._quotes = quotes
        self._position = 0
        self._depth = 0
        self._buffer: list[str] = []

    def process(self) -> tuple[Value, list[str]]:
        """The text as one word, and as the words it falls into. Raises WordError."""
        return self._until("", self._raw_escapes)

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]

    def _next(self) -> str:
        char = self._text[self._position : self._position + 1]
        self._position += len(char)
        return char

    def _until(self, stop: str, raw_escapes: bool) -> tuple[Value, list[str]]:
        """Process up to `stop`, which is taken, or to the end."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise DepthError("substitutions are nested too deeply")
        before, self._raw_escapes = self._raw_escapes, raw_escapes
        try:
            return self._pieces(stop)
        finally:
            self._raw_escapes = before
            self._depth -= 1

    def _pieces(self, stop: str) -> tuple[Value, list[str]]:
        result: list[Value] = []
        words: list[str] = []
        # One buffer for all levels, as in BuildKit: `a${b:-c}` loses the `a` of its word list.
        self._buffer.clear()
        in_word = False
        while char := self._peek():
            if char == stop:
                self._next()
                return joined(result), _finished(words, self._buffer)
            raw = True
            piece: Value
            if char == "$":
                piece, raw = self._dollar(), False
            elif char == "<":
                piece = self._heredoc()
            elif self._quotes and char == "'":
                piece = self._single_quoted()
            elif self._quotes and char == '"':
                piece = self._double_quoted()
            elif char == self._escape:
                self._next()
                escaped = self._next()
                piece = (char if self._raw_escapes else "") + escaped
                if not piece:
                    break
            else:
                piece, raw = self._next(), False
            result.append(piece)
            if isinstance(piece, Unknown):
                continue
            if raw:
                self._buffer += [piece] if piece else []
                in_word = True
            else:
                in_word = self._split(piece, words, in_word)
        if stop:
            raise WordError(f"unexpected end of statement while looking for matching {stop}")
        return joined(result), _finished(words, self._buffer)

    def _split(self, piece: str, words: list[str], in_word: bool) -> bool:
        for char in piece:
            if char not in SPACE:
                self._buffer.append(char)
                in_word = True
            elif in_word and self._buffer:
                words.append("".join(self._buffer))
                self._buffer.clear()
                in_word = False
        return in_word

    def _single_quoted(self) -> str:
        start = self._position
        end = self._text.find("'", start + 1)
        if end < 0:
            self._position = len(self._text)
            raise _open_quote("single")
        self._position = end + 1
        return self._text[start : end + 1] if self._raw_quotes else self._text[start + 1 : end]

    def _double_quoted(self) -> Value:
        quote = self._next()
        edge = quote if self._raw_quotes else ""
        result: list[Value] = [edge]
        while char := self._peek():
            if char == '"':
                self._next()
                return joined([*result, edge])
            if char == "$":
                result.append(self._dollar())
                continue
            self._next()
            if char == self._escape:
                if self._raw_escapes:
                    result.append(char)
                following = self._peek()
                if not following:
                    break
                if following in ('"', "$", self._escape):
                    char = self._next()
            result.append(char)
        raise _open_quote("double")

    def _heredoc(self) -> str:
        start = self._position
        self._next()
        if self._peek() == "<":
            self._next()
            while self._peek() in ("\t", "\r", " "):
                self._next()
        return self._text[start : self._position]

    def _dollar(self) -> Value:
        self._next()
        if self._peek() != "{":
            name = self._name()
            if not name:
                return "$"
            return f"${name}" if self._lookup is None else or_empty(self._value(name))
        self._next()
        following = self._peek()
        if not following:
            raise WordError("syntax error: missing '}'")
        if following in "{}:":
            raise WordError("syntax error: bad substitution")
        name = self._name()
        operator = self._next()
        if operator == "}":
            return f"${{{name}}}" if self._lookup is None else or_empty(self._value(name))
        if operator == "/":
            return self._replace(name)
        null_is_unset = operator == ":"
        if null_is_unset:
            operator = self._next()
        elif operator not in ("+", "-", "?", "#", "%"):
            raise WordError(f"unsupported modifier ({operator}) in substitution")
        if null_is_unset and operator in ("#", "%"):
            raise WordError(f"unsupported modifier (:{operator}) in substitution")
        word = self._operand("}", operator in ("#", "%"), "missing '}'")
        if self._lookup is None:
            colon = ":" if null_is_unset else ""
            return joined([f"${{{name}{colon}{operator}", word, "}"])
        return applied(name, operator, null_is_unset, word, self._value(name))

    def _replace(self, name: str) -> Value:
        every = self._peek() == "/"
        if every:
            self._next()
        pattern = self._operand("/", True, "missing '/' in ${}")
        replacement = self._operand("}", True, "missing '}'")
        if self._lookup is None:
            return joined([f"${{{name}/", pattern, "/", replacement, "}"])
        value = or_empty(self._value(name))
        return replaced(name, pattern, replacement, value, every=every)

    def _operand(self, stop: str, raw_escapes: bool, missing: str) -> Value:
        try:
            return self._until(stop, raw_escapes)[0]
        except DepthError:
            raise
        except WordError:
            if not self._peek():
                raise WordError(f"syntax error: {missing}") from None
            raise

    def _name(self) -> str:
        start = self._position
        text, end = self._text, len(self._text)
        if start < end and text[start].isdecimal():
            while self._position < end and text[self._position].isdecimal():
                self._position += 1
        elif start < end and text[start] in "@*#?-$!0":
            self._position += 1
        else:
            while self._position < end and _in_name(text[self._position]):
                self._position += 1
        return text[start : self._position]

    def _value(self, name: str) -> Value | None:
        value = self._lookup(name) if self._lookup else None
        return Unknown(name) if isinstance(value, Unknown) else value


def _finished(words: list[str], buffer: list[str]) -> list[str]:
    if buffer:
        words.append("".join(buffer))
    buffer.clear()
    return words


def _in_name(char: str) -> bool:
    return char == "_" or char.isalpha() or char.isdecimal()


def _open_quote(kind: str) -> WordError:
    return WordError(f"unexpected end of statement while looking for matching {kind}-quote")
