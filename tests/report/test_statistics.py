from __future__ import annotations

from reorder.report.statistics import MOST, render
from reorder.result import Advice, Change, Estimate, Refusal, Result


def refused(*reasons: str) -> Result:
    told = tuple(Refusal("order", at + 1, reason) for at, reason in enumerate(reasons))
    return Result("x", ".", "unchanged", "a", "a", refusals=told)


def test_nothing_found_is_a_row_of_zeros() -> None:
    assert render([]).splitlines() == [
        "transform           changes   advice refusals",
        "all                       0        0        0",
    ]


def test_an_unchanged_file_saves_nothing() -> None:
    same = Result("x", ".", "unchanged", "a", "a", estimate=Estimate(9, 9, 0))
    assert "saved" not in render([same])


def test_what_would_be_slower_saves_nothing() -> None:
    slower = Result("x", ".", "changed", "a", "b", estimate=Estimate(9, 10, 0))
    assert "saved each time: 0 s" in render([slower])


def test_counts_are_by_transform_in_their_order() -> None:
    changed = Result(
        "x", ".", "changed", "a", "b",
        (Change("cache-mount", 2, "safe", "m"), Change("cache-mount", 3, "safe", "m")),
        (Refusal("order", 1, "why"),), (Advice("order", 1, "m"),),
        estimate=Estimate(48, 9, 500),
    )  # fmt: skip
    assert render([changed, changed]).splitlines() == [
        "transform           changes   advice refusals",
        "order                     0        2        2",
        "cache-mount               4        0        0",
        "all                       4        2        2",
        "",
        "refusals  reason",
        "       2  why",
        "",
        "expected rebuilds of 2 changed files: 96 s -> 18 s",
        "saved each time: 78 s",
    ]


def test_refusals_that_differ_in_names_only_are_one_kind() -> None:
    told = render([refused("`make all` is not understood: it", "`./x` is not understood: it")])
    assert "       2  `…` is not understood: it may read and write anything" in told


def test_rare_kinds_are_counted_together() -> None:
    words = "one two three four five six seven eight nine ten eleven twelve".split()
    told = render([refused(*words)])
    assert f"       {len(words) - MOST}  {len(words) - MOST} more kinds" in told


def test_nothing_from_a_file_reaches_the_terminal_raw() -> None:
    assert "\x1b" not in render([refused("\x1b[2J")])
