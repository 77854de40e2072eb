"""A strict reading of a command line: an option that is not named makes the call `Opaque`.

`words.split_words` takes any option; this one is for tools whose options may name files, run
commands or read more options from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.words import as_files, as_trees, unknown
from reorder.shell.nodes import Arg, Call, Opaque


@dataclass(frozen=True, slots=True)
class Given:
    """Options in order, each with its value, and the operands. Nothing here needs be a literal."""

    call: Call
    options: tuple[tuple[str, Arg | None], ...]
    operands: tuple[Arg, ...]

    def has(self, *names: str) -> bool:
        """Whether one of the options was given."""
        return any(name in names for name, _ in self.options)

    def all(self, *names: str) -> tuple[Arg, ...]:
        """Every value given for some options."""
        return tuple(arg for name, arg in self.options if name in names and arg is not None)

    def last(self, *names: str) -> Arg | None:
        """The value that counts."""
        return next(reversed(self.all(*names)), None)

    def named(self, args: tuple[Arg, ...], whole: bool = False) -> Paths | Opaque:
        """The paths that words name, with all below them if `whole`; `-` is no path."""
        found = NOTHING
        for arg in args:
            if arg.kind == "unknown":
                return unknown(self.call, arg)
            if arg.text != "-":
                found |= (as_trees if whole else as_files)(arg, self.call.cwd)
        return found


def read_given(
    call: Call, flags: frozenset[str], values: frozenset[str], start: int = 1
) -> Given | Opaque:
    """The words after the first `start`; long options may have `=`, short ones come in bundles."""
    options: list[tuple[str, Arg | None]] = []
    operands: list[Arg] = []
    rest = list(call.args[start:])
    while rest:
        arg = rest.pop(0)
        text = bare(arg)
        if text == "--" and arg.kind == "literal":
            operands += rest
            break
        if not text.startswith("-") or text == "-":
            if arg.kind == "unknown" and arg.text[:1] in "$`":
                return unknown(call, arg)  # it may be options, or several words
            operands.append(arg)
            continue
        found = _long(arg, text, flags, values) or _bundle(arg, text, flags, values)
        if found is None:
            return Opaque(f"`{call.name} {arg.text}` is not understood")
        if found[-1][0] in values and found[-1][1] is None:
            if not rest:
                return Opaque(f"`{call.name} {arg.text}` lacks its value")
            found[-1] = (found[-1][0], rest.pop(0))
        options += found
    return Given(call, tuple(options), tuple(operands))


def bare(arg: Arg) -> str:
    """The text of a word; of one whose value is not known, the source without its quotes."""
    return arg.text.strip("\"'") if arg.kind == "unknown" else arg.text


def _long(
    arg: Arg, text: str, flags: frozenset[str], values: frozenset[str]
) -> list[tuple[str, Arg | None]] | None:
    name, equals, value = text.partition("=")
    if name in values and (text.startswith("--") or not equals):
        return [(name, replace(arg, text=value) if equals else None)]
    known = name in flags and not equals and arg.kind == "literal"
    return [(name, None)] if known else None


def _bundle(
    arg: Arg, text: str, flags: frozenset[str], values: frozenset[str]
) -> list[tuple[str, Arg | None]] | None:
    found: list[tuple[str, Arg | None]] = []
    if text.startswith("--"):
        return None
    for position, letter in enumerate(text[1:], start=2):
        option = f"-{letter}"
        if option in values:
            joined = text[position:]
            return [*found, (option, replace(arg, text=joined) if joined else None)]
        if option not in flags:
            return None
        found.append((option, None))
    return found if arg.kind == "literal" else None
