"""What stays in the layers on builders that begin with an imported layer cache and empty mounts."""

from __future__ import annotations

from collections.abc import Iterator

from reorder.ecosystems.contract import Cache
from reorder.ecosystems.paths import below
from reorder.graph.facts import Facts, Node
from reorder.graph.mounts import mounted_at
from reorder.graph.stages import Stage, family
from reorder.result import Refusal
from reorder.transforms.base import Settings
from reorder.transforms.liveness import caches_at


def unmounted(facts: Facts, node: Node) -> tuple[Cache, ...]:
    """The caches of a RUN that no mount of it covers."""
    if node.understood is None:
        return ()
    present = mounted_at(node.instruction, facts.file.escape, node.scope)
    caches = node.understood.caches
    return tuple(c for c in caches if not any(below(c.target, target) for target in present))


def stays(facts: Facts, node: Node) -> frozenset[str]:
    """Where a RUN keeps what later steps need as input, or would otherwise fetch a second time.

    A mount that one step fills and another one needs hurts where the first can be found in the
    layer cache while the other one runs: where something is copied between them. Otherwise who
    needs the mount runs after the one who has filled it, in the same build.
    """
    again = {
        cache.target
        for other in facts.body(facts.stage_of(node))
        for step in (other.understood.steps if other.understood is not None else ())
        if step.effects.prefetch is not None and step.effects.prefetch.again
        for cache in step.effects.caches
    }
    caches = node.understood.caches if node.understood is not None else ()
    return frozenset(
        c.target
        for c in caches
        if c.target in again or (c.payload and _apart(facts, node, c.target))
    )


def _apart(facts: Facts, node: Node, target: str) -> bool:
    """Whether the steps that use a directory do not run, or not run, all together."""
    stages = family(facts.stages, facts.stage_of(node))
    users = [n for stage in stages for n in facts.body(stage) if caches_at(n, target)]
    if len({facts.stage_of(user).index for user in users}) > 1:
        return True
    first, last = min(user.at for user in users), max(user.at for user in users)
    body = facts.body(facts.stage_of(node))
    return any(first < n.at < last and n.keyword in ("copy", "add", "arg") for n in body)


def told(facts: Facts, stage: Stage, settings: Settings, transform: str) -> Iterator[Refusal]:
    """What gets no mount because of the CI files; who asked for that need not be told."""
    fresh = settings.builder.fresh
    if settings.options.builder != "auto" or fresh is None or not settings.builder.mounts:
        return
    said: set[str] = set()
    for node in facts.body(stage):
        kept = stays(facts, node)
        for target in sorted(c.target for c in unmounted(facts, node) if not c.off):
            if target in kept - said:
                said.add(target)
                reason = f"{fresh}, where a mount of {target} would be empty"
                yield Refusal(transform, node.line, f"{reason}; --builder persistent adds it")
