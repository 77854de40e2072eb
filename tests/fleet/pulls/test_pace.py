"""`--max-prs-per-hour`, in a time of its own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from reorder.fleet.pulls.contract import Pull
from reorder.fleet.pulls.pace import HOUR, Pace

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


class Clock:
    def __init__(self) -> None:
        self.now = START.timestamp()
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def pull(clock: Clock, number: int) -> Pull:
    created = datetime.fromtimestamp(clock.now, timezone.utc)
    return Pull(f"https://f/{number}", number, "open", "created", created)


def pace(clock: Clock, most: int | None, *earlier: tuple[str, datetime]) -> Pace:
    return Pace(most, earlier, clock=lambda: clock.now, sleep=clock.sleep)


def test_without_a_limit_nothing_waits() -> None:
    clock = Clock()
    one = pace(clock, None)
    for number in range(1000):
        one.wait()
        one.note(pull(clock, number))
    assert clock.slept == []


def test_no_hour_has_more_than_the_limit() -> None:
    clock = Clock()
    one, times = pace(clock, 3), []
    for number in range(20):
        one.wait()
        times.append(clock.now)
        one.note(pull(clock, number))
        clock.now += 60
    assert all(later - first >= HOUR for first, later in zip(times, times[3:], strict=False))
    assert len(clock.slept) == 6  # as few as that takes


@pytest.mark.parametrize(("minutes", "waits"), [(30, [1800.0]), (61, [])])
def test_what_an_earlier_run_opened_counts(minutes: int, waits: list[float]) -> None:
    clock = Clock()
    pace(clock, 1, ("https://f/1", START - timedelta(minutes=minutes))).wait()
    assert clock.slept == waits


def test_after_more_than_the_limit_all_of_it_waits() -> None:
    clock = Clock()
    earlier = [(f"https://f/{m}", START - timedelta(minutes=m)) for m in (50, 20, 10)]
    assert pace(clock, 2, *earlier).delay() == 40 * 60


def test_one_that_is_met_again_counts_once() -> None:
    clock = Clock()
    one = pace(clock, 2, ("https://f/1", START))
    one.note(pull(clock, 1))
    assert one.delay() == 0
    one.note(pull(clock, 2))
    assert one.delay() == HOUR


def test_a_clock_that_is_behind_the_forge_s_waits_a_little_longer() -> None:
    clock = Clock()
    assert pace(clock, 1, ("https://f/1", START + timedelta(seconds=9))).delay() == HOUR + 9
