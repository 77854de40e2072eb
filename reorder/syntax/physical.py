"""The lines of an instruction as an edit sees them: content, and what joins it to the next line."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import Instruction


@dataclass(frozen=True, slots=True)
class Piece:
    """A line. `soft`: `end` is an escape, a newline, and the comments and blank lines below it."""

    content: str
    end: str
    soft: bool

    @property
    def is_bare_keyword(self) -> bool:
        """Whether the line is one word, continued by a line that no comment precedes."""
        lone = len(self.content.split()) == 1
        return lone and self.soft and not self.end.partition("\n")[2]

    def absorb(self, emptied: Piece) -> Piece:
        """This line, when the line below it goes."""
        if emptied.soft:
            comments = emptied.end.partition("\n")[2]
            return Piece(self.content, self.end + comments, self.soft)
        if not self.soft:
            return self
        return Piece(self.content.rstrip(" \t"), emptied.end, soft=False)


def line_pieces(instruction: Instruction) -> list[Piece]:
    """The lines up to the newline that ends the logical line."""
    pieces: list[Piece] = []
    content = ""
    for token in instruction.tokens:
        if token.kind in ("continuation", "newline"):
            pieces.append(Piece(content, token.text, token.kind == "continuation"))
            content = ""
        elif token.kind != "heredoc":
            content += token.text
    return pieces


def body_pieces(instruction: Instruction) -> list[Piece]:
    """The lines of the heredocs; one that ends in a backslash is joined to the next by a shell."""
    source = "".join(token.text for token in instruction.tokens if token.kind == "heredoc")
    pieces: list[Piece] = []
    for line in split_lines(source):
        content = line.rstrip("\r\n")
        backslashes = len(content) - len(content.rstrip("\\"))
        soft = backslashes % 2 == 1
        content = content[:-1] if soft else content
        pieces.append(Piece(content, line[len(content) :], soft))
    return pieces


def text_of(pieces: list[Piece]) -> str:
    """The source of lines."""
    return "".join(piece.content + piece.end for piece in pieces)
