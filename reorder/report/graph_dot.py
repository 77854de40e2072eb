"""The dependency graph in the DOT language (graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from collections.abc import Iterator

from reorder.report.drawing import Arrow, Box, Drawing, Group


def render(drawing: Drawing) -> str:
    """The text of the graph, ended by a newline."""
    return "\n".join(_lines(drawing)) + "\n"


def quoted(text: str) -> str:
    """A label in quotes: neither escapes such as `\\N` nor entities such as `&lt;` are read."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return f'"{escaped}"'


def _lines(drawing: Drawing) -> Iterator[str]:
    yield "digraph Dockerfile {"
    yield "  compound=true; rankdir=TB; fontname=Helvetica;"
    yield '  node [shape=box, style=rounded, fontname="Courier New", fontsize=11];'
    yield "  edge [fontname=Helvetica, fontsize=9, color=gray40, fontcolor=gray25];"
    for box in drawing.arguments:
        yield f"  {_box(box)}"
    for group in drawing.groups:
        yield f"  subgraph cluster_{group.index} {{"
        yield f"    label={quoted(group.name or f'stage {group.index}')}; color=gray60;"
        for box in group.boxes:
            yield f"    {_box(box)}"
        yield "  }"
    for arrow in drawing.arrows:
        yield f"  {_arrow(arrow, drawing.groups)}"
    yield "}"


def _box(box: Box) -> str:
    return f"n{box.at} [label={quoted(f'{box.line}: {box.text}')}];"


def _arrow(arrow: Arrow, groups: tuple[Group, ...]) -> str:
    attributes = [f"label={quoted(' ' + arrow.label)}"] if arrow.label else []
    source = arrow.box
    if arrow.group is not None:
        # An edge starts at a box; `ltail` clips it at the border of the stage.
        source = groups[arrow.group].boxes[-1].at
        attributes += [f"ltail=cluster_{arrow.group}", "style=dashed"]
    tail = f" [{', '.join(attributes)}]" if attributes else ""
    return f"n{source} -> n{arrow.to}{tail};"
