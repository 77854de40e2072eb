"""Shell text that is spread over scalars of a YAML file, read as one and changed in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from reorder.ci.edits import Edit, applied, line_of
from reorder.ci.yaml.scalars import Scalar

_PART: Final = re.compile(r"\s|$|(?:if|then|else|elif|fi|case|esac|for|while|do|done)\b|[{}()]")
_CONTINUED: Final = re.compile(r" \\\n[ \t]*")
_KEPT: Final = re.compile(r"\\?\$\{KEPT_(\d+)\}")  # a shell's quotes hide nothing from the system


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a CI system itself puts into a script before a shell reads it.

    `kept`: what the shell never sees, such as `<< parameters.tag >>`. It is shown to the shell
    parser as a variable, as it stands for one word at most. `escaped` writes a new shell text so
    that the system leaves it alone.
    """

    kept: re.Pattern[str] | None = None
    escaped: Callable[[str], str] = str
    doubled: bool = False  # `$$` in the file is a `$` for the shell
    varies: re.Pattern[str] | None = None  # what is kept and another thing in another job


@dataclass(frozen=True, slots=True)
class Slot:
    """One scalar with commands, and what may be done around it."""

    scalar: Scalar
    column: int  # of the dash or the key that it belongs to
    item: tuple[int, int] | None = None  # the lines to take out if nothing is left to run
    siblings: bool = False  # whether a command before it may be an item of its own
    flow: bool = False  # in `[…]` or `{…}`, where no block scalar can stand


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one slot: its new value (None: it goes), and items in front of it."""

    slot: Slot
    value: str | None
    before: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()  # of the old value


class Script:
    """The slots that run one after the other, as one shell text."""

    def __init__(
        self, slots: Sequence[Slot], dialect: Dialect, kept: list[str] | None = None
    ) -> None:
        """`kept`: what the scripts of one file share, so that a name means one thing in all."""
        self.slots = tuple(slots)
        self.dialect = dialect
        self.kept = [] if kept is None else kept
        shown = [self._shown(slot.scalar.value) for slot in self.slots]
        self.places = [places for _, places in shown]
        lengths = [len(text) + 1 for text, _ in shown]
        self.bases = [0, *accumulate(lengths)][: len(lengths)]
        self.text = "\n".join(text for text, _ in shown)

    def _shown(self, value: str) -> tuple[str, list[int]]:
        """The value as the shell parser gets it, and for each character its offset in the value."""
        text, at = "", 0
        places: list[int] = []
        for found in self.dialect.kept.finditer(value) if self.dialect.kept else ():
            if found[0] == "$$" and self.dialect.doubled:
                text += value[at : found.start()] + "$"
                places += range(at, found.start() + 1)
                at = found.end()
                continue
            if found[0] not in self.kept:
                self.kept.append(found[0])
            name = f"${{KEPT_{self.kept.index(found[0])}}}"
            text += value[at : found.start()] + name
            places += range(at, found.start())
            places += [found.start(), *[found.end()] * (len(name) - 1)]
            at = found.end()
        return text + value[at:], [*places, *range(at, len(value) + 1)]

    def written(self, text: str) -> str:
        """New shell text as it stands in the value."""
        parts = _KEPT.split(text)
        shell = [self.dialect.escaped(part) for part in parts[::2]]
        kept = [self.kept[int(part)] for part in parts[1::2]]
        return "".join(a + b for a, b in zip(shell, [*kept, ""], strict=True))

    def known(self, variables: Mapping[str, str]) -> dict[str, str]:
        """What the system is known to put in, by the names that the shell parser sees."""
        found = {}
        for number, one in enumerate(self.kept):
            names = re.findall(r"[A-Za-z_][\w-]*", one)
            if names and names[-1] in variables:
                found[f"KEPT_{number}"] = variables[names[-1]]
        return found

    def told(self, text: str) -> str:
        """A sentence about the text, in which the values stand as the file has them."""
        return _KEPT.sub(lambda found: self.kept[int(found[1])], text)

    def line(self, file: str, line: int) -> int:
        """The line of the file that a line of the text stands in."""
        offset = sum(map(len, self.text.splitlines(keepends=True)[: line - 1]))
        index = self._slot(offset)
        scalar = self.slots[index].scalar
        places = self.places[index]
        within = min(offset - self.bases[index], len(places) - 1)
        return line_of(file, scalar.places[places[within]])

    def _slot(self, offset: int) -> int:
        return max(i for i, base in enumerate(self.bases) if base <= offset)

    def changes(self, edits: Sequence[Edit]) -> list[Change] | None:
        """What edits of the text make of the slots; None: an edit cuts through several of them."""
        found: dict[int, list[Edit]] = {}
        for edit in edits:
            parts = self._parts(edit)
            if parts is None:
                return None
            for index, part in parts:
                found.setdefault(index, []).append(part)
        return [self._change(self.slots[i], parts) for i, parts in sorted(found.items())]

    def _parts(self, edit: Edit) -> list[tuple[int, Edit]] | None:
        """An edit of the text as edits of the values of the slots that it touches."""
        first, last = self._slot(edit.start), self._slot(edit.end)
        parts: list[tuple[int, Edit]] = []
        for index in range(first, last + 1):
            base, places = self.bases[index], self.places[index]
            start = max(edit.start - base, 0)
            end = min(edit.end - base, len(places) - 1)
            if start > len(places) - 1 or end < start:
                return None
            if first != last and start == end and not (index == first and edit.text):
                continue
            parts.append((index, Edit(places[start], places[end], "")))
        if not parts:
            parts = [(last, Edit(0, 0, ""))]
        cut = [p for i, p in parts if p.start or p.end < len(self.slots[i].scalar.value)]
        if sum(part.start < part.end for part in cut) > 1:
            return None
        index, part = parts[0]
        text = edit.text.removesuffix("\n") if first != last else edit.text
        parts[0] = (index, Edit(part.start, part.end, self.written(text)))
        return parts

    def _change(self, slot: Slot, edits: list[Edit]) -> Change:
        value = slot.scalar.value
        edits.sort()
        front = [e for e in edits if e.start == e.end == 0 and e.text.endswith("\n")]
        if not slot.siblings or slot.scalar.style == "literal":
            front = []
        rest = tuple(edit for edit in edits if edit not in front)
        if slot.scalar.folds:  # its lines are one already
            rest = tuple(replace(one, text=_CONTINUED.sub(" ", one.text)) for one in rest)
        after = applied(value, rest)
        before = [item for edit in front for item in _items(edit.text)]
        return Change(slot, after if after.strip() else None, tuple(before), rest)


def _items(text: str) -> list[str]:
    """New lines as items of a list: one for each line, unless they belong together."""
    lines = text.removesuffix("\n").split("\n")
    joined = any(_PART.match(line) or line.endswith("\\") for line in lines)
    return ["\n".join(lines)] if joined else lines
