"""A COPY of a folder that, in the second program, brings only what a build is said to read.

The first program is run as if it had those copies, so that everything else is compared as ever.
What is left out is asserted, not proved (`unsafe`); proved is that it stays out of everybody's
sight but that build's: it leaves the stage nowhere, and no other step of the stage may read it.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reorder.ecosystems.paths import below
from reorder.ecosystems.run import RunEffects
from reorder.equivalence.listing import Listing, is_pattern, normal_source
from reorder.equivalence.program import Program, Refused, Step
from reorder.equivalence.stages import Ran, Stage

Narrowed = Mapping[int, tuple[str, ...]]  # line of a COPY, and the context paths that it brings now
_KEPT = frozenset({"chown", "chmod", "link"})


def narrow(program: Program, narrowed: Narrowed, listing: Listing) -> Program:
    """The program with each of these COPYs as several. Raises Refused for a form not followed."""
    if not narrowed:
        return program
    steps: list[Step] = []
    for step in program.steps:
        if step.line in narrowed:
            steps += _several(step, narrowed[step.line], listing)
        else:
            steps.append(step)
    return replace(program, steps=tuple(steps))


def check_narrowed(
    program: Program, narrowed: Narrowed, stages: list[Stage], listing: Listing
) -> None:
    """Raises Refused if anybody but a build with modules may miss what is left out.

    `stages` are those of the program as it was, run with everything.
    """
    starts = [step.line for step in program.steps if step.keyword == "from"]
    for step in program.steps:
        if step.line not in narrowed:
            continue
        number = sum(1 for start in starts if start < step.line) - 1
        stage = stages[number]
        left_out = _left_out(step, narrowed[step.line], listing)
        places = {
            path
            for ran in stage.runs
            for path, cell in ran.state.cells.items()
            if cell.origin in left_out and cell.line == step.line
        }
        _stays(number, stages, places, step.line)
        for ran in stage.runs:
            cells = ran.state.cells
            _does_not_look(ran, {p for p in places if p in cells and cells[p].line == step.line})


def _several(step: Step, names: tuple[str, ...], listing: Listing) -> Iterator[Step]:
    source, dest = _both(step)
    if any(name not in _KEPT for name, _ in step.flags) or step.inlines:
        raise Refused("a COPY with such flags is not narrowed", step.line)
    root = normal_source(source)
    for name in names:
        kind = listing.kind(name)
        inner = posixpath.relpath(name, root or ".")
        if kind not in ("file", "dir") or (root and not below(name, root)) or inner == ".":
            raise Refused(f"{name} is not what the COPY brought", step.line)
        place = posixpath.join(dest, inner if kind == "dir" else posixpath.dirname(inner)) + "/"
        words = (name, place)
        yield replace(step, words=words, rest=json.dumps(words))


def _both(step: Step) -> tuple[str, str]:
    words = step.words if step.words is not None else tuple(step.rest.split())
    if step.keyword != "copy" or len(words) != 2 or is_pattern(words[0]) or "$" in words[0]:
        raise Refused("only a COPY of one folder can be narrowed", step.line)
    return words[0], words[1]


def _left_out(step: Step, names: tuple[str, ...], listing: Listing) -> frozenset[str]:
    root = normal_source(_both(step)[0])
    return frozenset(
        path
        for path in listing.below(root)
        if not any(below(path, name) or below(name, path) for name in names)
    )


def _stays(number: int, stages: list[Stage], places: set[str], line: int) -> None:
    if number == len(stages) - 1 or any(stage.parent == number for stage in stages):
        raise Refused("only the files of a stage that nobody starts from may be fewer", line)
    for stage in stages:
        for taken in stage.taken:
            if taken.stage != number:
                continue
            tree = taken.path
            if tree is None or any(below(p, tree) or below(tree, p) for p in places):
                what = tree or "everything"
                raise Refused(f"{what} is taken from the stage, and would hold less", taken.line)


def _does_not_look(ran: Ran, places: set[str]) -> None:
    effects = ran.run.effects
    if not places:
        return  # it runs above the COPY
    if not isinstance(effects, RunEffects):
        raise Refused(f"this RUN may read what is left out: {effects.reason}", ran.line)
    for step in effects.steps:
        if step.effects.modules is not None:
            continue
        if step.effects.barrier is not None:
            raise Refused(f"this RUN may read what is left out: {step.effects.barrier}", ran.line)
        seen = step.effects.reads | step.effects.writes
        path = next((path for path in sorted(places) if seen.contains(path)), None)
        if path is not None:
            raise Refused(f"`{step.call.name}` may read {path}, which is left out", ran.line)
