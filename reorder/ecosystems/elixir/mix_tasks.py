"""The tasks of a `mix` call: `mix do a --x, b` and `mix do a --x + b` have several.

Source: "mix do" of Elixir 1.16.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reorder.ecosystems.words import unknown
from reorder.shell.nodes import Arg, Call, Opaque


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a call, with its words."""

    name: str
    words: tuple[Arg, ...]

    def has(self, *names: str) -> bool:
        """Whether one of these words is given."""
        return any(arg.text in names for arg in self.words)


def read_tasks(call: Call) -> tuple[Task, ...] | Opaque:
    """`mix do a --x, b` and `mix do a --x + b` as their tasks."""
    words = list(call.args[1:])
    if not words:
        return ()
    if words[0].kind != "literal":
        return unknown(call, words[0])
    if words[0].text != "do":
        return (Task(words[0].text, tuple(words[1:])),)
    found: list[list[Arg]] = [[]]
    for arg in words[1:]:
        text = arg.text.rstrip(",")
        if text and text != "+":
            found[-1].append(replace(arg, text=text))
        if text == "+" or arg.text.endswith(","):
            found.append([])
    named = [part for part in found if part]
    bad = next((part[0] for part in named if part[0].kind != "literal"), None)
    if bad is not None:
        return unknown(call, bad)
    return tuple(Task(part[0].text, tuple(part[1:])) for part in named)
