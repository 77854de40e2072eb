"""The recipes of a makefile as shell text, and back.

Source: GNU make 4.4 manual, "Recipe Syntax", "Splitting Recipe Lines" and "Using Variables in
Recipes": make replaces `$(…)`, passes `$$` on as `$`, keeps backslash-newline and takes the tab
behind it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reorder.ci.edits import Edit

_MASK: Final = re.compile(r"\$\{MAKE(\d+)_\w*\}")
_RULE: Final = re.compile(r"^(?![ \t#])([^=:#\n]+?)[ \t]*::?(?![:=])([^=\n]*)$")
_SET: Final = re.compile(
    r"^[ ]*(?:export[ \t]+|override[ \t]+)*([A-Za-z_][\w.-]*)[ \t]*(\?=|:?:?=|\+=|!=)[ \t]*(.*)$"
)
# What make fills in needs no quotes, as far as its own variables go.
_QUOTED: Final = re.compile(r'"((?:[\w./:=,@%+-]|\$\(\w+\)|\$\{\w+\})*)"')
_LEADING: Final = re.compile(r"[ \t]*[@+-]*[ \t]*")
_TAIL: Final = re.compile(r"(?<!\\)#.*$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where it begins, and the spans of its recipe's lines, continued ones as one."""

    start: int
    targets: tuple[str, ...]
    needs: tuple[str, ...]
    recipe: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Makefile:
    """A makefile that was read."""

    rules: tuple[Rule, ...]
    values: Mapping[str, str]  # of the variables that are set once
    sets: tuple[int, ...]  # the offsets behind the variables that are set under no condition
    shell: bool  # it is all of one shell's lines, each by itself


def read(text: str) -> Makefile:
    """The rules and variables of a makefile."""
    rules: list[Rule] = []
    values: dict[str, list[str]] = {}
    sets: list[int] = []
    depth, defined, plain = 0, False, True
    for start, end in _lines(text):
        line = text[start:end]
        if defined:
            defined = not line.strip().startswith("endef")
        elif line.startswith("\t"):
            if rules:
                rules[-1] = _with(rules[-1], (start, end))
        elif line.startswith("define"):
            defined = True
        elif re.match(r" *(?:ifn?eq|ifn?def)\b", line):
            depth += 1
        elif re.match(r" *endif\b", line):
            depth -= 1
        elif found := _SET.match(_TAIL.sub("", line).rstrip()):
            values.setdefault(found[1], []).append(_value(found[2], found[3]))
            plain = plain and found[1] not in ("SHELL", ".SHELLFLAGS", ".RECIPEPREFIX")
            if not depth:
                sets.append(end)
        elif found := _RULE.match(_TAIL.sub("", line.partition(";")[0]).rstrip()):
            plain = plain and found[1].strip() != ".ONESHELL"
            if not found[1].startswith("."):
                needs = tuple(found[2].replace("|", " ").split())
                rules.append(Rule(start, tuple(found[1].split()), needs))
    once = {name: given[0] for name, given in values.items() if len(given) == 1 and given[0]}
    return Makefile(tuple(rules), once, tuple(sets), plain)


def _value(operator: str, value: str) -> str:
    """What a variable holds; "" if that is not known.

    `?=` lets the caller choose: the default then tells what kind of name it is, but not which.
    """
    if operator in ("+=", "!=") or (operator == "?=" and ":" in value.rpartition("/")[2]):
        return ""
    return value


def _with(rule: Rule, span: tuple[int, int]) -> Rule:
    return Rule(rule.start, rule.targets, rule.needs, (*rule.recipe, span))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the logical lines, line endings left off."""
    at = 0
    while at < len(text):
        end = at
        while True:
            stop = text.find("\n", end)
            stop = len(text) if stop == -1 else stop
            if stop == len(text) or not text[at:stop].rstrip("\r").endswith("\\"):
                break
            end = stop + 1
        yield at, stop - text.endswith("\r", at, stop)
        at = stop + 1


@dataclass(slots=True)
class Masks:
    """The make expressions of a makefile, each with a shell variable that stands for it."""

    known: dict[str, int] = field(default_factory=dict)

    def hide(self, text: str) -> Iterator[tuple[str, int]]:
        """The text as a shell gets it, in pieces, each with how long it was."""
        at = 0
        while at < len(text):
            end = at + 1
            if text[at] == "$":
                end = _closing(text, at)
            piece = text[at:end]
            if piece == "$$":
                yield "$", 2
            elif piece[0] == "$" and len(piece) > 1:
                number = self.known.setdefault(piece, len(self.known))
                name = re.sub(r"\W.*", "", piece[2:-1])
                yield f"${{MAKE{number}_{name}}}", len(piece)
            else:
                yield piece, len(piece)
            at = end

    def plain(self, text: str) -> str:
        """`hide` in one piece."""
        return "".join(piece for piece, _ in self.hide(text))

    def show(self, text: str) -> str:
        """Shell text as it stands in a makefile."""
        pieces = list(self.known)
        parts = _MASK.split(text)
        for index, part in enumerate(parts):
            parts[index] = pieces[int(part)] if index % 2 else part.replace("$", "$$")
        return "".join(parts)


def _closing(text: str, at: int) -> int:
    """The offset behind `$x`, `$(…)` or `${…}`."""
    opening = text[at + 1 : at + 2]
    if opening not in ("(", "{"):
        return min(at + 2, len(text))
    closing, depth = {"(": ")", "{": "}"}[opening], 0
    for index in range(at + 1, len(text)):
        depth += (text[index] == opening) - (text[index] == closing)
        if not depth:
            return index + 1
    return len(text)


class Recipe:
    """The recipe of a rule as one shell text, a line for each of its lines."""

    def __init__(self, text: str, rule: Rule, masks: Masks) -> None:
        self.masks = masks
        self.file = text
        pieces: list[str] = []
        self.places: list[int] = []
        self.starts: dict[int, tuple[int, str]] = {}  # a line's offset here: in the file, its lead
        for start, end in rule.recipe:
            found = _LEADING.match(text, start + 1)
            lead = "\t" + (found[0] if found else "")
            self.starts[len(self.places)] = (start, lead)
            self._add(pieces, start + len(lead), end)
            pieces.append("\n")
            self.places.append(end)
        self.end = rule.recipe[-1][1] if rule.recipe else 0
        self.text = "".join(pieces)

    def _add(self, pieces: list[str], start: int, end: int) -> None:
        at = start
        for piece, width in self.masks.hide(self.file[start:end]):
            skipped = piece == "\r" or (piece == "\t" and self.file[at - 1] == "\n")
            if not skipped:
                pieces.append(piece)
                self.places += [at] * len(piece)
            at += width

    def line(self, line: int) -> int:
        """The line of the file for one of the shell text."""
        offset = sum(map(len, self.text.splitlines(keepends=True)[: line - 1]))
        return self.file.count("\n", 0, self.places[offset]) + 1

    def edits(self, edits: list[Edit], newline: str) -> list[Edit]:
        """Edits of the shell text as edits of the makefile."""
        return [self._edit(edit, newline) for edit in edits]

    def _edit(self, edit: Edit, newline: str) -> Edit:
        text = _QUOTED.sub(r"\1", self.masks.show(edit.text))
        text = text.replace("\\\n", "\\\n\t").replace("\\\n\t  ", "\\\n\t\t")
        whole = self.starts.get(edit.start)
        if edit.start == edit.end and whole is not None and text.endswith("\n"):
            start, lead = whole
            lead = lead if "-" not in lead else lead.replace("-", "")
            text = "".join(f"{lead}{line}\n" for line in text.splitlines())
            return Edit(start, start, text.replace("\n", newline))
        start = self._place(edit.start)
        if whole is not None and self.text[edit.end - 1 : edit.end] == "\n" and not edit.text:
            # A line that goes, with its tab and its newline.
            start, stop = whole[0], self._place(edit.end - 1)
            stop = self.file.find("\n", stop)
            return Edit(start, len(self.file) if stop == -1 else stop + 1, "")
        return Edit(start, max(self._place(edit.end), start), text.replace("\n", newline))

    def _place(self, offset: int) -> int:
        return self.places[offset] if offset < len(self.places) else self.end
