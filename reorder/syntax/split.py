"""Keyword, flags and arguments of a logical line.

Facts: BuildKit frontend/dockerfile/parser/split_command.go (`splitCommand`,
`extractBuilderFlags`), which walks bytes and takes each for a character.
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.syntax.gotext import BLANKS, SPACE, to_bytes
from reorder.syntax.nodes import Flag

Span = tuple[int, int]

_BYTE_SPACE = "\t\n\v\f\r \x85\xa0"  # unicode.IsSpace of a single byte


@dataclass(frozen=True, slots=True)
class Split:
    """Spans are offsets in the logical line. `flag_spans` may end with that of a bare `--`."""

    keyword: Span
    flag_spans: tuple[Span, ...]
    flags: tuple[Flag, ...]
    args: Span
    problem: str | None = None


def split(line: str, escape: str) -> Split:
    """The parts of a line. Problem: a flag that BuildKit would cut within a character."""
    start = len(line) - len(line.lstrip(SPACE))
    stop = len(line.rstrip(SPACE))
    if start >= stop:
        return Split((0, 0), (), (), (0, 0))
    blank = BLANKS.search(line, start, stop)
    if blank is None:
        return Split((start, stop), (), (), (stop, stop))
    keyword, after = (start, blank.start()), blank.end()
    if not line.startswith(("--", "\udc85", "\udca0"), after):
        return Split(keyword, (), (), _trim(line, after, stop))
    rest = line[after:stop]
    words, end = _flag_words(to_bytes(rest).decode("latin-1"), escape)
    spans: list[Span] = []
    for first, last, _ in words:
        a, b = _character(rest, first), _character(rest, last)
        if a is None or b is None:
            return Split(keyword, (), (), _trim(line, after, stop), _INSIDE)
        spans.append((after + a, after + b))
    cut = _character(rest, end)
    if cut is None:
        return Split(keyword, (), (), _trim(line, after, stop), _INSIDE)
    flags = tuple(_flag(word) for _, _, word in words if word != "--")
    return Split(keyword, tuple(spans), flags, _trim(line, after + cut, stop))


_INSIDE = "a flag with a character that the builder, which reads flags by bytes, takes for a blank"


def _trim(line: str, start: int, stop: int) -> Span:
    while start < stop and line[start] in SPACE:
        start += 1
    while stop > start and line[stop - 1] in SPACE:
        stop -= 1
    return start, stop


def _character(text: str, offset: int) -> int | None:
    """The character offset of a byte offset; None when it lies within a character."""
    if text.isascii():
        return offset
    prefix = to_bytes(text)[:offset].decode("utf-8", "surrogateescape")
    return len(prefix) if text.startswith(prefix) else None


def _flag(word: str) -> Flag:
    name, equals, value = word[2:].partition("=")
    return Flag(name, value if equals else None)


def _flag_words(text: str, escape: str) -> tuple[list[tuple[int, int, str]], int]:
    """Leading words that start with `--`, quotes and escapes removed, and where they end."""
    words: list[tuple[int, int, str]] = []
    position, size = 0, len(text)
    while True:
        while position < size and text[position] in _BYTE_SPACE:
            position += 1
        if not text.startswith("--", position):
            return words, position
        start = position
        word, position = _flag_word(text, position, escape)
        words.append((start, position, word))
        if word == "--":
            return words, position


def _flag_word(text: str, position: int, escape: str) -> tuple[str, int]:
    out: list[str] = []
    quote, size = "", len(text)
    while position < size:
        char = text[position]
        if not quote and char in _BYTE_SPACE:
            break
        position += 1
        if not quote and char in "'\"":
            quote = char
        elif char == quote:
            quote = ""
        elif char == escape:
            out.append(text[position : position + 1])
            # An escape at the end is dropped, and closes a quote.
            position = min(position + 1, size)
        else:
            out.append(char)
    return "".join(out), position
