"""The tree: tokens own the text, typed fields sit on them.

`str(file)` is the concatenation of every token, so what no one edits cannot change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TokenKind = Literal[
    "space",  # blanks around the other tokens of the logical line
    "keyword",
    "flag",  # one `--name[=value]` word, or the `--` that ends them
    "text",  # a piece of the argument text, as the logical line has it
    "continuation",  # escape + blanks + newline, and the comment and blank lines it swallows
    "newline",  # what ends the logical line: "\n", "\r\n", or "" at the end of the file
    "heredoc",  # bodies with their terminator lines
]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text exactly as the file has it."""

    kind: TokenKind
    text: str


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value`, quotes and escapes removed; `value` is None for the bare form."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Heredoc:
    """One heredoc of an instruction (BuildKit `parser.Heredoc`); `content` has its raw lines."""

    name: str
    content: str
    expand: bool
    chomp: bool
    fd: int


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, with the comments and blank lines that lead to it."""

    leading: str
    tokens: tuple[Token, ...]
    keyword: str  # lower case
    flags: tuple[Flag, ...]
    args: str  # the logical argument text after the flags, outer blanks removed
    # The arguments as BuildKit's parser lists them, still unexpanded. ENV and LABEL: name, value
    # and "=" ("" for the form `KEY rest`) of each pair; `words.pairs` reads them.
    words: tuple[str, ...]
    is_json: bool
    heredocs: tuple[Heredoc, ...]
    line: int  # 1-based, of the first token, in the text that was parsed
    end_line: int  # 1-based, of the last line that belongs to it
    inner: Instruction | None = None  # the trigger of an ONBUILD
    escape: str = "\\"  # the escape character of its file

    @property
    def text(self) -> str:
        """The source of the instruction without what leads to it."""
        return "".join(token.text for token in self.tokens)

    def flag(self, name: str) -> str | None:
        """The value of the last `--name=value`; "" for the bare form, None when it is absent."""
        for flag in reversed(self.flags):
            if flag.name == name:
                return flag.value or ""
        return None

    def flag_values(self, name: str) -> tuple[str, ...]:
        """Every value of a flag that may be repeated (`--mount`, `--exclude`)."""
        return tuple(flag.value or "" for flag in self.flags if flag.name == name)

    def __str__(self) -> str:
        return self.leading + self.text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something BuildKit rejects."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class File:
    """A whole Dockerfile. `problems` is empty exactly when BuildKit would accept it."""

    header: str  # byte order mark and directive lines; nothing may be put above them
    instructions: tuple[Instruction, ...]
    trailing: str  # comments and blank lines after the last instruction
    directives: tuple[tuple[str, str], ...]  # name in lower case, value
    escape: str
    newline: str  # the line ending in use: that of the first line
    problems: tuple[Problem, ...] = ()

    def directive(self, name: str) -> str | None:
        """The value of a parser directive, or None."""
        return dict(self.directives).get(name)

    def __str__(self) -> str:
        return self.header + "".join(map(str, self.instructions)) + self.trailing
