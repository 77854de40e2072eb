"""Where a layer of its own pays: what changes above it, and what a change of the order saves."""

from __future__ import annotations

from typing import Literal

from reorder.cost.model import Costs, Model
from reorder.cost.rebuilds import class_of
from reorder.cost.tiers import TEXT
from reorder.graph.facts import Facts
from reorder.graph.stages import Stage

Reckoning = Literal["classes", "history"]


def changing_copies(facts: Facts, costs: Costs) -> frozenset[int]:
    """The positions of copies that are new more often than the text of the file.

    By the stability tiers, so that the answer is the same without history.
    """
    deep = Model(facts, costs.classes).spread.deep
    return frozenset(
        at
        for at, node in facts.nodes.items()
        if node.keyword in ("copy", "add") and deep[at] > class_of(TEXT)
    )


def pays(before: Facts, after: Facts, stage: Stage, costs: Costs) -> Reckoning | None:
    """By which reckoning a stage of another file saves more than the threshold of a move.

    None: by neither.
    """
    if _saves(Model(before, costs.classes), Model(after, costs.classes), stage, costs):
        return "classes"
    if costs.commits is None:
        return None
    own = Model(before, costs.commits)
    return "history" if _saves(own, Model(after, costs.commits), stage, costs) else None


def _saves(before: Model, after: Model, stage: Stage, costs: Costs) -> bool:
    own = before.problem(stage)
    new = after.problem(after.facts.stages[stage.index])
    saved = own.total(range(len(own.cost))) - new.total(range(len(new.cost)))
    return saved >= costs.threshold(own)
