"""`if`, `case`, `for`, `while`: every way through, and what holds where the ways meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reorder.shell.expand import arguments
from reorder.shell.nodes import Arg, Call
from reorder.shell.state import UNKNOWN, State, Value, join
from reorder.shell.tree import Case, For, If, Seq, Unclear, While
from reorder.shell.walk import MAYBE, Jumps, Outcome, Walk, Way, folder

_ROUNDS = 12


def condition(walk: Walk, command: If, state: State, way: Way) -> Outcome:
    now: State | None = state
    results: list[Outcome] = []
    for index, (test, body) in enumerate(command.arms):
        if now is None:
            break
        tested = walk.run(test, now, way.quiet if index == 0 else MAYBE)
        if tested.ok is not None:
            results.append(walk.run(body, tested.ok, Way(False, way.fatal)))
        now = join(tested.fail, tested.odd)
    if now is not None:
        if command.orelse is not None:
            results.append(walk.run(command.orelse, now, Way(False, way.fatal)))
        else:
            results.append(Outcome(now, None))
    return _either(results)


def case(walk: Walk, command: Case, state: State, way: Way) -> Outcome:
    for word in (command.subject, *command.patterns):
        state = walk.word(word, state, way)
    results = [walk.run(body, state, Way(False, way.fatal)) for body in command.bodies]
    if not command.total:
        results.append(Outcome(state, None))
    return _either(results)


def loop(walk: Walk, command: For, state: State, way: Way) -> Outcome:
    if command.words is None:
        raise Unclear("a `for` runs over the parameters")
    args: list[Arg] = []
    for word in command.words:
        state = walk.word(word, state, way)
        args += arguments(word, state, walk.text)
    if all(arg.kind == "literal" for arg in args):
        end: State | None = state
        left: State | None = None
        for arg in args:
            if end is None:
                break
            bound = end.assign(command.name, Value(arg.text))
            end, leave = _iteration(walk, command.body, bound)
            left = join(left, leave)
        end = join(end, left)
        return Outcome(end, end)
    mark = len(walk.found)
    now = _settle(walk, state, lambda s: _rounds(walk, command, args, s))
    patterns = tuple(arg for arg in args if arg.kind == "glob")
    if patterns and not _mentions(walk.found[mark:], patterns):
        # The number of rounds depends on the pattern even if no round uses the name.
        head = Arg(":", "literal", walk.place(command.span))
        listed = (head, *(replace(arg, span=walk.place(arg.span)) for arg in patterns))
        walk.emit(Call(listed, folder(state), state.env, (), False, walk.place(command.span)))
    return Outcome(now, now)


def _rounds(walk: Walk, command: For, args: list[Arg], state: State) -> State | None:
    end: State | None = state
    for arg in args:
        value = UNKNOWN if arg.kind == "unknown" else Value(arg.text, arg.kind == "glob")
        after, leave = _iteration(walk, command.body, state.assign(command.name, value))
        end = join(end, join(after, leave))
    return end


def repeat(walk: Walk, command: While, state: State) -> Outcome:
    ends: list[State | None] = []

    def one_round(now: State) -> State | None:
        tested = walk.run(command.condition, now, MAYBE)
        inside, outside = tested.ok, join(tested.fail, tested.odd)
        if command.until:
            inside, outside = outside, inside
        after, leave = (None, None) if inside is None else _iteration(walk, command.body, inside)
        ends[:] = [join(outside, leave)]
        return join(now, after)

    _settle(walk, state, one_round)
    return Outcome(ends[0], ends[0])


def _iteration(walk: Walk, body: Seq, state: State) -> tuple[State | None, State | None]:
    """One run of a loop's body: the state at its end, and after `break`."""
    jumps = Jumps()
    walk.loops.append(jumps)
    end = walk.run(body, state, MAYBE).any
    walk.loops.pop()
    return join(end, jumps.again), jumps.leave


def _settle(walk: Walk, state: State, one_round: Callable[[State], State | None]) -> State | None:
    """Repeat until nothing more becomes unknown; only the last round's calls are kept."""
    now: State | None = state
    mark = len(walk.found)
    for _ in range(_ROUNDS):
        if now is None:
            return None
        del walk.found[mark:]
        following = one_round(now)
        if following == now:
            return now
        now = join(now, following)
    raise Unclear("a loop changes too much")


def _either(results: list[Outcome]) -> Outcome:
    ok = fail = odd = None
    for result in results:
        ok, fail, odd = join(ok, result.ok), join(fail, result.fail), join(odd, result.odd)
    return Outcome(ok, fail, odd)


def _mentions(found: list[Call], patterns: tuple[Arg, ...]) -> bool:
    """Whether the calls carry each pattern, so that what it lists is read through them."""
    words = [arg.text for call in found for arg in call.args if arg.kind == "glob"]
    return all(any(p.text in word for word in words) for p in patterns)
