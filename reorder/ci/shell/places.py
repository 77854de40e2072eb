"""Where the commands of a shell text stand: in which list, loop, pipe or substitution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reorder.shell.tree import (
    AndOr,
    Case,
    Command,
    For,
    Function,
    If,
    Not,
    Pipe,
    Redirected,
    Seq,
    Simple,
    Sub,
    Subshell,
    Text,
    Var,
    While,
    Word,
)

Kind = Literal["pipe", "not", "subshell", "branch", "loop", "function", "substitution"]


@dataclass(frozen=True, slots=True)
class At:
    """Item `index` of a list of commands, or of `… && …`."""

    node: Seq | AndOr
    index: int


@dataclass(frozen=True, slots=True)
class Inside:
    """Within a compound command; a loop has a variable, and values if all are literals."""

    kind: Kind
    name: str = ""
    values: tuple[str, ...] = ()


Step: TypeAlias = At | Inside


@dataclass(frozen=True, slots=True)
class Place:
    """A simple command and the way to it, from the outside."""

    simple: Simple
    steps: tuple[Step, ...]

    def inside(self, kind: Kind) -> bool:
        """Whether it is anywhere within such a command."""
        return any(isinstance(step, Inside) and step.kind == kind for step in self.steps)


def places(command: Command, steps: tuple[Step, ...] = ()) -> Iterator[Place]:
    """Every simple command in the order of the text."""
    match command:
        case Simple():
            yield Place(command, steps)
            words = (*command.words, *(one.word for one in command.assigns))
            for word in (*words, *(redir.target for redir in command.redirs)):
                yield from _substitutions(word, steps)
        case Seq(items) | AndOr(items):
            for index, item in enumerate(items):
                yield from places(item, (*steps, At(command, index)))
        case Pipe(parts):
            for part in parts:
                yield from places(part, (*steps, Inside("pipe")))
        case Not(body):
            yield from places(body, (*steps, Inside("not")))
        case Subshell(body):
            yield from places(body, (*steps, Inside("subshell")))
        case Redirected(body):
            yield from places(body, steps)
        case If(arms, orelse):
            inner = (*steps, Inside("branch"))
            for condition, body in arms:
                yield from places(condition, inner)
                yield from places(body, inner)
            if orelse is not None:
                yield from places(orelse, inner)
        case For(name, values, body):
            for word in values or ():
                yield from _substitutions(word, steps)
            inside = Inside("loop", name, _literals(values or ()))
            yield from places(body, (*steps, inside))
        case While(_, condition, body):
            yield from places(condition, (*steps, Inside("loop")))
            yield from places(body, (*steps, Inside("loop")))
        case Case(subject, _, bodies):
            yield from _substitutions(subject, steps)
            for body in bodies:
                yield from places(body, (*steps, Inside("branch")))
        case Function(_, body):
            yield from places(body, (*steps, Inside("function")))


def _literals(words: tuple[Word, ...]) -> tuple[str, ...]:
    parts = [word.parts for word in words]
    if any(not isinstance(part, Text) for found in parts for part in found):
        return ()
    return tuple("".join(p.text for p in found if isinstance(p, Text)) for found in parts)


def _substitutions(word: Word, steps: tuple[Step, ...]) -> Iterator[Place]:
    for part in word.parts:
        if isinstance(part, Sub):
            yield from places(part.body, (*steps, Inside("substitution")))
        elif isinstance(part, Var) and part.word is not None:
            yield from _substitutions(part.word, steps)
