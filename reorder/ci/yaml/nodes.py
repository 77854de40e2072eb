"""The nodes of a YAML file with their places: mappings with merges, and commands in lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from reorder.ci.edits import line_end
from reorder.ci.yaml.scalars import scalar
from reorder.ci.yaml.script import Slot
from reorder.context import yamltext

if TYPE_CHECKING:
    from yaml.nodes import Node

Pairs = Mapping[str, "Node"]
_DEPTH = 10


def documents(text: str) -> list[Node] | None:
    """The documents of a file; None: it is no YAML that can be read, or too large."""
    try:
        return yamltext.nodes(text)
    except ValueError:
        return None


def pairs(node: Node | None, depth: int = 0) -> dict[str, Node]:
    """The values of a mapping by key, those that `<<` merges included; empty for another node."""
    import yaml

    found: dict[str, Node] = {}
    if not isinstance(node, yaml.MappingNode) or depth > _DEPTH:
        return found
    merged: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value == "<<":
            sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for source in reversed(sources):
                merged.update(pairs(source, depth + 1))
        else:
            found[key.value] = value
    return {**merged, **found}


def elements(node: Node | None) -> list[Node]:
    """The items of a list; empty for another node."""
    import yaml

    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def said(node: Node | None) -> str | None:
    """The value of a scalar; None for another node."""
    import yaml

    return node.value if isinstance(node, yaml.ScalarNode) else None


def texts(node: Node | None) -> list[str]:
    """The scalars of a list, or the one scalar."""
    alone = said(node)
    if alone is not None:
        return [alone]
    return [value for item in elements(node) if (value := said(item)) is not None]


def variables(node: Node | None) -> dict[str, str]:
    """The variables that a mapping sets, also in the form with `value:`."""
    found = {}
    for name, value in pairs(node).items():
        text = said(value)
        text = said(pairs(value).get("value")) if text is None else text
        if text is not None:
            found[name] = text
    return found


def mappings(node: Node) -> Iterator[Node]:
    """Every mapping of a document in the order of the file, what an alias stands for once."""
    todo, seen = [node], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        keys = pairs(one)
        if keys:
            yield one
        todo += reversed([*keys.values(), *elements(one)])


def commands(text: str, node: Node | None, siblings: bool = True, depth: int = 0) -> Iterator[Slot]:
    """The commands of a list of them, nested lists and what an alias stands for included.

    `siblings`: the items of the list run in one shell. An item that is no text is left out.
    """
    import yaml

    if isinstance(node, yaml.ScalarNode):
        if (slot := command(text, node, node)) is not None:
            yield slot
        return
    for item in elements(node):
        if isinstance(item, yaml.SequenceNode) and not item.tag.startswith("!"):
            if depth < _DEPTH:
                yield from commands(text, item, siblings, depth + 1)
        elif isinstance(item, yaml.ScalarNode) and (read := scalar(text, item)) is not None:
            start = text.rfind("\n", 0, item.start_mark.index) + 1
            lead = text[start : item.start_mark.index]
            alone = not lead.strip(" -") and lead.count("-") == 1
            column = lead.find("-") if alone else _indent(text, start)
            lines = (start, line_end(text, read.end)) if alone else None
            flow = _in_line(text, read.end)
            yield Slot(read, column, None if flow else lines, siblings and alone, flow)


def _in_line(text: str, end: int) -> bool:
    """Whether something of the same line follows a scalar: it is in `[…]` or `{…}`."""
    rest = text[end : line_end(text, end)].strip()
    return bool(rest) and not rest.startswith("#")


def command(text: str, node: Node, holder: Node) -> Slot | None:
    """The value of a key that is a command; `holder`: what goes when it does."""
    import yaml

    if not isinstance(node, yaml.ScalarNode) or (read := scalar(text, node)) is None:
        return None
    start = text.rfind("\n", 0, node.start_mark.index) + 1
    lead = text[start : node.start_mark.index]
    column = len(lead) - len(lead.lstrip(" -"))
    lines = _lines(text, holder, read.end) if holder is not node else None
    return Slot(read, column, lines, False, _in_line(text, read.end))


def _lines(text: str, item: Node, end: int) -> tuple[int, int] | None:
    """The lines of an item of a list that has lines of its own."""
    start = text.rfind("\n", 0, item.start_mark.index) + 1
    for value in pairs(item).values():
        read = scalar(text, value) if said(value) is not None else None  # type: ignore[arg-type]
        end = max(end, read.end) if read else end
    lead = text[start : item.start_mark.index]
    if lead.strip(" -") or lead.count("-") != 1:
        return None
    return start, line_end(text, end)


def _indent(text: str, start: int) -> int:
    line = text[start : line_end(text, start)]
    return len(line) - len(line.lstrip(" "))
