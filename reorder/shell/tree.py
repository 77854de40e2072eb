"""The syntax tree of a shell text: what `parse` gives and `calls` walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reorder.shell.nodes import Span


class Unclear(Exception):
    """Raised inside this package only; the public functions turn it into `Opaque`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Text:
    """Literal characters; quoted ones are neither split nor patterns."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Var:
    """`$name` or `${name<op>word}`; `op` "odd" is a form whose value is not computed."""

    name: str
    op: str
    word: Word | None
    quoted: bool


@dataclass(frozen=True, slots=True)
class Sub:
    """`$(body)` or backticks."""

    body: Seq
    quoted: bool


@dataclass(frozen=True, slots=True)
class Tilde:
    """An unquoted `~` that stands for HOME."""


@dataclass(frozen=True, slots=True)
class Odd:
    """A piece whose value depends on the shell or is not computed (`$'…'`, `$((…))`)."""

    assigns: tuple[str, ...] = ()  # names that an arithmetic expression may set


Part: TypeAlias = Text | Var | Sub | Tilde | Odd


@dataclass(frozen=True, slots=True)
class Word:
    """One word before any expansion."""

    parts: tuple[Part, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`name=word`; `plain` is False for `+=`, arrays and subscripts."""

    name: str
    word: Word
    plain: bool


@dataclass(frozen=True, slots=True)
class Redir:
    """A redirection to a file; a heredoc or here-string has op "here"."""

    op: Literal["read", "write", "append", "here"]
    target: Word


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command, also one of assignments or redirections alone."""

    assigns: tuple[Assign, ...]
    words: tuple[Word, ...]
    redirs: tuple[Redir, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Pipe:
    """Two or more commands joined by `|`."""

    parts: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`! body`."""

    body: Command


@dataclass(frozen=True, slots=True)
class AndOr:
    """`items[0] ops[0] items[1] …`, from left to right."""

    items: tuple[Command, ...]
    ops: tuple[str, ...]
    spans: tuple[Span, ...] = field(default=(), compare=False)  # of the items


@dataclass(frozen=True, slots=True)
class Seq:
    """Commands one after the other."""

    items: tuple[Command, ...]
    spans: tuple[Span, ...] = field(default=(), compare=False)  # of the items


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( body )`."""

    body: Seq


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections."""

    body: Command
    redirs: tuple[Redir, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """`if`/`elif` arms as (condition, body), and the `else`."""

    arms: tuple[tuple[Seq, Seq], ...]
    orelse: Seq | None


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words`; None: over the positional parameters."""

    name: str
    words: tuple[Word, ...] | None
    body: Seq
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """`while`, or `until`."""

    until: bool
    condition: Seq
    body: Seq


@dataclass(frozen=True, slots=True)
class Case:
    """`case`; `total`: one of the patterns is `*`."""

    subject: Word
    patterns: tuple[Word, ...]
    bodies: tuple[Seq, ...]
    total: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition."""

    name: str
    body: Command


Command: TypeAlias = (
    Simple | Pipe | Not | AndOr | Seq | Subshell | Redirected | If | For | While | Case | Function
)
