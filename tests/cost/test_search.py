"""The cheapest legal order, against every legal order of small problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from reorder.cost.search import Problem, bits, cheapest


def legal(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every order that keeps what must stay above."""
    for order in permutations(range(len(problem.cost))):
        done = 0
        for at in order:
            if problem.before[at] & ~done:
                break
            done |= 1 << at
        else:
            yield order


def chosen(problem: Problem, steps: Sequence[int]) -> Problem:
    """Some steps of a problem, in an order of their own."""
    place = {at: i for i, at in enumerate(steps)}

    def moved(mask: int) -> int:
        return sum(1 << place[at] for at in bits(mask) if at in place)

    return Problem(
        tuple(problem.cost[at] for at in steps),
        tuple(problem.changes[at] for at in steps),
        problem.weights,
        tuple(moved(problem.closed[at]) for at in steps),
        problem.start,
        moved(problem.settings),
        moved(problem.readers),
        problem.set_before,
    )


def inverted(order: tuple[int, ...]) -> int:
    """The pairs out of the author's order."""
    return sum(a > b for i, a in enumerate(order) for b in order[i + 1 :])


@st.composite
def problems(draw: st.DrawFn, most: int = 6) -> Problem:
    count = draw(st.integers(0, most))
    masks = st.sampled_from([0, 0, 0, 1, 2, 4, 3, 6, 7])
    steps = st.integers(0, (1 << count) - 1)
    kinds = draw(st.lists(st.sampled_from("frs"), min_size=count, max_size=count))
    costs = [draw(st.sampled_from([0, 0, 100, 1000, 5000])) for _ in kinds]
    return Problem(
        cost=tuple(0 if kind == "s" else cost for kind, cost in zip(kinds, costs, strict=True)),
        changes=tuple(draw(masks) for _ in kinds),
        weights=(1, 3, 5),
        before=tuple(draw(steps) & draw(steps) & ((1 << at) - 1) for at in range(count)),
        start=draw(st.sampled_from([0, 0, 1])),
        settings=sum(1 << at for at, kind in enumerate(kinds) if kind == "s"),
        readers=sum(1 << at for at, kind in enumerate(kinds) if kind == "r"),
        set_before=draw(st.sampled_from([0, 0, 2])),
    )


def test_nothing_to_order() -> None:
    assert cheapest(Problem((), (), (1,), ())).order == ()


def test_what_costs_the_same_anywhere_stays() -> None:
    assert cheapest(Problem((100, 100, 0), (0, 0, 0), (1,), (0, 0, 0))).order == (0, 1, 2)
    assert cheapest(Problem((100, 100), (1, 1), (1,), (0, 0))).order == (0, 1)


def test_a_dependency_holds_whatever_it_costs() -> None:
    assert cheapest(Problem((0, 9000), (1, 0), (1,), (0, 1))).order == (0, 1)


def test_a_costly_step_rises_and_what_stands_beside_stays() -> None:
    # COPY, ENV, RUN that needs the ENV, CMD
    problem = Problem((100, 0, 9000, 0), (1, 0, 0, 0), (1,), (0, 0, 0b10, 0))
    assert cheapest(problem).order == (1, 2, 0, 3)


def test_the_order_of_two_that_change_apart_depends_on_both() -> None:
    # Two pairs of copy and install: 1 of 9 rebuilds changes the second, 3 of 9 the first.
    first = Problem((0, 4000, 0, 4000), (2, 0, 1, 0), (1, 3, 5), (0, 1, 0, 4))
    assert cheapest(first).order == (2, 3, 0, 1)


def test_a_tie_is_no_tie_when_what_follows_would_see_more() -> None:
    # ENV, a RUN that costs nothing, COPY: the RUN hands a new ENV on to what stands below it.
    problem = Problem((0, 0, 1000), (1, 0, 0), (1,), (0, 0, 2), settings=1, readers=2)
    assert cheapest(problem).order == (1, 0, 2)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(problems())
def test_no_legal_order_is_cheaper_and_of_the_cheapest_few_are_nearer(problem: Problem) -> None:
    found = cheapest(problem)
    orders = list(legal(problem))
    assert found.exact
    assert found.order in orders
    assert problem.total(found.order) == min(map(problem.total, orders))
    essential = chosen(problem, problem.essential)
    ranked = [problem.essential.index(at) for at in found.order if at in problem.essential]
    best = min((problem_total, inverted(order)) for order in legal(essential)
               for problem_total in [essential.total(order)])  # fmt: skip
    assert (essential.total(ranked), inverted(tuple(ranked))) == best


@settings(max_examples=200, derandomize=True, deadline=None)
@given(problems())
def test_with_few_states_the_order_is_legal_and_not_worse(problem: Problem) -> None:
    own = problem.total(range(len(problem.cost)))
    for states in (0, 3, 8):
        found = cheapest(problem, states=states, beam=2)
        assert found.order in set(legal(problem))
        assert problem.total(found.order) <= own
        if found.exact:
            assert problem.total(found.order) == min(map(problem.total, legal(problem)))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(problems())
def test_the_answer_is_its_own_answer(problem: Problem) -> None:
    order = cheapest(problem).order
    again = chosen(problem, order)
    assert cheapest(again).order == tuple(range(len(order)))


def test_many_independent_steps_are_answered_with_a_bound() -> None:
    count = 40
    problem = Problem(
        cost=tuple(100 + 37 * at % 900 for at in range(count)),
        changes=tuple(1 << at for at in range(count)),
        weights=(1,) * count,
        before=(0,) * count,
    )
    found = cheapest(problem)
    assert not found.exact
    assert problem.total(found.order) < problem.total(range(count))
