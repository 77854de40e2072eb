"""Move costly steps above steps that change more often.

What it does: a package install, or a COPY from another stage, that stands below a COPY of the
source but does not depend on it moves above it, together with what it needs.
Why: the source changes with nearly every commit, and everything below it is then built again.
Example: `COPY . .` / `RUN apt-get install -y git` => `RUN apt-get install -y git` / `COPY . .`
When it refuses: whatever may read or write what the other writes stays in the author's order; a
command that is not understood is a barrier.
Safety: only pairs without a dependency change places; the checker proves the result.
"""

from __future__ import annotations

from collections.abc import Iterator

from reorder.cost.tiers import SOURCE, tiers
from reorder.ecosystems.contract import CommandEffects
from reorder.graph.facts import Facts, Node, dependencies
from reorder.result import Refusal
from reorder.syntax import views
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.moves import needs
from reorder.transforms.sources import is_source

ID = "order"


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each costly step that can stand higher."""
    tier = tiers(facts)
    for stage in facts.stages:
        body = facts.body(stage)
        edges = dependencies(body)
        for node in filter(is_costly, body):
            needed = needs(node, body, edges)
            above = [
                other
                for other in body
                if other.at < node.at
                and other.at not in needed
                and tier[other.at] > tier[node.at]
                and (node.keyword == "run" or is_source(other))
            ]
            if not above:
                yield from _refusals(node, body, edges, tier)
                continue
            target = above[0]
            group = [n for n in body if n.at in needed and n.at > target.at] + [node]
            yield Rewrite(
                ID,
                node.line,
                f"{_what(node)} moves above {_what(target)}, which changes more often",
                Draft.of(facts.file, facts.lines).move_up([n.at for n in group], target.at),
            )


def _refusals(
    node: Node, body: list[Node], edges: dict[tuple[int, int], str], tier: dict[int, int]
) -> Iterator[Refusal]:
    """Why a package install stays below the source. Installs from manifests have their own."""
    run = node.understood
    if run is None or not any(_is_package_install(step.effects) for step in run.steps):
        return
    if run.barrier is not None:
        if any(tier[other.at] >= SOURCE for other in body if other.at < node.at):
            tool = next(s.call.name for s in run.steps if _is_package_install(s.effects))
            reason = f"`{tool}` stays below the source: {run.barrier}"
            yield Refusal(ID, node.line, reason)
        return
    for other in body:
        why = edges.get((other.at, node.at))
        if why is not None and other.at < node.at and tier[other.at] >= SOURCE:
            line = other.line
            yield Refusal(
                ID,
                node.line,
                f"its order with the {_what(other)} of line {line} matters ({why})",
            )
            return


def _is_package_install(effects: CommandEffects) -> bool:
    """Costly, but neither an install from manifests nor a build."""
    return effects.costly and effects.install is None and not effects.caches


def is_costly(node: Node) -> bool:
    """Whether building the step again takes long enough to move it."""
    run = node.understood
    if run is not None:
        # What an install reads is not known when its closure is not.
        return run.costly and all(install.refusal is None for install in run.installs)
    if node.keyword != "copy":
        return False
    view = views.copy(node.instruction)
    return view.from_ is not None and not view.link  # a linked layer does not depend on its place


def _what(node: Node) -> str:
    text = " ".join(node.instruction.text.split())
    return f"`{text if len(text) <= 50 else text[:47] + '...'}`"
