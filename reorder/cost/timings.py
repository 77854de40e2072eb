"""Measured seconds of steps, from the log of a build of the author's file or of the rewritten one.

A step is found by its stage and its text, so that one that moved, or that got a mount, keeps its
measure. Where the text changed, its place among the author's lines tells which one it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.cost.buildlog import Step, read_steps
from reorder.cost.steptext import Pattern, canonical, pattern, uncut
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import Stage

_STEPS = ("run", "copy", "add", "workdir")  # what the builder counts (BuildKit `cmdTotal`)


@dataclass(frozen=True)
class Timings:
    """The steps of one build log."""

    steps: tuple[Step, ...]

    def seconds(self, facts: Facts, node: Node) -> float | None:
        """How long the step took when it last ran; None when the log does not tell."""
        if node.keyword not in _STEPS:
            return None
        stage = facts.stage_of(node)
        builds: dict[tuple[str, ...], list[Step]] = {}
        for step in self.steps:
            if _same_stage(step, stage, facts):
                builds.setdefault((*step.prefix, step.stage), []).append(step)
        body = [other for other in facts.body(stage) if other.keyword in _STEPS]
        found = [_in_build(steps, stage, body, node) for steps in _likely(builds, body)]
        # Platforms and targets are built side by side: the slowest counts.
        return max((seconds for seconds in found if seconds is not None), default=None)


def read_timings(text: str, name: str) -> Timings:
    """The measured steps of a progress log: plain, rawjson, or as `buildlog.write_steps` gives.

    Raises:
        InputError: it is none of these, a line of it is broken, or no step of it ran.
    """
    return Timings(read_steps(text, name))


def _same_stage(step: Step, stage: Stage, facts: Facts) -> bool:
    """An only stage may be printed without its name, or with a target of compose in its place."""
    if len(facts.stages) == 1:
        return True
    return step.stage.lower() == (stage.name or f"stage-{stage.index}")


def _likely(builds: dict[tuple[str, ...], list[Step]], body: list[Node]) -> list[list[Step]]:
    """The builds of this very file: of those in the log, they have the most steps in common."""
    if len(builds) < 2:
        return list(builds.values())
    common = {key: _common(steps, body) for key, steps in builds.items()}
    most = max(common.values())
    return [steps for key, steps in builds.items() if common[key] == most]


def _common(steps: list[Step], body: list[Node]) -> int:
    texts = [canonical(step.text) for step in steps]
    return sum(any(map(pattern(node.instruction).matches, texts)) for node in body)


def _in_build(steps: list[Step], stage: Stage, body: list[Node], node: Node) -> float | None:
    wanted = pattern(node.instruction)
    steps = sorted(steps, key=lambda step: step.at)
    mine = [step for step in steps if wanted.matches(canonical(step.text))]
    mine = mine or [step for step in steps if _begins(wanted, step)]
    if not mine:
        return _changed(steps, stage, body, node)
    if len(mine) == 1:
        return mine[0].seconds
    twins = [other.at for other in body if pattern(other.instruction) == wanted]
    if len(twins) == len(mine):
        return mine[twins.index(node.at)].seconds
    if len({canonical(step.text) for step in mine}) > 1:
        place = _place(mine, stage, body, node)
        return place.seconds if place else None
    known = [step.seconds for step in mine if step.seconds is not None]
    return sum(known) / len(known) if known else None


def _begins(wanted: Pattern, step: Step) -> bool:
    text = uncut(step.name)
    return text is not None and wanted.begins(canonical(text.partition("] ")[2]))


def _changed(steps: list[Step], stage: Stage, body: list[Node], node: Node) -> float | None:
    """The step whose place is the node's, if it is no other node's and the file is the same."""
    place = _place(steps, stage, body, node)
    if place is None or not _common(steps, body):
        return None
    text = canonical(place.text)
    taken = any(pattern(other.instruction).matches(text) for other in body)
    return None if taken else place.seconds


def _place(steps: list[Step], stage: Stage, body: list[Node], node: Node) -> Step | None:
    """The step that stands where the author has the node's line, if it is the same kind of step."""
    alike = [o for o in body if o.line == node.line and o.keyword == node.keyword]
    if len(alike) != 1:
        return None  # one step became several
    lines = sorted({other.line for other in body})
    first = int(stage.parent is None and stage.image != "scratch")  # FROM counts as a step
    at, of = lines.index(node.line) + 1 + first, len(lines) + first
    keyword = node.keyword.upper()
    found = (step for step in steps if (step.at, step.of) == (at, of))
    return next((step for step in found if step.text.split()[0].upper() == keyword), None)
