"""Reading a build's progress. Needs no engine."""

from __future__ import annotations

import json

import pytest
from engine.builds import Build
from engine.steps import read_steps

RUN = "[2/3] RUN pip install -r requirements.txt"


def line(name: str, **fields: object) -> str:
    return json.dumps({"vertexes": [{"digest": name, "name": name, **fields}]})


def test_a_line_that_is_no_json_is_passed_over() -> None:
    assert read_steps(["WARNING: no output", ""]) == ()


def test_an_internal_step_is_no_instruction() -> None:
    (step,) = read_steps([line("[internal] load build context", cached=True)])
    assert step.instruction == ""


def test_the_last_report_of_a_step_counts() -> None:
    began = line(RUN, started="2026-01-02T03:04:05.5Z")
    ended = line(RUN, started="2026-01-02T03:04:05.5Z", completed="2026-01-02T03:04:07.123456789Z")
    (step,) = read_steps([began, ended])
    assert step.instruction == "RUN pip install -r requirements.txt"
    assert not step.cached
    assert step.seconds == pytest.approx(1.623456)


def test_a_cached_step_is_told_from_one_that_ran() -> None:
    steps = read_steps([line(RUN), line(RUN, cached=True), line("[3/3] COPY . .", cached=False)])
    assert [step.cached for step in steps] == [True, False]


def test_an_error_is_kept() -> None:
    (step,) = read_steps([line(RUN, error="exit code: 1")])
    assert step.error == "exit code: 1"


@pytest.mark.parametrize("text", ["npm ci", "RUN"])
def test_a_step_is_named_by_text_that_only_it_has(text: str) -> None:
    done = Build(1.0, read_steps([line(RUN), line("[3/3] RUN true")]))
    assert done.step("pip install").name == RUN
    with pytest.raises(LookupError):
        done.step(text)
