"""The dependency graph as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from collections.abc import Iterator

from reorder.report.drawing import Arrow, Box, Drawing, Group

# What stays as it is inside a quoted label; the rest becomes a character code, `#35;`.
_PLAIN = frozenset(" ._-/:=,+@~()[]{}$*?!'|")
_NAMED = {'"': "#quot;", "&": "#amp;", "<": "#lt;", ">": "#gt;"}


def render(drawing: Drawing) -> str:
    """The text of the flowchart, ended by a newline."""
    return "\n".join(_lines(drawing)) + "\n"


def quoted(text: str) -> str:
    """A label in quotes. `$$` would start a formula, `%%` a comment, a backtick Markdown."""
    return '"' + "".join(map(_code, text)).replace("$$", "#36;#36;") + '"'


def _code(char: str) -> str:
    if char in _PLAIN or char.isalnum() or (ord(char) > 0x7F and char.isprintable()):
        return char
    return _NAMED.get(char) or f"#{ord(char)};"


def _lines(drawing: Drawing) -> Iterator[str]:
    yield "flowchart TD"
    for box in drawing.arguments:
        yield f"  {_box(box)}"
    for group in drawing.groups:
        yield f"  subgraph s{group.index}[{quoted(_name(group))}]"
        for box in group.boxes:
            yield f"    {_box(box)}"
        yield "  end"
    for arrow in drawing.arrows:
        yield f"  {_arrow(arrow)}"


def _name(group: Group) -> str:
    return group.name or f"stage {group.index}"


def _box(box: Box) -> str:
    return f"n{box.at}[{quoted(f'{box.line}: {box.text}')}]"


def _arrow(arrow: Arrow) -> str:
    source = f"n{arrow.box}" if arrow.box is not None else f"s{arrow.group}"
    line = "-.->" if arrow.group is not None else "-->"
    label = f"|{quoted(arrow.label)}|" if arrow.label else ""
    return f"{source} {line}{label} n{arrow.to}"
