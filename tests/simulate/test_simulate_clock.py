"""The time of a build of which only some steps run, counted by hand."""

from __future__ import annotations

import pytest
from harness.made import facts

from reorder.context.volatile import Volatile
from reorder.cost.model import Model
from reorder.cost.rebuilds import by_class
from reorder.graph.stages import used_by
from reorder.simulate.clock import Clock

MOUNT = "--mount=type=cache,target=/go/pkg/mod"
GO = f"FROM golang:1.22\nWORKDIR /s\nCOPY go.mod .\nRUN {MOUNT} go mod download\nCOPY . .\n"
GO += f"RUN {MOUNT} go build ./...\n"
SIDES = "FROM a AS x\nRUN sleep 1\nFROM b AS y\nRUN make\nFROM c\nCOPY --from=x /1 /1\n"
SIDES += "COPY --from=y /2 /2\nRUN true\n"


def clock(text: str, *, lives_on: bool) -> Clock:
    known = facts(text, {"go.mod": "module a\n"})
    used = used_by(known.file, known.stages, known.stages[-1:])
    return Clock(known, used, Model(known, by_class(Volatile({}), "")), lives_on)


def test_nothing_runs() -> None:
    assert clock(GO, lives_on=True).wall(frozenset()) == 0.0


def test_a_mount_is_filled_by_the_step_before_it() -> None:
    fresh, old = clock(GO, lives_on=False), clock(GO, lives_on=True)
    download, build = 3, 5
    alone = fresh.wall(frozenset({build}))
    together = fresh.wall(frozenset({download, build}))
    assert together - fresh.alone(download) < alone
    assert together - fresh.alone(download) == pytest.approx(old.wall(frozenset({build})))


def test_stages_that_do_not_wait_run_side_by_side() -> None:
    one = clock(SIDES, lives_on=True)
    x, y, last = 1, 3, 7
    assert one.wall(frozenset({x, y, last})) == pytest.approx(
        max(one.alone(x), one.alone(y)) + one.alone(last)
    )


def test_a_stage_that_nobody_needs_takes_no_time() -> None:
    one = clock("FROM a AS x\nRUN make\nFROM b\nRUN true\n", lives_on=True)
    assert one.wall(frozenset({1, 3})) == one.alone(3)


def test_the_slowest_of_the_stages_that_an_argument_chooses_from() -> None:
    text = (
        "ARG K=x\nFROM a AS run-x\nRUN make\nFROM a AS run-y\nRUN true\nFROM run-${K}\nRUN true\n"
    )
    one = clock(text, lives_on=True)
    assert one.wall(frozenset({2, 4, 6})) == pytest.approx(one.alone(2) + one.alone(6))
