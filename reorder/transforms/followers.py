"""Small steps that finish what a moved step began, and move along with it."""

from __future__ import annotations

from reorder.cost.model import Model
from reorder.graph.stages import Stage


def with_followers(model: Model, stage: Stage, above: list[int], group: list[int]) -> list[int]:
    """The group that moves above `above`, with the RUNs right below it that belong to it.

    One does (`chmod +x` of what was downloaded) if it reads what a step of the group writes, and
    needs none of `above`, as long as that costs nothing.
    """
    edges = model.edges_of(stage)
    problem, first = model.problem(stage), stage.start + 1
    rest = [at for at in stage.body if at not in (*above, *group)]
    head = [at for at in rest if at < above[0]]

    def total(moved: list[int]) -> int:
        left = [at for at in stage.body if at not in (*head, *moved)]
        return problem.total([at - first for at in (*head, *moved, *left)])

    found = list(group)
    while found[-1] + 1 in rest:
        at = found[-1] + 1
        node = model.facts.nodes[at]
        made = (model.facts.nodes[member].effects.writes.paths for member in found)
        ours = any(paths.overlaps(node.effects.reads.paths) for paths in made)
        theirs = any((member, at) in edges for member in above)
        longer = [*found, at]
        if node.keyword != "run" or not ours or theirs or total(longer) > total(found):
            break
        found = longer
    return found
