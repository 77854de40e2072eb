"""Physical lines, and the logical lines that continuations make of them.

Facts: BuildKit frontend/dockerfile/parser/parser.go (`Parse`, `scanLines`, `processLine`,
`trimContinuationCharacter`, `isEmptyContinuationLine`, `handleScannerError`).
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.syntax.gotext import SPACE, to_bytes

MAX_LINE = 65535  # bufio.MaxScanTokenSize - 1


@dataclass(frozen=True, slots=True)
class Logical:
    """A joined line.

    `cuts` are the offsets in `text` where the file has a continuation, each with the source of it
    (escape, blanks, newline, and the comment and blank lines it swallows).
    """

    indent: str
    text: str
    cuts: tuple[tuple[int, str], ...]
    newline: str  # "" when the file ends, or ends in a continuation
    end: int  # index of the next physical line


def split_lines(text: str) -> list[str]:
    """The lines with their endings; only "\\n" ends a line."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def is_too_long(line: str) -> bool:
    """Whether BuildKit's scanner gives up on the line."""
    if len(line) * 4 <= MAX_LINE:
        return False
    return len(to_bytes(line.removesuffix("\n"))) > MAX_LINE


def join(lines: list[str], start: int, escape: str) -> Logical:
    """The logical line that begins at `lines[start]`, which is neither blank nor a comment."""
    source = lines[start]
    first = source.lstrip(SPACE)
    indent = source[: len(source) - len(first)]
    content, tail, continues = _cut(first, escape)
    if not continues:
        return Logical(indent, content, (), tail, start + 1)
    parts, swallowed = [content], [tail]
    cuts: list[tuple[int, str]] = []
    length, index = len(content), start + 1
    while continues and index < len(lines):
        line = lines[index]
        index += 1
        stripped = line.lstrip(SPACE)
        if not stripped or stripped[0] == "#":
            swallowed.append(line)
            continue
        cuts.append((length, "".join(swallowed)))
        content, tail, continues = _cut(line, escape)
        swallowed = [tail]
        parts.append(content)
        length += len(content)
    if continues:
        cuts.append((length, "".join(swallowed)))
        tail = ""
    return Logical(indent, "".join(parts), tuple(cuts), tail, index)


def _cut(line: str, escape: str) -> tuple[str, str, bool]:
    """Content, what follows it, and whether the next line belongs to it."""
    body = line.rstrip("\r\n")
    code = body.rstrip(" \t")
    # An escape after an escape does not continue, not even a third one.
    if code.endswith(escape) and code[-2:-1] != escape:
        return code[:-1], line[len(code) - 1 :], True
    return body, line[len(body) :], False
