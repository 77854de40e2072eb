"""Comments for this program: `# reorder: off`, `# reorder: keep`, `# reorder: ignore[ID,...]`.

They are read from whole comment lines between instructions. What follows a further `#` is the
author's reason. A comment that begins like one and is none is a problem, for what it was to prevent
would happen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reorder.syntax import directives
from reorder.syntax.lines import split_lines
from reorder.syntax.nodes import File, Instruction, Problem

Kind = Literal["off", "keep", "ignore"]
KINDS: tuple[Kind, ...] = ("off", "keep", "ignore")

_COMMENT = re.compile(r"[ \t]*#[ \t]*reorder[ \t]*:(.*)", re.IGNORECASE)
_EXACT = re.compile(r"[ \t]*#[ \t]*reorder:(.*)")
_NEAR = re.compile(
    r"[ \t]*#[ \t]*reorder[ \t]*[=-]?[ \t]*(off|keep|ignore\[.*\])\s*", re.IGNORECASE
)
_WORDS = re.compile(r"(off|keep|ignore)[ \t]*(\[[^\]#]*\])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pragma:
    """One comment. `line` counts from the first line of the text it was found in, which is 1."""

    kind: Kind
    ids: frozenset[str]  # of an `ignore`
    line: int

    def __str__(self) -> str:
        """As it would be written."""
        return f"# reorder: {self.kind}" + (f"[{','.join(sorted(self.ids))}]" if self.ids else "")

    def holds(self, transform: str) -> bool:
        """Whether it keeps a transform away from its instruction."""
        return self.kind == "keep" or transform in self.ids


def pragmas(node: Instruction) -> tuple[Pragma, ...]:
    """What the comments above an instruction say; `line` counts from the first of them."""
    return _found(node.leading) if "reorder" in node.leading else ()


def off_line(file: File) -> int | None:
    """The line that says `# reorder: off`; it may stand above, between and below instructions."""
    lines = (at for at, text in _outside(file) for p in _found(text) if p.kind == "off")
    return next(lines, None)


def hidden_directive(file: File) -> str | None:
    """A parser directive that is none because one of our comments stands above it, as written."""
    lines = split_lines(file.instructions[0].leading if file.instructions else file.trailing)
    if (
        file.header.strip("\ufeff")
        or not lines
        or not isinstance(_read(lines[0].rstrip("\r\n"), 1), Pragma)
    ):
        return None
    return next((line.strip() for line in lines[1:] if directives.read([line]).directives), None)


def problems(file: File, transforms: Collection[str]) -> Iterator[Problem]:
    """Comments that are meant for this program, and say nothing that it understands.

    `transforms` are the ids there are.
    """
    last = len(file.instructions)
    for at, (line, text) in enumerate(_by_place(file)):
        for offset, comment in enumerate(split_lines(text)):
            if "reorder" not in comment.lower():
                continue
            found = _read(comment.rstrip("\r\n"), offset + 1)
            message = _wrong(found, transforms, below_all=at == last)
            if message:
                yield Problem(line + offset, message)
    for node in file.instructions:
        yield from _inside(node)


def _outside(file: File) -> Iterator[tuple[int, str]]:
    for line, text in _by_place(file):
        yield from enumerate(split_lines(text), line)


def _by_place(file: File) -> Iterator[tuple[int, str]]:
    """The comments and blank lines above each instruction, then those below all."""
    line = file.header.count("\n") + 1
    for node in file.instructions:
        yield line, node.leading
        line = node.end_line + 1
    yield line, file.trailing


def _inside(node: Instruction) -> Iterator[Problem]:
    line = node.line
    for token in node.tokens:
        if token.kind == "continuation":
            for offset, comment in enumerate(split_lines(token.text)):
                if offset and isinstance(_read(comment.rstrip("\r\n"), 1), Pragma):
                    message = "it stands inside an instruction; put it above"
                    yield Problem(line + offset, f"`{comment.strip()}` has no effect: {message}")
        line += token.text.count("\n")


@lru_cache(maxsize=4096)  # every step of the pipeline asks again
def _found(text: str) -> tuple[Pragma, ...]:
    read = (_read(line.rstrip("\r\n"), at) for at, line in enumerate(split_lines(text), 1))
    return tuple(one for one in read if isinstance(one, Pragma))


def _read(comment: str, line: int) -> Pragma | str | None:
    """What a comment says, or why it is not understood; None: it is not meant for us."""
    if _COMMENT.match(comment) is None:
        near = _NEAR.fullmatch(comment)
        return f"write `# reorder: {near[1].lower()}`" if near else None
    exact = _EXACT.match(comment)
    if exact is None:
        return "write `# reorder:`, in small letters and without a blank before the colon"
    said, _, _ = exact[1].partition("#")
    said = said.strip()
    match = _WORDS.fullmatch(said)
    if match is None:
        return _choice(said)
    kind = next(kind for kind in KINDS if kind == match[1].lower())
    if match[1] != kind:
        return f"write `{kind}`, in small letters"
    ids = frozenset(filter(None, (word.strip() for word in (match[2] or "[]")[1:-1].split(","))))
    if kind == "ignore" and not ids:
        return "name transforms, as in `# reorder: ignore[order]`; all of them: `# reorder: keep`"
    if kind != "ignore" and match[2] is not None:
        return f"`{kind}` takes no list; `ignore` does"
    return Pragma(kind, ids, line)


def _choice(said: str) -> str:
    from difflib import get_close_matches

    word = said.split(None, 1)[0].partition("[")[0].lower() if said else ""
    near = get_close_matches(word, KINDS, n=1)
    if word in KINDS:
        return f"write a `#` before what is not part of it, as in `# reorder: {word} # because`"
    if near:
        return f"did you mean `# reorder: {near[0]}`?"
    return "choose from `off`, `keep` and `ignore[ID,...]`"


def _wrong(
    found: Pragma | str | None, transforms: Collection[str], *, below_all: bool
) -> str | None:
    if found is None:
        return None
    if isinstance(found, str):
        return f"a comment for reorder that it does not understand: {found}"
    for name in sorted(found.ids):
        if name not in transforms:
            return f"`{name}` is not a transform; {nearest(name, transforms)}"
    if below_all and found.kind != "off":
        return f"`{found}` has no effect: no instruction follows"
    return None


def nearest(name: str, choices: Collection[str]) -> str:
    """What to write in the place of a name that does not exist."""
    from difflib import get_close_matches

    near = get_close_matches(name, choices, n=1)
    return f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(choices)}"
