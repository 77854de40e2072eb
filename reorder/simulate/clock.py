"""How long a build takes when only some of its steps run: independent stages run side by side."""

from __future__ import annotations

from collections.abc import Mapping

from reorder.graph.facts import Facts
from reorder.graph.stages import Stage, source_stage, sources_of


def wall(facts: Facts, used: frozenset[int], spent: Mapping[int, float]) -> float:
    """Seconds until the last stage is done; `spent` has those of the steps that run, by position.

    The steps of a stage follow one another; a COPY or a mount waits for the stage that it takes
    from (BuildKit runs what does not wait for each other at the same time).
    """
    ends: dict[int, float] = {}
    for stage in facts.stages:
        if stage.index not in used:
            continue
        now = ends.get(stage.parent, 0.0) if stage.parent is not None else 0.0
        for at in stage.body:
            now = max(now, _ready(facts, stage, at, ends)) + spent.get(at, 0.0)
        ends[stage.index] = now
    return ends[facts.stages[-1].index] if facts.stages else 0.0


def _ready(facts: Facts, stage: Stage, at: int, ends: dict[int, float]) -> float:
    sources = (
        source_stage(value, stage.index, facts.stages)
        for value in sources_of(facts.file.instructions[at])
    )
    return max((ends.get(s.index, 0.0) for s in sources if s is not None), default=0.0)
