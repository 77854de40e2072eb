"""What a command leaves behind in the shell that runs it, for the commands that follow."""

from __future__ import annotations

from typing import Final

from reorder.shell.builtins import JUMPS, NAMES
from reorder.shell.tree import (
    AndOr,
    Case,
    Command,
    For,
    Function,
    If,
    Not,
    Odd,
    Pipe,
    Redirected,
    Seq,
    Simple,
    Subshell,
    Text,
    Var,
    While,
    Word,
)

# Builtins that leave nothing behind; and some beside NAMES that do (bash manual, chapter 4).
_PURE: Final = frozenset(("printf", "pwd", "true", ":", "hash", "false"))
_MORE: Final = frozenset(("exec", "umask", "ulimit", "command", "builtin", "times", "jobs", "dirs"))
_SPECIAL: Final = frozenset((":", "times"))  # an assignment in front of them stays


def literal(word: Word) -> str | None:
    """The text of a word that the shell does not expand; None for any other."""
    found = ""
    for part in word.parts:
        if not isinstance(part, Text):
            return None
        found += part.text
    return found


def changed_state(command: Command) -> str | None:
    """Why what follows may depend on the shell that ran a command; None: it cannot."""
    match command:
        case Simple():
            return _simple(command)
        case Subshell() | Pipe():
            return None
        case Function(name):
            return f"the function {name} is defined for what follows"
        case For(name):
            return f"the loop sets {name} for what follows"
        case Not(body):
            return changed_state(body)
        case Redirected(body, redirs):
            return _first(body) or _of_words(tuple(redir.target for redir in redirs))
        case Seq(items) | AndOr(items):
            return _first(*items)
        case If(arms, orelse):
            return _first(*(part for arm in arms for part in arm), *(orelse,) * bool(orelse))
        case While(_, condition, body):
            return _first(condition, body)
        case Case(subject, patterns, bodies):
            return _first(*bodies) or _of_words((subject, *patterns))


def _first(*commands: Command | None) -> str | None:
    return next((why for c in commands if c is not None and (why := changed_state(c))), None)


def _simple(command: Simple) -> str | None:
    name = literal(command.words[0]) if command.words else ""
    if command.assigns and (not name or name in _SPECIAL):
        return f"{command.assigns[0].name} is set for what follows"
    if name is None:
        # A name with a slash is that of a program.
        if not any(isinstance(p, Text) and "/" in p.text for p in command.words[0].parts):
            return "a command whose name is not known may change the shell"
    elif name in JUMPS:
        return f"`{name}` may end the script"
    elif name in _MORE or (name in NAMES and name not in _PURE):
        return f"what `{name}` does to the shell holds for what follows"
    elif name == "printf" and len(command.words) > 1 and literal(command.words[1]) == "-v":
        return "`printf -v` sets a variable for what follows"
    words = (*command.words, *(a.word for a in command.assigns))
    return _of_words((*words, *(redir.target for redir in command.redirs)))


def _of_words(words: tuple[Word, ...]) -> str | None:
    """`${x:=y}` and arithmetic set variables."""
    for word in words:
        for part in word.parts:
            if isinstance(part, Odd) and part.assigns:
                return f"{part.assigns[0]} is set for what follows"
            if isinstance(part, Var):
                if part.op in ("=", ":="):
                    return f"{part.name} is set for what follows"
                inner = _of_words((part.word,)) if part.word is not None else None
                if inner is not None:
                    return inner
    return None
