"""What the cache key of every step is made of: the instructions whose text or content it holds."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.cost.model import reached
from reorder.cost.rebuilds import NO_STEP, global_arguments
from reorder.graph.facts import Facts, Node
from reorder.syntax import views


@dataclass(frozen=True, slots=True)
class _Instructions:
    """The change model of the order, with a bit for each instruction in place of each commit."""

    weights: tuple[int, ...] = ()
    measured: bool = True

    def own(self, facts: Facts, node: Node) -> int:
        return 0 if node.keyword in NO_STEP else 1 << node.at

    def start(self, facts: Facts, at: int) -> int:
        return sum(1 << place for place in (at, *global_arguments(facts, at)))


def inputs(facts: Facts) -> dict[int, tuple[int, ...]]:
    """For every position after a FROM the positions that its cache key holds, its own among them.

    A COPY with `--link` does not depend on what stands above it (semantics.md 4.4).
    """
    changes = _Instructions()
    found = {}
    for at, mask in reached(facts, changes).items():
        node = facts.nodes[at]
        linked = node.keyword in ("copy", "add") and views.copy(node.instruction).link
        alone = linked and node.instruction.flag("from") is None
        found[at] = (at,) if alone else tuple(p for p in range(mask.bit_length()) if mask >> p & 1)
    return found
