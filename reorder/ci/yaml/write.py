"""Changes of scalars written into a YAML file: in place where its style allows, else as a block.

`says` reads what is written again: unless the file says what was meant, nothing is to be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from reorder.ci.edits import Edit, applied, line_end, newline
from reorder.ci.yaml.scalars import Scalar
from reorder.ci.yaml.script import Change

# A plain scalar: YAML 1.2.2, 7.3.3. Stricter than needed: what is odd is written as a block.
_SAFE: Final = re.compile(r"(?:[^\n:#]|:(?=\S)|(?<=\S)#)*")
_OPTION: Final = re.compile(r" (?=--(?:builder|cache-from|cache-to|push|load)\b)")
_PUSHES: Final = re.compile(r"[ \t]*#.*\b(?:push|publish|upload)", re.IGNORECASE)


def written(text: str, changes: Sequence[Change]) -> list[Edit] | None:
    """The edits of the file that make the changes; None: they cannot be made in its style."""
    edits: list[Edit] = []
    for change in changes:
        found = _removed(text, change) if change.value is None else _changed(text, change)
        if found is None:
            return None
        edits += found
    return edits + _gaps(text, edits)


def _gaps(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """One of the two blank lines that would meet where items were taken out."""
    gone = {edit.start: edit.end for edit in edits if not edit.text and edit.start < edit.end}
    found: list[Edit] = []
    for start, stop in gone.items():
        end = stop
        while end in gone:
            end = gone[end]
        above = text[text.rfind("\n", 0, start - 1) + 1 : start]
        below = text[end : line_end(text, end)]
        whole = text[start - 1 : start] == "\n" and start not in gone.values()
        if whole and not above.strip() and below and not below.strip():
            found.append(Edit(end, end + len(below), ""))
    return found


def _removed(text: str, change: Change) -> list[Edit] | None:
    """Take out the item, and a comment above it that speaks of pushing."""
    if change.slot.item is None or change.before:
        return None
    start, end = change.slot.item
    above = text.rfind("\n", 0, start - 1) + 1
    if start and _PUSHES.match(text[above:start]):
        start = above
    return [Edit(start, end, "")]


def _changed(text: str, change: Change) -> list[Edit] | None:
    slot, scalar = change.slot, change.slot.scalar
    edits: list[Edit] = []
    if change.before:
        start = text.rfind("\n", 0, scalar.start) + 1
        above = text[start : start + slot.column]
        if slot.flow or above.strip():
            return None
        items = [_item(one, above, newline(text)) for one in change.before]
        edits.append(Edit(start, start, "".join(items)))
    for edit in _within(change):
        new = _inline(edit.text, scalar, newline(text))
        if new is None:
            block = _as_block(text, change)
            return None if block is None else [*edits[: bool(change.before)], *block]
        edits.append(Edit(scalar.places[edit.start], scalar.places[edit.end], new))
    plain = scalar.style == "plain" and not scalar.folds
    if plain and change.edits and not _is_plain(change.value or ""):
        block = _as_block(text, change)
        return None if block is None else [*edits[: bool(change.before)], *block]
    return edits


def _within(change: Change) -> list[Edit]:
    """The edits of a value, those that touch as one, and the last line break of a block kept."""
    value = change.slot.scalar.value
    found: list[Edit] = []
    for edit in change.edits:
        start, end, new = edit.start, edit.end, edit.text
        if change.slot.scalar.style in ("literal", "folded") and end == len(value) > start:
            if not new and value[end - 1] == "\n" and value[start - 1 : start] == "\n":
                start, end = start - 1, end - 1
            elif new.endswith("\n") and value[end - 1] == "\n":
                end, new = end - 1, new[:-1]
        if found and found[-1].end == start:
            last = found.pop()
            start, new = last.start, last.text + new
        found.append(Edit(start, end, new))
    return found


def _inline(new: str, scalar: Scalar, eol: str) -> str | None:
    """New text as it stands within a scalar of this style; None: it cannot."""
    if scalar.folds and scalar.style != "double" and "\n" not in new:
        new = _OPTION.sub(eol + scalar.indent, new)
        return new.replace("'", "''") if scalar.style == "single" else new
    match scalar.style:
        case "literal":
            return re.sub(r"\n(?!\n)", "\n" + scalar.indent, new).replace("\n", eol)
        case "plain" if "\n" not in new:
            return new
        case "single" if "\n" not in new:
            return new.replace("'", "''")
        case "double" if "\n" not in new:
            return new.replace("\\", "\\\\").replace('"', '\\"')
    return None


def _is_plain(value: str) -> bool:
    return bool(_SAFE.fullmatch(value)) and value[:1] not in "\"'&*!|>%@`[]{},?#-" and bool(value)


def _item(command: str, indent: str, eol: str) -> str:
    """New commands as one item of a list."""
    lines = command.removesuffix("\n").split("\n")
    if len(lines) == 1 and _is_plain(lines[0]) and lines[0].strip() == lines[0]:
        return f"{indent}- {lines[0]}{eol}"
    return f"{indent}- |{eol}" + _lines(lines, indent + "  ", eol)


def _lines(lines: Sequence[str], indent: str, eol: str) -> str:
    return "".join((indent + line if line else "") + eol for line in lines)


def _as_block(text: str, change: Change) -> list[Edit] | None:
    """A flow scalar as a literal block: `|`, and its lines below."""
    slot, value = change.slot, change.value
    if slot.flow or value is None or slot.scalar.style in ("literal", "folded"):
        return None
    if "\n" in text[slot.scalar.start : slot.scalar.end]:
        return None
    lines = value.removesuffix("\n").split("\n")
    if lines[0][:1] in (" ", "\t"):
        return None
    eol, at = newline(text), line_end(text, slot.scalar.end)
    start = eol if not text[:at].endswith("\n") else ""
    block = start + _lines(lines, " " * (slot.column + 2), eol)
    return [Edit(slot.scalar.start, slot.scalar.end, "|"), Edit(at, at, block)]


def says(text: str, changes: Sequence[Change], edits: Sequence[Edit]) -> bool:
    """Whether the edited file says what was meant: the same but for the changes."""
    gone = [c.slot.item for c in changes if c.value is None and c.slot.item]
    depth = 0
    new = {c.slot.scalar.end: c for c in changes if c.value is not None}
    wanted: list[str] = []
    for start, end, said in _events(text):
        if depth or any(a <= start < b for a, b in gone):
            depth += ("Start" in said) - ("End" in said) if said[0] != "=" else 0
            continue
        change = new.get(end) if said.startswith("=") else None
        if change is None:
            wanted.append(said)
            continue
        wanted += ["=" + one.strip("\n") for one in change.before]
        wanted.append("=" + (change.value or "").strip("\n"))
    return wanted == [said for _, _, said in _events(applied(text, edits))]


def _events(text: str) -> Iterator[tuple[int, int, str]]:
    """What a YAML text says, piece by piece: scalars after `=`, the rest by its kind."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            assert event.start_mark is not None
            assert event.end_mark is not None
            start, end = event.start_mark.index, event.end_mark.index
            if isinstance(event, yaml.ScalarEvent):
                while end > start and text[end - 1] in " \t\r\n":
                    end -= 1
                yield start, end, "=" + event.value.strip("\n")
            else:
                yield start, end, type(event).__name__ + str(getattr(event, "anchor", ""))
    except yaml.YAMLError as error:
        yield 0, 0, f"error {error}"
