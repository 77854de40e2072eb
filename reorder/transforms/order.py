"""The cheapest legal order of the steps of each stage.

What it does: steps move above steps that change more often, together with what they need; what is
new with every build (`ARG GIT_SHA`) sinks to just above its first reader.
Why: everything below a change is built again.
Example: `COPY . .` / `RUN apt-get install -y git` => `RUN apt-get install -y git` / `COPY . .`
When it refuses: whatever may read or write what the other writes stays in the author's order; a
command that is not understood is a barrier. No step moves for less than the threshold.
Safety: only pairs without a dependency change places; the checker proves the result.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.cost.model import Model
from reorder.cost.search import Found, cheapest
from reorder.graph.facts import Facts, Node, held
from reorder.graph.stages import Stage
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.followers import with_followers
from reorder.transforms.order_refusals import refusals
from reorder.transforms.wording import what

ID = "order"
MOST = 40  # moves of one stage that are weighed in one step of the pipeline

Pairs = frozenset[tuple[int, int]]


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """Rewrites of one move each; then what only the repository's history prefers."""
    costs = settings.costs
    classes = Model(facts, costs.classes)
    for stage in facts.stages:
        yield from _moves(classes, stage, settings, held(facts.body(stage), ID))
    best = classes
    if costs.commits is not None:
        best = Model(facts, costs.commits, costs.timings, classes.edges)
        for stage in facts.stages:
            apart = _tiers_apart(classes, stage) | held(facts.body(stage), ID)
            yield from _moves(best, stage, settings, apart)
    yield from refusals(classes, best, costs.min_seconds)


def _moves(model: Model, stage: Stage, settings: Settings, apart: Pairs) -> Iterator[Rewrite]:
    """The moves that lead to the cheapest order, each alone worth more than the threshold."""
    for _ in range(MOST):
        problem = model.problem(stage, apart)
        found = cheapest(problem, settings.costs.threshold(problem))
        swap = _first_swap(found, stage.start + 1)
        if swap is None:
            return
        above, below = swap
        idle = _idle(model, stage, apart, found, swap, settings)
        if idle:
            apart |= idle
            continue
        yield _rewrite(model, above, below)
        apart |= {(a, b) for a in above for b in below}  # it could not be proved


def _first_swap(found: Found, first: int) -> tuple[list[int], list[int]] | None:
    """The first two neighbouring groups of the author's order that change places, as positions."""
    order = [first + at for at in found.order]
    at = next((i for i, place in enumerate(order) if place != first + i), None)
    if at is None:
        return None
    start, head = first + at, order[at]
    end = head
    while at + end - head + 1 < len(order) and order[at + end - head + 1] == end + 1:
        end += 1
    return list(range(start, head)), list(range(head, end + 1))


def _idle(
    model: Model,
    stage: Stage,
    apart: Pairs,
    found: Found,
    swap: tuple[list[int], list[int]],
    settings: Settings,
) -> Pairs:
    """Pairs that may as well stay as they are: a step of the group that moves, with the others."""
    above, below = swap
    problem = model.problem(stage, apart)
    least = settings.costs.threshold(problem)
    own = list(stage.body)
    swapped = [*own[: own.index(above[0])], *below, *above, *own[own.index(below[-1]) + 1 :]]
    after = problem.total([at - own[0] for at in swapped])
    gain, rest = problem.total(range(len(own))) - after, after - problem.total(found.order)
    if gain < least and (rest < least or gain > least / 10):
        # Not worth it, and not only what makes room for a move that is.
        return frozenset((a, b) for a in above for b in below)
    downward = _goes_down(model, above, below)
    for at in reversed(below) if not downward else above:
        pairs = frozenset((a, at) for a in above) if not downward else {(at, b) for b in below}
        kept = cheapest(model.problem(stage, apart | pairs))
        if problem.total(kept.order) - problem.total(found.order) < least:
            return frozenset(pairs)
    return frozenset()


def _tiers_apart(classes: Model, stage: Stage) -> Pairs:
    """Pairs with the lower tier above: history must not turn them round, so that orders last."""
    deep = classes.spread.deep
    start = classes.spread.starts[stage.index]
    return frozenset(
        (a, b)
        for a in stage.body
        for b in stage.body
        if a < b and deep[a] | start < deep[b] | start
    )


def _goes_down(model: Model, above: list[int], below: list[int]) -> bool:
    """What is no step and new with every build sinks; all else is told as a rise."""
    if any(model.seconds(model.facts.nodes[at]) for at in above):
        return False
    every = model.rebuilds.every
    return len(above) < len(below) or all(model.spread.deep[at] == every for at in above)


def _above_reader(model: Model, stage: Stage, group: list[int], last: int) -> int:
    """As far down as a group may go: the last step before the first one that depends on it."""
    edges = model.edges_of(stage)
    for at in range(last + 1, stage.end):
        if any((member, at) in edges for member in group):
            break
        last = at if model.seconds(model.facts.nodes[at]) else last
    return last


def _rewrite(model: Model, above: list[int], below: list[int]) -> Rewrite:
    facts = model.facts
    draft = Draft.of(facts.file, facts.lines)
    if _goes_down(model, above, below):
        last = _above_reader(model, facts.stage_of(facts.nodes[above[0]]), above, below[-1])
        node, other = _first_of_interest(model, above), facts.nodes[last]
        draft, side = draft.move_down(above, last), "below"
    else:
        node, other = _costly(model, below), _first_of_interest(model, above)
        group = with_followers(model, facts.stage_of(node), above, below)
        draft, side = draft.move_up(group, above[0]), "above"
    why = _why(model, above, below)
    return Rewrite(
        ID,
        node.line,
        f"{what(node)} moves {side} {what(other)}, {why}",
        draft,
        assumptions=_usual(facts, node),
        only_history=model.rebuilds.measured,
    )


def _usual(facts: Facts, node: Node) -> tuple[str, ...]:
    """What is taken for granted of a base image that is not known."""
    image = facts.stage_of(node).image
    known = node.scope.base is not None
    return () if known else (f"in {image} the commands have their usual meaning",)


def _costly(model: Model, group: list[int]) -> Node:
    """The step that a group moves up for."""
    return max((model.facts.nodes[at] for at in group), key=lambda node: model.seconds(node))


def _first_of_interest(model: Model, group: list[int]) -> Node:
    """The step of a group that changes most often."""
    share = model.rebuilds.share
    return max((model.facts.nodes[at] for at in group), key=lambda n: share(model.spread.own[n.at]))


def _why(model: Model, above: list[int], below: list[int]) -> str:
    """In words for the user: how often the two groups change."""
    rebuilds, downward = model.rebuilds, _goes_down(model, above, below)
    if not rebuilds.measured:
        return "as it is new with every build" if downward else "which changes more often"
    often, seldom = _often(model, above), _often(model, below)
    if downward:
        return f"as it changed in {often.bit_count()} of {rebuilds.count} commits"
    return f"which changed in {rebuilds.words(often)}, it in {seldom.bit_count()}"


def _often(model: Model, group: list[int]) -> int:
    """The rebuilds in which a step of a group is new."""
    mask = 0
    for at in group:
        mask |= model.spread.own[at]
    return mask
