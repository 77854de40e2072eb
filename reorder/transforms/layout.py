"""Line breaks after the flags of a RUN, as its author would have put them."""

from __future__ import annotations

from reorder.syntax.nodes import File, Instruction
from reorder.syntax.rebuild import rebuilt

WIDTH = 90
INDENT = "    "


def broken(instruction: Instruction, newline: str) -> Instruction:
    """The flags and the command on lines of their own, where one line would be long or crowded.

    What the author has broken already stays; a RUN that starts a heredoc stays on its line.
    """
    tokens = list(instruction.tokens)
    flags = [at for at, token in enumerate(tokens) if token.kind == "flag"]
    multiline = any(token.kind == "continuation" for token in tokens)
    short = len(instruction.text.rstrip()) <= WIDTH
    if not flags or instruction.heredocs or (short and not multiline and len(flags) == 1):
        return instruction
    indent = _indent(instruction)
    edge = f" {instruction.escape}{newline}{indent}"
    text = ""
    for at, token in enumerate(tokens):
        follows = at - 1 in flags and token.kind == "space"
        last = at + 1 >= len(tokens) or tokens[at + 1].kind in ("continuation", "newline")
        text += edge if follows and not last else token.text
    return rebuilt(instruction, text)


def chain(text: str, file: File) -> str:
    """The text of a RUN whose commands are joined by `&&`; long, each has a line of its own."""
    if len(text) <= WIDTH or " && " not in text:
        return text
    edge = f" {file.escape}{file.newline}{INDENT}"
    lines = []
    for part in text.split(" && "):
        line, *words = part.replace(" > ", " >\0").split(" ")
        for word in words:
            if len(line.rpartition(edge)[2]) + len(word) >= WIDTH:
                line += f"{edge}{INDENT}{word}"
            else:
                line += f" {word}"
        lines.append(line.replace("\0", " "))
    return f"{edge}&& ".join(lines)


def _indent(instruction: Instruction) -> str:
    """That of the author's first continuation line."""
    lines = instruction.text.splitlines()
    if len(lines) < 2:
        return INDENT
    second = lines[1]
    return second[: len(second) - len(second.lstrip())] or INDENT
