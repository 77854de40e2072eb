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


def dearer(before: Facts, after: Facts, costs: Costs) -> str | None:
    """Why the second is no gain: over the known history an average rebuild takes no less time."""
    rebuilds = costs.best
    if not rebuilds.measured:
        return None
    old, new = (Model(facts, rebuilds, costs.timings).expected() for facts in (before, after))
    if new < old:
        return None
    seconds = f"{old:.1f} s without and {new:.1f} s with it"
    return f"what it reads changes so often that a rebuild would take {seconds}"
