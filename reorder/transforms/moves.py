"""Moving instructions within a stage; comments travel with them."""

from __future__ import annotations

from reorder.graph.facts import Node
from reorder.syntax import edit
from reorder.syntax.nodes import File


def needs(node: Node, body: list[Node], edges: dict[tuple[int, int], str]) -> frozenset[int]:
    """The positions a node depends on, directly or through others, within its stage."""
    found = {node.at}
    for other in reversed([n for n in body if n.at < node.at]):
        if any((other.at, at) in edges for at in found):
            found.add(other.at)
    return frozenset(found - {node.at})


def moved_up(file: File, positions: list[int], target: int) -> File:
    """The file with the instructions at `positions`, in order, just before the one at `target`."""
    for offset, at in enumerate(sorted(positions)):
        file = edit.move(file, at, target + offset)
    return file
