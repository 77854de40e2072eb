"""What keeps an instruction where it is, at the cost of building it again for nothing."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.analysis import Analysis
from reorder.graph.facts import Node, dependencies
from reorder.graph.stages import Stage
from reorder.report.links import sentence
from reorder.report.words import title

NOTABLE = 0.5  # seconds; what costs less is not worth a reason why it stays
TEXT = 40  # characters of the instruction that is named


@dataclass(frozen=True, slots=True)
class Below:
    """The instruction that another one stays below, and why."""

    line: int
    text: str
    reason: str


def blockers(analysis: Analysis, stage: Stage) -> dict[int, Below]:
    """By position: for each step that is built again more often than it changes, what makes it so.

    Only what it depends on directly is named.
    """
    facts = analysis.facts
    edges = dependencies(facts.body(stage))
    above: dict[int, list[int]] = {}
    for source, target in edges:
        above.setdefault(target, []).append(source)
    needed: dict[int, int] = {}  # the rebuilds that no legal order would spare it
    found: dict[int, Below] = {}
    for node in facts.body(stage):
        sources = above.get(node.at, [])
        needed[node.at] = analysis.changes.get(node.at, 0)
        for source in sources:
            needed[node.at] |= needed[source]
        worst = _worst(analysis, node.at, sources, needed)
        if worst is not None and analysis.seconds.get(node.at, 0.0) >= NOTABLE:
            found[node.at] = _below(facts.nodes[worst], node, edges[worst, node.at])
    return found


def _worst(analysis: Analysis, at: int, sources: list[int], needed: dict[int, int]) -> int | None:
    """What is behind most of the rebuilds: what changes itself, else what waits for a change."""
    spared = ~analysis.changes.get(at, 0)
    share = analysis.rebuilds.share
    caused = {source: share(analysis.changes.get(source, 0) & spared) for source in sources}
    waited = {source: share(needed[source] & spared) for source in sources}
    most = max(waited.values(), default=0.0)
    if not most:
        return None
    causes = caused if max(caused.values()) >= most / 2 else waited
    return max(sources, key=lambda source: (causes[source], -source))


def _below(first: Node, later: Node, reason: str) -> Below:
    return Below(first.line, title(first.instruction, TEXT), sentence(first, later, reason))
