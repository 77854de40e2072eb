"""The expected seconds of a rebuild, before and after."""

from __future__ import annotations

from reorder.cost.model import Costs, Model
from reorder.cost.search import cheapest
from reorder.graph.facts import Facts
from reorder.result import Estimate


def estimate(before: Facts, after: Facts, costs: Costs) -> Estimate:
    """Over the commits of the history if it is known, else by stability tiers."""
    rebuilds = costs.best
    old, new = (Model(facts, rebuilds, costs.timings) for facts in (before, after))
    return Estimate(
        old.expected(),
        new.expected(),
        rebuilds.count if rebuilds.measured else 0,
        all(cheapest(p, costs.threshold(p)).exact for p in map(new.problem, after.stages)),
        rebuilds.note,
    )
