"""Replay the history of one Dockerfile: as it is, and as `rewrite` would leave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reorder.api import rewrite_opened
from reorder.config import Options
from reorder.context.history import History, NoHistory, whole_line
from reorder.cost.model import Model
from reorder.cost.rebuilds import by_history
from reorder.cost.timings import Timings
from reorder.errors import InputError
from reorder.graph.facts import Facts, derive
from reorder.graph.stages import used_by
from reorder.opened import Opened, open_file
from reorder.result import Result
from reorder.simulate.builders import FRESH, PROFILES, Profile, keys, reruns
from reorder.simulate.builds import builds_a_year
from reorder.simulate.clock import Clock
from reorder.simulate.inputs import inputs
from reorder.simulate.outcome import Pair, Played, Side, Simulated, Step
from reorder.simulate.states import Replay
from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import parse

STEPS = frozenset({"run", "copy", "add", "workdir"})
COMMITS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user chose."""

    options: Options = field(default_factory=Options)
    commits: int = COMMITS
    since: str = ""  # a date as git takes it
    builds_per_day: float | None = None  # of one developer
    developers: int | None = None


def simulate(path: Path, asked: Asked) -> Simulated:
    """Replay one Dockerfile. Raises InputError for what a user can mend."""
    opened = open_file(path, asked.options)
    if opened.windows is not None:
        raise InputError(str(path), "builds a Windows image, which is not understood")
    history = _history(opened, path, asked)
    result = rewrite_opened(opened, asked.options)
    replay = Replay(history, by_history(history, opened.costs.classes.volatile))
    before, after = derive(opened.file, opened.context), _after(opened, result)
    sides = [_sides(facts, replay, opened.costs.timings) for facts in (before, after)]
    other = _for_fresh_runners(opened, asked.options, result)
    fresh = _sides(other, replay, opened.costs.timings) if other is not None else None
    played = tuple(Played(one.name, one.time) for one in reversed(history.log[:-1]))
    return Simulated(
        path=str(path),
        commits=played,
        pairs={name: Pair(sides[0][name], sides[1][name]) for name in PROFILES},
        fresh={name: Pair(sides[0][name], fresh[name]) for name in FRESH} if fresh else {},
        builds=builds_a_year(played, asked.builds_per_day, asked.developers),
        facts=(before, after),
        result=result,
        assumptions=_assumptions(opened),
    )


def _history(opened: Opened, path: Path, asked: Asked) -> History:
    text = str(opened.file)
    found = whole_line(opened.root, path, text, asked.commits + 1, asked.since)
    if isinstance(found, NoHistory):
        raise InputError(str(path), f"has no history to replay: {found.reason}")
    if len(found.log) < 2:
        since = f" since {asked.since}" if asked.since else ""
        raise InputError(str(path), f"has only one commit{since}, so there is nothing to replay")
    return found


def _after(opened: Opened, result: Result) -> Facts:
    context = opened.context
    if context is not None and result.ignore is not None:
        context = context.with_ignore(result.ignore.after)
    return derive(parse(result.after), context, result.lines)


def _for_fresh_runners(opened: Opened, options: Options, result: Result) -> Facts | None:
    """What `--builder ephemeral` would make of the file; None: the same."""
    if options.builder == "ephemeral":
        return None
    other = rewrite_opened(opened, replace(options, builder="ephemeral"))
    return _after(opened, other) if other.after != result.after else None


def _sides(facts: Facts, replay: Replay, timings: Timings | None) -> dict[Profile, Side]:
    used = used_by(facts.file, facts.stages, facts.stages[-1:])
    places = [
        at
        for stage in facts.stages
        if stage.index in used
        for at in stage.body
        if facts.nodes[at].keyword in STEPS
    ]
    states: dict[int, Sequence[object]] = {}
    found = {}
    for at, held in inputs(facts).items():
        for place in held:
            if place not in states:
                states[place] = replay.states(facts, place)
        found[at] = keys([states[place] for place in held], replay.commits)
    model = Model(facts, replay.rebuilds, timings)
    sides: dict[Profile, Side] = {}
    for profile in PROFILES:
        clock = Clock(facts, used, model, lives_on=profile == "local")
        steps = tuple(_step(facts, at, clock, reruns(found[at], profile)[1:]) for at in places)
        sides[profile] = Side(steps, _seconds(clock, steps, replay.commits - 1))
    return sides


def _seconds(clock: Clock, steps: Sequence[Step], commits: int) -> tuple[float, ...]:
    """Equal patterns of steps take equal times: each is computed once."""
    known: dict[tuple[bool, ...], float] = {}
    found = []
    for number in range(commits):
        pattern = tuple(step.again[number] for step in steps)
        if pattern not in known:
            ran = (step.at for step, again in zip(steps, pattern, strict=True) if again)
            known[pattern] = clock.wall(frozenset(ran))
        found.append(known[pattern])
    return tuple(found)


def _step(facts: Facts, at: int, clock: Clock, again: tuple[bool, ...]) -> Step:
    node = facts.nodes[at]
    instruction = node.instruction
    return Step(at, instruction.line, node.line, _text(instruction), clock.alone(at), again)


def _text(instruction: Instruction) -> str:
    return instruction.text.strip()


def _assumptions(opened: Opened) -> tuple[str, ...]:
    """What the numbers rest on, in words."""
    measured = opened.costs.timings is not None
    found = [
        "the Dockerfile and the ignore file as they are now, with the contents that the files of "
        "the context had at each commit",
        "every commit is built once, in order; the first build is cold and does not count",
        "what a step of another stage makes is new whenever that step, or what it depends on, runs",
        "step times are measured ones where --timings has them, else typical of the command"
        if measured
        else "step times are typical of each kind of command; --timings brings measured ones",
        "stages that do not wait for each other run at the same time",
    ]
    unknown = opened.unknown if opened.context is None else ""
    if unknown:
        found.append(f"which folder is the build context is not known ({unknown})")
    return tuple(found)
