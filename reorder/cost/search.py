"""The cheapest legal order of the steps of a stage.

The expected cost of an order is the mean, over a set of rebuilds, of the seconds of the steps that
a rebuild runs again: a step runs again when it, or anything above it, has changed. How much of a
prefix has changed hardly depends on the order within it, so dynamic programming over the down-sets
of the dependency graph, and over what has changed at their end, is exact. Above `STATES` of these,
steps that bring no change are taken as soon as they can be (which never costs anything); above that
too, only the most promising are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

STATES = 2500  # down-sets of one search: some 50 ms
BEAM = 2000  # those of the bounded search


# No slots: cached_property.
@dataclass(frozen=True)
class Problem:
    """The steps of a stage in their author's order; a mask has a bit for each rebuild, or step.

    A step of `settings` (ENV, ARG, USER, SHELL) is no layer: what is new in it is seen by the
    steps of `readers` (RUN) below it, and through them by all that follows (semantics.md 4.4).
    """

    cost: tuple[int, ...]  # of running a step again, in milliseconds
    changes: tuple[int, ...]  # the rebuilds in which a step itself has changed
    weights: tuple[int, ...]  # how often each rebuild happens
    before: tuple[int, ...]  # the steps that must stay above a step
    start: int = 0  # the rebuilds in which what the stage starts from has changed
    settings: int = 0
    readers: int = 0
    set_before: int = 0  # the rebuilds in which the environment that it starts with has changed

    @cached_property
    def closed(self) -> tuple[int, ...]:
        """`before` with what those steps need in turn."""
        found: list[int] = []
        for mask in self.before:
            for at in bits(mask):
                mask |= found[at]
            found.append(mask)
        return tuple(found)

    @cached_property
    def essential(self) -> tuple[int, ...]:
        """The steps that cost something or bring a change; where the others stand is free."""
        return tuple(
            at
            for at, (cost, mask) in enumerate(zip(self.cost, self.changes, strict=True))
            if cost or mask & ~self.start or self.readers >> at & 1
        )

    @cached_property
    def least(self) -> int:
        """What no legal order goes below: each step with only what it needs above it."""
        total = 0
        for at, cost in enumerate(self.cost):
            reads = self.readers >> at & 1
            mask = self.start | self.changes[at] | (self.set_before if reads else 0)
            for other in bits(self.closed[at]) if cost else ():
                if reads or not self.settings >> other & 1:
                    mask |= self.changes[other]
            total += cost * self.weight(mask)
        return total

    def weight(self, mask: int) -> int:
        """How many rebuilds a mask stands for."""
        if self._uniform:
            return mask.bit_count()
        known = self._weighed.get(mask)
        if known is None:
            known = self._weighed[mask] = sum(self.weights[at] for at in bits(mask))
        return known

    @cached_property
    def _uniform(self) -> bool:
        return set(self.weights) == {1}

    @cached_property
    def _weighed(self) -> dict[int, int]:
        return {}

    def after(self, at: int, seen: int, told: int) -> tuple[int, int]:
        """The rebuilds that have reached a place with a change in files, in settings: one later."""
        if self.settings >> at & 1:
            return seen, told | self.changes[at]
        if self.readers >> at & 1:
            seen |= told
        return seen | self.changes[at], told

    def reruns(self, order: Iterable[int]) -> list[int]:
        """For each step of an order, the rebuilds that run it again."""
        seen, told, found = self.start, self.set_before, []
        for at in order:
            seen, told = self.after(at, seen, told)
            found.append(seen)
        return found

    def total(self, order: Sequence[int]) -> int:
        """Milliseconds of an order, summed over all rebuilds."""
        masks = self.reruns(order)
        return sum(self.cost[at] * self.weight(mask) for at, mask in zip(order, masks, strict=True))

    def seconds(self, order: Sequence[int]) -> float:
        """The expected seconds of one rebuild in an order."""
        return self.total(order) / (1000 * sum(self.weights))


@dataclass(frozen=True, slots=True)
class Found:
    """An order, as positions in the author's, and whether no legal order can be cheaper."""

    order: tuple[int, ...]
    exact: bool


def cheapest(problem: Problem, worth: int = 1, states: int = STATES, beam: int = BEAM) -> Found:
    """The cheapest legal order; of several, one with the fewest pairs out of the author's order.

    It is the author's if none saves `worth` (as `Problem.total` counts). Of what is found beyond
    `states` down-sets the cost is exact, the tie is not. Beyond that too, about `beam` of them are
    followed: `exact` is False, and the order no worse than the author's.
    """
    own = tuple(range(len(problem.cost)))
    most = problem.total(own) - worth
    if problem.least > most:
        return Found(own, exact=True)
    order = _search(problem, states, prune=None, eager=False)
    exact = order is not None
    if order is None:
        order = _search(problem, states, prune=None, eager=True)
        exact = order is not None
    if order is None:
        width = max(2, beam // len(problem.essential))
        order = _search(problem, states, prune=width, eager=True)
        assert order is not None
    whole = _settled(problem, _placed(problem, order))
    return Found(own if problem.total(whole) > most else whole, exact)


# The best way found to a place: what it costs, the pairs that it puts out of the author's order,
# and the order.
_Way = tuple[int, int, tuple[int, ...]]
# A down-set of the essential steps, and the rebuilds that have reached its end with a change.
_Place = tuple[int, int]


def _search(
    problem: Problem, states: int, *, prune: int | None, eager: bool
) -> tuple[int, ...] | None:
    """The best order of the essential steps; None when there are too many down-sets."""
    cost, weight, after = problem.cost, problem.weight, problem.after
    among = sum(1 << at for at in problem.essential)
    steps = [(at, 1 << at, problem.closed[at] & among) for at in problem.essential]
    level: dict[_Place, _Way] = {(0, problem.start): (0, 0, ())}
    met = 0
    for _ in steps:
        following: dict[_Place, _Way] = {}
        for (done, seen), (total, inverted, order) in level.items():
            told = _told(problem, done)
            ready = [(at, bit) for at, bit, needs in steps if not done & bit and not needs & ~done]
            if eager:
                calm = ((at, bit) for at, bit in ready if after(at, seen, told) == (seen, told))
                first = next(calm, None)
                ready = ready if first is None else [first]
            for at, bit in ready:
                now, _ = after(at, seen, told)
                costs = total + cost[at] * weight(now)
                passed = inverted + (among & ~done & (bit - 1)).bit_count()
                place = (done | bit, now)
                old = following.get(place)
                if old is None or (costs, passed) <= old[:2]:
                    new = (costs, passed, (*order, at))
                    if old is None or new < old:
                        following[place] = new
        met += len(following)
        if prune is None and met > states:
            return None
        if prune is not None and len(following) > prune:
            following = _promising(problem, following, among, prune)
        level = following
    return min(level.values())[2]


def _told(problem: Problem, done: int) -> int:
    """The rebuilds in which a setting among the steps of a down-set is new."""
    mask = problem.set_before
    for at in bits(done & problem.settings):
        mask |= problem.changes[at]
    return mask


def _promising(
    problem: Problem, level: dict[_Place, _Way], among: int, beam: int
) -> dict[_Place, _Way]:
    """The places whose cost so far, with the least that the rest must cost, is lowest."""

    def least(item: tuple[_Place, _Way]) -> tuple[int, int]:
        (done, seen), (total, inverted, _) = item
        rest = sum(
            problem.cost[at] * problem.weight(seen | problem.changes[at])
            for at in bits(among & ~done)
        )
        return total + rest, inverted

    return dict(nsmallest(beam, level.items(), key=least))


def _placed(problem: Problem, order: tuple[int, ...]) -> list[int]:
    """The other steps put in: each after the essential one it stands below, unless it is needed
    earlier, or itself needs something later."""
    whole: list[int] = []
    done = 0
    essential = set(problem.essential)
    rest = [at for at in range(len(problem.cost)) if at not in essential]
    anchors = {at: max((e for e in essential if e < at), default=-1) for at in rest}

    def put(at: int) -> None:
        nonlocal done
        whole.append(at)
        done |= 1 << at

    def settle() -> None:
        """Everything free whose place has come, in the author's order."""
        for at in rest:
            anchor = anchors[at]
            passed = anchor < 0 or done >> anchor & 1
            if not done >> at & 1 and passed and not problem.closed[at] & ~done:
                put(at)

    settle()
    for step in order:
        for at in rest:
            if problem.closed[step] >> at & 1 and not done >> at & 1:
                put(at)
        put(step)
        settle()
    return whole


def _settled(problem: Problem, order: list[int]) -> tuple[int, ...]:
    """The same with neighbours in the author's order wherever that costs nothing."""
    swapped = True
    while swapped:
        swapped, seen, told = False, problem.start, problem.set_before
        for i in range(len(order) - 1):
            first, second = order[i], order[i + 1]
            if first > second:
                now, then = (
                    _pair(problem, pair, seen, told) for pair in ((first, second), (second, first))
                )
                if then[0] <= now[0] and not then[1] & ~now[1]:
                    order[i], order[i + 1], swapped = second, first, True
            seen, told = problem.after(order[i], seen, told)
    return tuple(order)


def _pair(problem: Problem, pair: tuple[int, int], seen: int, told: int) -> tuple[int, int]:
    """What two steps cost in an order, and the rebuilds that go on from them with a change."""
    total = 0
    for at in pair:
        seen, told = problem.after(at, seen, told)
        total += problem.cost[at] * problem.weight(seen)
    return total, seen


def bits(mask: int) -> list[int]:
    """The positions of the bits that are set, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
