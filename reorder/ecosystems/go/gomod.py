"""go.mod and go.work as text.

Source: "Go Modules Reference" (go.dev/ref/mod), lexical elements and grammar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOO_BIG: Final = 2_000_000
_MOST_MODULES: Final = 1_000


@dataclass(frozen=True, slots=True)
class GoMod:
    """The directives of a go.mod or go.work that say which files and modules are read."""

    module: str  # "" in go.work
    go: tuple[int, ...]
    requires: tuple[tuple[str, str], ...]  # path, version
    replaces: tuple[tuple[str, str, str, str], ...]  # old path, version or "", new path, version
    uses: tuple[str, ...]  # go.work only


def read_gomod(text: str) -> GoMod | str:
    """The directives, or why the text is not understood."""
    if len(text) > _TOO_BIG:
        return "it is too big"
    module = ""
    go: tuple[int, ...] = ()
    requires: list[tuple[str, str]] = []
    replaces: list[tuple[str, str, str, str]] = []
    uses: list[str] = []
    for words in _directives(text):
        verb, *rest = words
        if verb == "go" and rest:
            go = _version(rest[0])
        elif verb == "module" and rest:
            module = rest[0]
        elif verb == "require" and len(rest) >= 2:
            requires.append((rest[0], rest[1]))
        elif verb == "use" and rest:
            uses.append(rest[0])
        elif verb == "replace":
            if "=>" not in rest or not 1 <= rest.index("=>") <= 2:
                return f"`{' '.join(words)}` is not understood"
            at = rest.index("=>")
            old, new = rest[:at], rest[at + 1 :]
            if not 1 <= len(new) <= 2:
                return f"`{' '.join(words)}` is not understood"
            replaces.append((old[0], (*old, "")[1], new[0], (*new, "")[1]))
    return GoMod(module, go, tuple(requires), tuple(replaces), tuple(uses))


def _directives(text: str) -> Iterator[list[str]]:
    """Every directive with its verb, blocks unfolded."""
    block = ""
    for line in text.splitlines():
        words = _words(line)
        if not words:
            continue
        if block:
            if words == [")"]:
                block = ""
            else:
                yield [block, *words]
        elif words[-1] == "(":
            block = words[0]
        else:
            yield words


def _words(line: str) -> list[str]:
    """Words of a line without its comment; quotes go."""
    found: list[str] = []
    for word in line.replace("(", " ( ").replace(")", " ) ").split():
        if word.startswith("//"):
            break
        found.append(word.strip('"`'))
    return found


def _version(text: str) -> tuple[int, ...]:
    parts = text.split(".")
    return tuple(int(p) for p in parts if p.isdigit())
