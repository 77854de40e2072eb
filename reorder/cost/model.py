"""What the steps of a file cost and how often they change, as problems for the search."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final

from reorder.context.volatile import Volatile
from reorder.cost.rebuilds import Changes, Rebuilds, by_class
from reorder.cost.search import Problem
from reorder.cost.seconds import Warm, prior, shown, why
from reorder.cost.spread import SETTINGS, Spread, spread
from reorder.cost.timings import Timings
from reorder.ecosystems.paths import Paths
from reorder.graph.facts import Facts, Node, dependencies
from reorder.graph.stages import Stage, used_by
from reorder.syntax import views
from reorder.syntax.mounts import place

# However large the context is, its size must not decide what `--check` says next month.
MOST_FOR_COPY: Final = 0.3

Edges = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Costs:
    """How steps are weighed. The classes decide first; commits and timings refine."""

    classes: Rebuilds = field(default_factory=lambda: by_class(Volatile({}), "history is not used"))
    commits: Rebuilds | None = None
    timings: Timings | None = None
    min_percent: float = 1.0  # a move that saves less than this part of its stage is not made
    min_seconds: float = 0.5  # nor one that saves less than this for each rebuild
    elsewhere: bool = False  # there are no commits here, but in another clone there may be

    def threshold(self, problem: Problem) -> int:
        """The least that a move must save, as `Problem.total` counts."""
        absolute = self.min_seconds * 1000 * sum(problem.weights)
        relative = self.min_percent / 100 * problem.total(range(len(problem.cost)))
        return ceil(max(absolute, relative))

    @property
    def best(self) -> Rebuilds:
        """The measured rebuilds if there are any."""
        return self.commits or self.classes


# No slots, and not frozen: what is derived for a stage is kept.
@dataclass
class Model:
    """A file with the masks of its nodes and the seconds of its steps."""

    facts: Facts
    rebuilds: Rebuilds
    timings: Timings | None = None
    edges: dict[int, Edges] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spread: Spread = spread(self.facts, self.rebuilds, self.edges_of)

    def edges_of(self, stage: Stage) -> Edges:
        """The pairs of a stage that may not change places, with the reason."""
        if stage.index not in self.edges:
            self.edges[stage.index] = _edges(self.facts, stage)
        return self.edges[stage.index]

    def seconds(self, node: Node, warm: Warm = None) -> float:
        """Expected seconds of running a step again; `warm` as for `prior`."""
        if node.keyword in ("copy", "add") and views.copy(node.instruction).link:
            return 0.0  # a linked layer does not depend on what stands above it
        measured = self.timings.seconds(self.facts, node) if self.timings else None
        if measured is not None:
            return measured
        known = prior(node, self.facts, warm=warm)
        from_context = (
            node.keyword in ("copy", "add") and views.copy(node.instruction).from_ is None
        )
        return min(known, MOST_FOR_COPY) if from_context and not self.rebuilds.measured else known

    def why(self, node: Node) -> str:
        """Where the seconds come from, in words."""
        measured = self.timings.seconds(self.facts, node) if self.timings else None
        return why(node, self.facts) if measured is None else f"{shown(measured)} (measured)"

    def problem(self, stage: Stage, apart: frozenset[tuple[int, int]] = frozenset()) -> Problem:
        """The order of a stage as a problem; `apart` has more pairs that must not change places."""
        body = self.facts.body(stage)
        first = stage.start + 1
        before = [0] * len(body)
        for a, b in (*self.edges_of(stage), *apart):
            before[b - first] |= 1 << (a - first)
        return replace(
            _unweighed(self.facts, stage, self.spread),
            cost=tuple(round(1000 * self.seconds(node)) for node in body),
            weights=self.rebuilds.weights,
            before=tuple(before),
        )

    def expected(self) -> float:
        """Seconds of one rebuild of the last stage: the sum of its steps, none in parallel."""
        total = 0.0
        known = self.facts.stages
        for index in sorted(used_by(self.facts.file, known, known[-1:])):
            problem = self.problem(known[index])
            total += problem.seconds(range(len(problem.cost)))
        return total

    def reruns(self) -> dict[int, int]:
        """For every position the rebuilds in which the step is built again."""
        found: dict[int, int] = {}
        for stage in self.facts.stages:
            problem = self.problem(stage)
            found |= zip(stage.body, problem.reruns(range(len(problem.cost))), strict=True)
        return found


def reached(facts: Facts, changes: Changes) -> dict[int, int]:
    """For every position the bits that are new in it, or in something its cache key holds."""
    known = {stage.index: _edges(facts, stage) for stage in facts.stages}
    masks = spread(facts, changes, lambda stage: known[stage.index])
    found: dict[int, int] = {}
    for stage in facts.stages:
        problem = _unweighed(facts, stage, masks)
        found |= zip(stage.body, problem.reruns(range(len(problem.changes))), strict=True)
    return found


def _unweighed(facts: Facts, stage: Stage, masks: Spread) -> Problem:
    """The steps of a stage as far as they do not depend on costs."""
    body = facts.body(stage)
    none = (0,) * len(body)
    return Problem(
        cost=none,
        changes=tuple(masks.own[node.at] for node in body),
        weights=(),
        before=none,
        start=masks.starts[stage.index],
        settings=_mask(body, SETTINGS),
        readers=_mask(body, frozenset({"run"})),
        set_before=masks.told[stage.index],
    )


def _edges(facts: Facts, stage: Stage) -> Edges:
    body = facts.body(stage)
    return {**_blind(body), **dependencies(body)}


def _mask(body: list[Node], keywords: frozenset[str]) -> int:
    return sum(1 << at for at, node in enumerate(body) if node.keyword in keywords)


def _blind(body: list[Node]) -> Edges:
    """Steps of which it is not known what they depend on.

    An install whose closure is not known may read whatever a copy brings. What steps leave for each
    other in a cache mount is gone when the cache is, so that they have to run together.
    """
    found: Edges = {}
    for node in body:
        run = node.understood
        refused = next((i.refusal for i in run.installs if i.refusal), None) if run else None
        handed = _handed_on(node)
        for other in body:
            copy = other.keyword in ("copy", "add")
            if other is not node and ((refused and copy) or (handed and (copy or other.run))):
                pair = min(node.at, other.at), max(node.at, other.at)
                found[pair] = handed or refused or ""
    return found


def _handed_on(node: Node) -> str | None:
    """A cache mount that a step names, and that is no cache of its commands."""
    run = node.understood
    if run is None:
        return None
    named = replace(run.reads | run.writes, all_but=None)
    own = {cache.target for cache in run.caches}
    for mount in views.mounts(node.instruction):
        target = place(mount) if mount.type == "cache" else None
        if target and target not in own and named.overlaps(Paths(trees=frozenset({target}))):
            return f"it hands something on in the cache mount at {target}"
    return None
