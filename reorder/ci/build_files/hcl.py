"""Blocks and attributes of an HCL file with their places.

Source: hashicorp/hcl, "HCL Native Syntax Specification": comments, quoted templates, heredocs,
blocks with labels, attributes. Expressions are not evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BLOCK: Final = re.compile(r'([A-Za-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*)[ \t]*\{')
_LABEL: Final = re.compile(r'"([^"\n]*)"|([A-Za-z_][\w-]*)')
_ATTRIBUTE: Final = re.compile(r'(?:"([^"\n]+)"|([A-Za-z_][\w-]*))[ \t]*=(?!=)[ \t]*')
_HEREDOC: Final = re.compile(r"<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n")
_OPENING, _CLOSING = "([{", ")]}"


class Unread(Exception):
    """The text is no HCL that is understood."""


@dataclass(frozen=True, slots=True)
class Block:
    """`kind "label" { … }`: `start` is its first letter, `end` its closing brace."""

    kind: str
    labels: tuple[str, ...]
    start: int
    body: int  # behind the opening brace
    end: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = value`: the offsets are those of the value."""

    name: str
    start: int
    end: int


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a file. Raises `Unread`."""
    return tuple(part for part in _parts(text, 0, len(text)) if isinstance(part, Block))


def attributes(text: str, block: Block) -> dict[str, Attribute]:
    """The attributes of a block itself. Raises `Unread`."""
    parts = _parts(text, block.body, block.end)
    return {part.name: part for part in parts if isinstance(part, Attribute)}


def strings(text: str, attribute: Attribute) -> list[str] | None:
    """The plain strings of a list; None: it is not written as one."""
    at, end = attribute.start, attribute.end
    if text[at : at + 1] != "[" or text[end - 1] != "]":
        return None
    found: list[str] = []
    element: list[str] = []
    at += 1
    while at < end:
        opens = text[at] in _OPENING
        after = _closing(text, at) + 1 if opens else _skipped(text, at)
        part = text[at:after]
        if part == "," or after == end:
            if len(element) == 1 and element[0].startswith('"'):
                found.append(element[0][1:-1])
            element = []
        elif not part.isspace() and not part.startswith(("#", "//", "/*")):
            element.append(part)
        at = after
    return found


def _parts(text: str, at: int, end: int) -> Iterator[Block | Attribute]:
    while at < end:
        after = _skipped(text, at)
        if text[at] in " \t\r\n,;\ufeff" or text[at] in "#/":
            at = after
        elif found := _ATTRIBUTE.match(text, at, end):
            stop = _value(text, found.end(), end)
            yield Attribute(found[1] or found[2], found.end(), stop)
            at = stop
        elif found := _BLOCK.match(text, at, end):
            closing = _closing(text, found.end() - 1)
            labels = tuple(a or b for a, b in _LABEL.findall(found[2]))
            yield Block(found[1], labels, at, found.end(), closing)
            at = closing + 1
        else:
            raise Unread


def _value(text: str, at: int, end: int) -> int:
    """The offset behind an expression: it ends with its line, outside of brackets."""
    last = at
    while at < end and text[at] not in "\n":
        if text[at] in _OPENING:
            at = last = _closing(text, at) + 1
        elif text[at] in "#" or text.startswith(("//", "/*"), at):
            at = _skipped(text, at)
            if text[at - 1 : at] == "\n":
                break
        else:
            after = _skipped(text, at)
            last = after if text[at] not in " \t\r" else last
            at = after
    return last


def _closing(text: str, at: int) -> int:
    """The offset of the bracket that closes the one here."""
    depth = 0
    while at < len(text):
        if text[at] in _OPENING:
            depth += 1
        elif text[at] in _CLOSING:
            depth -= 1
            if not depth:
                return at
        at = _skipped(text, at)
    raise Unread


def _skipped(text: str, at: int) -> int:
    """The offset behind what stands here: a string, a comment, a heredoc, or one character."""
    char = text[at]
    if char == '"':
        return _string(text, at)
    if char == "#" or text.startswith("//", at):
        end = text.find("\n", at)
        return len(text) if end == -1 else end
    if text.startswith("/*", at):
        end = text.find("*/", at)
        if end == -1:
            raise Unread
        return end + 2
    if char == "<" and (found := _HEREDOC.match(text, at)):
        close = re.compile(rf"^[ \t]*{re.escape(found[1])}[ \t]*\r?$", re.MULTILINE)
        end_of = close.search(text, found.end())
        if end_of is None:
            raise Unread
        return end_of.end()
    return at + 1


def _string(text: str, at: int) -> int:
    """The offset behind a quoted template; `${…}` in it holds expressions, strings too."""
    at += 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == '"':
            return at + 1
        elif text[at] == "\n":
            break
        elif text.startswith(("${", "%{"), at) and text[at - 1 : at] != text[at]:
            at = _closing(text, at + 1) + 1
        else:
            at += 1
    raise Unread
