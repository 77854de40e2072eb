"""The numbers of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fleet.made_rows import ROWS, changed, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from reorder.fleet.pages.figures import figures
from reorder.fleet.row import Row


def test_no_rows_have_no_numbers() -> None:
    found = figures([])
    assert (found.hours, found.middle, found.gains, found.left) == (0.0, 0.0, (), ())
    assert dict(found.status) == dict.fromkeys(dict(found.status), 0)


def test_repositories_are_counted_by_status() -> None:
    assert dict(figures(ROWS).status) == {
        "changed": 2,
        "unchanged": 1,
        "refused": 1,
        "error": 1,
        "timeout": 1,
    }


def test_hours_are_summed_and_the_largest_stand_first() -> None:
    found = figures([changed("a", 1), changed("b", 5), changed("c", 3)])
    assert found.hours == pytest.approx(9)
    assert found.middle == pytest.approx(3)
    assert [gain.row.repo[-1] for gain in found.gains] == ["b", "c", "a"]


def test_what_was_not_changed_saves_nothing() -> None:
    assert figures([replace(ROWS[0], status="error")]).hours == 0


def test_a_loss_is_counted_as_one() -> None:
    assert figures([changed("a", 5), changed("b", -2)]).hours == pytest.approx(3)


def test_replays_are_told_from_estimates() -> None:
    saving = ROWS[0].saving
    assert saving is not None
    found = figures([replace(ROWS[0], saving=replace(saving, source="simulation")), ROWS[1]])
    assert found.measured == 1


def test_transforms_are_counted_with_what_they_left() -> None:
    first, order = figures(ROWS).uses
    assert (first.id, first.changes, first.repos, first.refusals) == ("manifest-first", 2, 2, 0)
    assert (order.id, order.changes, order.refusals, order.refused_repos) == ("order", 0, 3, 2)


def test_what_stands_in_the_way_is_grouped_over_repositories() -> None:
    opaque, base = figures(ROWS).left
    assert (opaque.repos, opaque.names) == (2, (("./build.sh", 1), ("make", 1)))
    assert opaque.example.where == "app/Dockerfile:7"
    assert base.repos == 1


def test_each_status_has_its_reasons() -> None:
    found = figures(ROWS)
    assert [kind.text for kind in found.refused] == ["archived"]
    assert [kind.example.repo for kind in found.failed] == ["host/team/gone"]
    assert [kind.text for kind in found.slow] == ["took longer than … s"]


def test_two_versions_in_one_run_are_seen() -> None:
    assert figures([ROWS[0], replace(ROWS[1], version="2.0")]).versions == ("1.0", "2.0")


@settings(deadline=None)
@given(st.lists(rows, max_size=4), st.randoms())
def test_the_order_of_rows_does_not_count(some: list[Row], random: object) -> None:
    unique = list({row.repo: row for row in some}.values())
    assert figures(unique) == figures(unique[::-1])
