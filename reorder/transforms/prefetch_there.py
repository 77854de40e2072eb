"""What makes a further dependency step needless: one that is there, or a cache that lives on."""

from __future__ import annotations

from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run_caches import Step
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import Stage
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.mounts import place as place_of
from reorder.transforms.base import Settings
from reorder.transforms.liveness import caches_at, reader_without_mount, written_before
from reorder.transforms.sources import below_source

FETCH_WORDS = frozenset({"download", "dependency:go-offline", "dependency:resolve"})


def mounted(facts: Facts, node: Node, step: Step, settings: Settings) -> bool:
    """Whether cache mounts that live on keep what a step would fetch, or soon will."""
    if settings.ephemeral or not step.effects.caches:
        return False
    there = mounts(node)
    allowed = settings.builder.mounts and settings.options.allows("cache-mount")
    body = facts.body(facts.stage_of(node))
    for cache in step.effects.caches:
        if cache.target in there:
            continue
        sharing = [other for other in body if caches_at(other, cache.target)]
        if not allowed or cache.off is not None:
            return False
        if written_before(facts, sharing[0], cache.target) is not None:
            return False
        if reader_without_mount(facts, sharing[0], cache.target, {n.at for n in sharing}):
            return False
    return True


def mounts(node: Node) -> frozenset[str]:
    """Where a RUN has mounts."""
    return frozenset(path for m in views.mounts(node.instruction) if (path := place_of(m)))


def has_step(facts: Facts, node: Node, step: Step) -> bool:
    """Whether the dependencies are there already: by a step like it, or by a COPY of the cache."""
    tool = step.effects.tool
    cache = Paths(trees=frozenset(cache.target for cache in step.effects.caches))
    stage: Stage | None = facts.stage_of(node)
    while stage is not None:
        for other in facts.body(stage):
            if other.at >= node.at:
                break
            if other.keyword == "copy" and other.effects.writes.paths.overlaps(cache):
                return True
            if other.keyword == "run" and (_installs(other, tool) or _fetches(other)):
                return True
            if other.keyword == "run" and _builds(other, tool) and not below_source(facts, other):
                return True  # a build before the source: of stand-ins for it
        stage = facts.stages[stage.parent] if stage.parent is not None else None
    return False


def _installs(node: Node, tool: str) -> bool:
    run = node.understood
    known = [s.effects for s in run.steps if s.effects.tool == tool] if run is not None else []
    installs = [effects.install for effects in known if effects.install is not None]
    return any(install.manifests or install.refusal for install in installs)


def _builds(node: Node, tool: str) -> bool:
    run = node.understood
    known = [s.effects for s in run.steps if s.effects.tool == tool] if run is not None else []
    return any(effects.prefetch is not None for effects in known)


def _fetches(node: Node) -> bool:
    """A RUN with a bind mount is not understood, but says plainly that it fetches."""
    words = node.instruction.args.split()
    return isinstance(node.run, Opaque) and not FETCH_WORDS.isdisjoint(words)
