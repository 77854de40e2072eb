"""How long a build takes when only some of its steps run: independent stages run side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from reorder.cost.model import Model
from reorder.cost.seconds import cache_mounts
from reorder.graph.facts import Facts
from reorder.graph.stages import Stage, begins_from, source_stage, sources_of

_Warm = frozenset[str] | None


# No slots: what was computed is kept.
@dataclass(frozen=True)
class Clock:
    """The times of the steps of one file on one kind of builder."""

    facts: Facts
    used: frozenset[int]  # the stages that the last one needs
    model: Model
    lives_on: bool  # cache mounts keep what earlier builds left there
    _known: dict[tuple[int, _Warm], float] = field(default_factory=dict)

    def alone(self, at: int) -> float:
        """Seconds of the step at a position, with no other before it in the same build."""
        return self._seconds(at, None if self.lives_on else frozenset())

    def wall(self, ran: frozenset[int]) -> float:
        """Seconds until the last stage is done when the steps at some positions run.

        The steps of a stage follow one another; a COPY or a mount waits for the stage that it takes
        from (BuildKit runs what does not wait for each other at the same time). On a fresh builder
        a cache mount holds what the steps before have put there in the same build.
        """
        ends: dict[int, float] = {}
        filled: set[str] = set()
        for stage in self.facts.stages:
            if stage.index not in self.used:
                continue
            begins = (ends[one] for one in begins_from(self.facts.stages, stage) if one in ends)
            now = max(begins, default=0.0)
            for at in stage.body:
                now = max(now, self._ready(stage, at, ends))
                if at in ran:
                    now += self._seconds(at, None if self.lives_on else frozenset(filled))
                    filled |= self._targets(at)
            ends[stage.index] = now
        return ends[self.facts.stages[-1].index] if self.facts.stages else 0.0

    def _seconds(self, at: int, warm: _Warm) -> float:
        known = None if warm is None else warm & self._targets(at)
        if (at, known) not in self._known:
            self._known[at, known] = self.model.seconds(self.facts.nodes[at], known)
        return self._known[at, known]

    def _targets(self, at: int) -> frozenset[str]:
        node = self.facts.nodes[at]
        if node.keyword != "run":
            return frozenset()
        return frozenset(target for target, _ in cache_mounts(node))

    def _ready(self, stage: Stage, at: int, ends: dict[int, float]) -> float:
        sources = (
            source_stage(value, stage.index, self.facts.stages)
            for value in sources_of(self.facts.file.instructions[at])
        )
        return max((ends.get(s.index, 0.0) for s in sources if s is not None), default=0.0)
