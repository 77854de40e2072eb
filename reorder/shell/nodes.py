"""The calls a shell text makes, or why it is not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Span = tuple[int, int]  # offsets in the shell text, end exclusive


@dataclass(frozen=True, slots=True)
class Opaque:
    """Not understood: reads and writes everything. `reason` is part of a sentence for the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class Arg:
    """One word of a call after quotes and known variables.

    `kind` is "literal" (`text` is the word), "glob" (`text` is an unquoted shell pattern) or
    "unknown" (`text` is the source; its value depends on something that is not known).
    """

    text: str
    kind: Literal["literal", "glob", "unknown"]
    span: Span


@dataclass(frozen=True, slots=True)
class Redirect:
    """`<`, `>`, `>>`, `2>` … to a file; duplications such as `2>&1` and /dev/null are left out."""

    op: Literal["read", "write", "append"]
    target: Arg


@dataclass(frozen=True, slots=True)
class Call:
    """One simple command, in the state the shell is in when it runs."""

    args: tuple[Arg, ...]  # args[0] is the command name; known wrappers (`env`, `exec`) are gone
    cwd: str  # absolute path in the image
    env: Mapping[str, str | None] = field(hash=False)  # in force; None: set, to an unknown value
    redirects: tuple[Redirect, ...] = ()
    always: bool = True  # False below if, for, case, &&-alternatives (`||`), functions
    span: Span = (0, 0)
    user: str | None = None  # whom `sudo` makes it run as; None: the user in force
    piped: Call | None = None  # the one command whose output it reads; None: nobody's, or not known

    @property
    def name(self) -> str:
        """The command word, or "" when it is not a literal."""
        return self.args[0].text if self.args and self.args[0].kind == "literal" else ""

    @property
    def words(self) -> tuple[str, ...] | None:
        """Every word as text, or None when one of them is not a literal."""
        if any(arg.kind != "literal" for arg in self.args):
            return None
        return tuple(arg.text for arg in self.args)
