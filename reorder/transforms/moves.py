"""What has to move along with an instruction."""

from __future__ import annotations

from reorder.graph.facts import Node


def needs(node: Node, body: list[Node], edges: dict[tuple[int, int], str]) -> frozenset[int]:
    """The positions a node depends on, directly or through others, within its stage."""
    found = {node.at}
    for other in reversed([n for n in body if n.at < node.at]):
        if any((other.at, at) in edges for at in found):
            found.add(other.at)
    return frozenset(found - {node.at})
