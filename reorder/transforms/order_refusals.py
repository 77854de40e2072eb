"""Why a costly step stays below what changes more often, where the user would expect it to move."""

from __future__ import annotations

from collections.abc import Iterator

from reorder.cost.model import Model
from reorder.cost.rebuilds import class_of
from reorder.cost.tiers import SOURCE
from reorder.ecosystems.run_caches import Step
from reorder.graph.facts import Node
from reorder.graph.stages import Stage
from reorder.result import Refusal
from reorder.syntax import views
from reorder.transforms.wording import listed, what

ID = "order"


def refusals(model: Model, best: Model, least: float) -> Iterator[Refusal]:
    """For package installs below the source, and for build arguments above what is costly.

    `model` has the stability tiers, `best` what is known best; nothing is said of a step whose
    place costs less than `least` seconds for each rebuild.
    """
    for stage in model.facts.stages:
        lost = _lost(best, stage)
        for node in model.facts.body(stage):
            if lost[node.at] >= least:
                yield from _install(model, stage, node)
        yield from _arguments(model, stage, lost, least)


def _lost(best: Model, stage: Stage) -> dict[int, float]:
    """For each step the seconds of a rebuild that the best of all places would save."""
    problem, share = best.problem(stage), best.rebuilds.share
    masks = problem.reruns(range(len(problem.cost)))
    return {
        at: best.seconds(best.facts.nodes[at])
        * (share(mask) - share(problem.start | best.spread.own[at]))
        for at, mask in zip(stage.body, masks, strict=True)
    }


def _install(model: Model, stage: Stage, node: Node) -> Iterator[Refusal]:
    """A package install below the source. Installs from manifests have refusals of their own."""
    run = node.understood
    if run is None or not any(map(_is_package_install, run.steps)):
        return
    source, deep = class_of(SOURCE), model.spread.deep
    above = [n for n in model.facts.body(stage) if n.at < node.at and deep[n.at] >= source]
    if run.barrier is not None:
        if above:
            tool = next(s.call.name for s in run.steps if _is_package_install(s))
            yield Refusal(ID, node.line, f"`{tool}` stays below the source: {run.barrier}")
        return
    new = {n.at for n in above if model.spread.own[n.at] >= source}
    for chain in _chains(model.edges_of(stage), node.at, new):
        yield Refusal(ID, node.line, _in_words(model, chain))
        return


def _chains(
    edges: dict[tuple[int, int], str], at: int, wanted: set[int]
) -> Iterator[tuple[tuple[int, str], ...]]:
    """The shortest ways up to a wanted position, each step with what forbids to change places."""
    ways: list[tuple[tuple[int, str], ...]] = [()]
    met = {at}
    while ways:
        longer = []
        for way in ways:
            here = way[-1][0] if way else at
            for (a, b), why in edges.items():
                if b == here and a not in met:
                    met.add(a)
                    longer.append((*way, (a, why)))
        yield from (way for way in longer if way[-1][0] in wanted)
        ways = longer


def _in_words(model: Model, chain: tuple[tuple[int, str], ...]) -> str:
    nodes = [model.facts.nodes[at] for at, _ in chain]
    reasons = [why for _, why in chain]
    if len(chain) == 1:
        return f"its order with the {what(nodes[0])} of line {nodes[0].line} matters ({reasons[0]})"
    links = [f"line {node.line} ({why})" for node, why in zip(nodes[:-1], reasons, strict=False)]
    return (
        f"it stays below the {what(nodes[-1])} of line {nodes[-1].line}: it needs "
        f"{', which needs '.join(links)}, which stays below that ({reasons[-1]})"
    )


def _is_package_install(step: Step) -> bool:
    """Costly, but neither an install from manifests nor a build."""
    effects = step.effects
    kept = any(cache.unsafe is None for cache in effects.caches)
    by_name = effects.prefetch is None and any(arg.text == "install" for arg in step.call.args)
    return effects.costly and effects.install is None and (by_name or not kept)


def _arguments(
    model: Model, stage: Stage, lost: dict[int, float], least: float
) -> Iterator[Refusal]:
    """Arguments that are new with every build, above a step that does not name them."""
    names: dict[int, dict[str, int]] = {}  # for each step that may read some: their lines
    for node in model.facts.body(stage):
        reader = _reader(model, stage, node)
        if reader is not None and lost[reader.at] >= least:
            for name in _fresh(model, node):
                names.setdefault(reader.at, {})[name] = node.line
    for at, found in names.items():
        reader = model.facts.nodes[at]
        verb, them = ("is", "it") if len(found) == 1 else ("are", "them")
        yield Refusal(
            ID,
            min(found.values()),
            f"{listed(tuple(found))} {verb} new with every build, and what stands below is built "
            f"again; the {what(reader)} of line {reader.line} may read {them}",
        )


def _fresh(model: Model, node: Node) -> tuple[str, ...]:
    if node.keyword != "arg":
        return ()
    pairs = views.pairs(node.instruction)
    return tuple(name for name, default in pairs if model.rebuilds.is_volatile(name, default))


def _reader(model: Model, stage: Stage, node: Node) -> Node | None:
    """The first instruction that may read an argument, if it is a RUN that does not name it."""
    names = _fresh(model, node)
    edges = model.edges_of(stage)
    for other in model.facts.body(stage) if names else ():
        if (node.at, other.at) in edges:
            named = any(name in other.instruction.text for name in names)
            return other if other.keyword == "run" and not named else None
    return None
