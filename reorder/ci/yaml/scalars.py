"""YAML scalars with the place of each of their characters in the file.

YAML 1.2.2, chapters 7.3 (flow scalars, line folding) and 8.1 (block scalars), as PyYAML reads them.
A scalar whose value cannot be put together again from the file's own text is not read at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from yaml.nodes import ScalarNode

Style = Literal["plain", "single", "double", "literal", "folded"]
_STYLES: Final[dict[str | None, Style]] = {
    None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded",
}  # fmt: skip
_BREAKS: Final = re.compile(r"[ \t]*(?:\r?\n[ \t]*)+")
_ESCAPE: Final = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r?\n[ \t]*|.)", re.DOTALL
)
_SIMPLE: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", " ": " ", "N": "\x85"}
_PROPERTIES: Final = re.compile(r"(?:[&!][^\s]*\s+)*")  # an anchor, a tag
_HEADER: Final = re.compile(r"[|>]([+-]?)[ \t]*(?:#[^\n]*)?\r?\n")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar of the file: `places[i]` is where character i of its value begins."""

    value: str
    style: Style
    start: int
    end: int
    places: tuple[int, ...]  # one more than characters: the last is where the value ends
    indent: str = ""  # of the lines behind the first

    @property
    def folds(self) -> bool:
        """Whether a line break in the file is a space in the value."""
        return self.style == "folded" or (self.style != "literal" and bool(self.indent))


def scalar(text: str, node: ScalarNode) -> Scalar | None:
    """What a node of `yaml.compose(text)` says and where; None: written in a way not read here."""
    style = _STYLES.get(node.style)
    if style is None:
        return None
    start, end = node.start_mark.index, node.end_mark.index
    if text[start : start + 1] in ("&", "!") and (found := _PROPERTIES.match(text, start, end)):
        start = found.end()
    if style in ("literal", "folded"):
        return _block(text, node.value, style, start, end)
    if style == "plain":
        while end > start and text[end - 1] in " \t\r\n":
            end -= 1
        read = _flow(text, start, end, style)
    else:
        read = _flow(text, start + 1, end - 1, style)
    if read is None or read[0] != node.value:
        return None
    last = text[start:end].rpartition("\n")[2] if "\n" in text[start:end] else ""
    indent = last[: len(last) - len(last.lstrip(" "))]
    return Scalar(node.value, style, start, end, read[1], indent)


def _flow(text: str, start: int, end: int, style: Style) -> tuple[str, tuple[int, ...]] | None:
    """The value of a plain or quoted scalar between its quotes."""
    value: list[str] = []
    places: list[int] = []
    at = start
    while at < end:
        if text[at] in " \t\r\n" and (found := _BREAKS.match(text, at, end)):
            count = found[0].count("\n")
            said, width = (" " if count == 1 else "\n" * (count - 1)), len(found[0])
        elif style == "single" and text.startswith("''", at):
            said, width = "'", 2
        elif style == "double" and text[at] == "\\":
            escape = _ESCAPE.match(text, at, end)
            if escape is None:
                return None
            said, width = _unescaped(escape[0]), len(escape[0])
        else:
            said, width = text[at], 1
        value.append(said)
        places += [at] * len(said)
        at += width
    return "".join(value), (*places, end)


def _unescaped(escape: str) -> str:
    letter = escape[1]
    if letter in "\r\n":
        return ""
    if letter in "xuU":
        return chr(int(escape[2:], 16))
    return _SIMPLE.get(letter, letter)


def _block(text: str, wanted: str, style: Style, start: int, end: int) -> Scalar | None:
    """The value of a block scalar: lines without their indent, folded for `>`."""
    header = _HEADER.match(text, start)
    if header is None:  # an indentation indicator
        return None
    lines: list[tuple[int, str]] = []
    at = header.end()
    for line in text[at:end].splitlines(keepends=True):
        lines.append((at, line.rstrip("\r\n")))
        at += len(line)
    first = next((line for _, line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" "))]
    if not indent:
        return None
    content = list(lines)
    while content and not content[-1][1][len(indent) :]:
        content.pop()
    value: list[str] = []
    places: list[int] = []
    held: list[int] = []  # where the line breaks since the last line with text are
    before = ""
    for where, line in content:
        body = line[len(indent) :] if line.startswith(indent) else ""
        if not body and line.strip(" "):
            return None
        if not body:
            held.append(where + len(line))
            continue
        if held:
            folds = style == "folded" and before[:1] not in " \t" and body[0] not in " \t"
            if folds and before:
                breaks = " " if len(held) == 1 else "\n" * (len(held) - 1)
                found = held if len(held) == 1 else held[1:]
            else:
                breaks, found = "\n" * len(held), held
            value.append(breaks)
            places += found
        value.append(body)
        places += range(where + len(indent), where + len(line))
        held, before = [where + len(line)], body
    said = "".join(value)
    last = held[0] if held else end
    more = len(wanted) - len(said)
    if more < 0 or wanted != said + "\n" * more:
        return None
    # Closing line breaks: the first is the last line's own, the rest are blank lines.
    tail = [last, *(where for where, _ in lines[len(content) :])]
    places += (tail + [at] * more)[:more]
    return Scalar(wanted, style, start, last, (*places, last if not more else at), indent)
