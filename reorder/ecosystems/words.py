"""The words of a call: options, operands, and the image paths they name."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from reorder.ecosystems.paths import Paths, glob_root
from reorder.shell.nodes import Arg, Call, Opaque


@dataclass(frozen=True, slots=True)
class Words:
    """A getopt-style reading of a command line. Options keep their dashes; bundles are split."""

    options: tuple[tuple[str, str | None], ...]
    operands: tuple[Arg, ...]

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(name in names for name, _ in self.options)

    def value(self, *names: str) -> str | None:
        """The last value of an option."""
        values = [value for name, value in self.options if name in names]
        return values[-1] if values else None


def split_words(call: Call, with_value: frozenset[str] = frozenset()) -> Words | Opaque:
    """Options may stand anywhere; `with_value` names those that take one (`-m`, `--mode`).

    An option or a value that is not a literal makes the call `Opaque`.
    """
    options: list[tuple[str, str | None]] = []
    operands: list[Arg] = []
    rest = list(call.args[1:])
    while rest:
        arg = rest.pop(0)
        if arg.kind == "literal" and arg.text == "--":
            operands += rest
            break
        if not arg.text.startswith("-") or arg.text == "-":
            operands.append(arg)
            continue
        if arg.kind != "literal":
            return unknown(call, arg)
        found = _option(arg.text, with_value)
        if found[-1][1] is None and found[-1][0] in with_value:
            if not rest or rest[0].kind != "literal":
                return unknown(call, rest[0] if rest else arg)
            found[-1] = (found[-1][0], rest.pop(0).text)
        options += found
    return Words(tuple(options), tuple(operands))


def _option(text: str, with_value: frozenset[str]) -> list[tuple[str, str | None]]:
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        return [(name, value if equals else None)]
    found: list[tuple[str, str | None]] = []
    for position, letter in enumerate(text[1:], start=2):
        if f"-{letter}" in with_value:
            return [*found, (f"-{letter}", text[position:] or None)]
        found.append((f"-{letter}", None))
    return found


def unknown(call: Call, arg: Arg) -> Opaque:
    """The reason for a word whose value is not known."""
    if "{" in arg.text and "," in arg.text and "$" not in arg.text and "`" not in arg.text:
        reason = "which files the braces name depends on the shell"
        return Opaque(f"`{call.name}` gets `{arg.text}`: {reason}")
    return Opaque(f"`{call.name}` gets `{arg.text}`, whose value is not known")


def absolute(path: str, cwd: str) -> str:
    """The normalised image path that a word names in a folder."""
    joined = posixpath.normpath(posixpath.join(cwd, path))
    return "/" + joined.lstrip("/")


def as_files(arg: Arg, cwd: str) -> Paths:
    """The paths a literal or a pattern names, each itself."""
    path = absolute(arg.text, cwd)
    if arg.kind == "glob":
        return Paths(globs=frozenset({path}))
    return Paths(files=frozenset({path}))


def as_trees(arg: Arg, cwd: str) -> Paths:
    """The paths a literal or a pattern names, with all below them; a pattern is widened."""
    path = absolute(arg.text, cwd)
    return Paths(trees=frozenset({glob_root(path) if arg.kind == "glob" else path}))


def upward(cwd: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Names in a folder and in all those above it."""
    folders = [cwd]
    while folders[-1] != "/":
        folders.append(posixpath.dirname(folders[-1]))
    return tuple(posixpath.join(folder, name) for folder in folders for name in names)
