"""Which steps of a build ran, read from its log."""

from __future__ import annotations

import json

import pytest

from reorder.verify.buildah_log import steps as buildah_steps
from reorder.verify.steps import Step, buildkit_steps

PLAIN = """\
#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s
#4 [1/3] FROM docker.io/library/python:3.12
#4 DONE 0.1s
#5 [2/3] COPY . .
#5 CACHED
#6 [3/3] RUN make
#6 1.1 hello
#6 DONE 2.5s
"""


def told(steps: tuple[Step, ...]) -> list[tuple[str, bool, float | None]]:
    return [(step.text, step.cached, step.seconds) for step in steps]


@pytest.mark.parametrize("text", ["", "no log at all", '{"vertexes": broken'])
def test_what_is_no_log_has_no_steps(text: str) -> None:
    assert buildkit_steps(text.splitlines()) == ()


def test_plain() -> None:
    steps = buildkit_steps(PLAIN.splitlines())
    assert told(steps) == [("COPY . .", True, None), ("RUN make", False, 2.5)]


def test_all_cached() -> None:
    log = PLAIN.replace("#6 DONE 2.5s", "#6 CACHED")
    assert [step.cached for step in buildkit_steps(log.splitlines())] == [True, True]


def test_rawjson() -> None:
    vertexes = [
        {"digest": "a", "name": "[1/3] FROM x"},
        {"digest": "b", "name": "[2/3] COPY . .", "cached": True},
        {
            "digest": "c",
            "name": "[3/3] RUN make",
            "started": "2026-01-02T03:04:05.5Z",
            "completed": "2026-01-02T03:04:07Z",
        },
    ]
    lines = ["a warning", *(json.dumps({"vertexes": [vertex]}) for vertex in vertexes)]
    assert told(buildkit_steps(lines)) == [("COPY . .", True, None), ("RUN make", False, 1.5)]


BUILDAH = """\
[1/2] STEP 1/3: FROM golang AS build
[1/2] STEP 2/3: COPY . .
--> Using cache 0123456789abcdef
--> 0123456789a
[1/2] STEP 3/3: RUN make
STEP 9
--> 5f1d2e3c4b5
[2/2] STEP 1/2: FROM debian
[2/2] STEP 2/2: CMD ["x"]
"""


def test_buildah() -> None:
    steps = buildah_steps(BUILDAH.splitlines())
    assert told(steps) == [("COPY . .", True, None), ("RUN make", False, None)]
    assert [step.logged.stage for step in steps] == ["stage-1", "stage-1"]


def test_buildah_with_one_stage() -> None:
    (step,) = buildah_steps(["STEP 1/2: FROM x", "STEP 2/2: RUN make"])
    assert (step.text, step.logged.stage, step.logged.at) == ("RUN make", "", 2)


def test_a_step_from_a_registry_cache_is_cached_although_it_was_downloaded() -> None:
    began, pulled = "2026-01-02T03:04:05Z", "2026-01-02T03:04:09Z"
    vertex = {"digest": "a", "name": "[2/2] RUN make", "started": began}
    lines = [
        json.dumps({"vertexes": [vertex | {"completed": began, "cached": True}]}),
        json.dumps({"vertexes": [vertex | {"completed": pulled}]}),
    ]
    assert told(buildkit_steps(lines)) == [("RUN make", True, None)]


def test_the_same_in_a_plain_log() -> None:
    log = PLAIN.replace("#6 1.1 hello", "#6 extracting sha256:0123 0.9s done")
    assert [step.cached for step in buildkit_steps(log.splitlines())] == [True, True]
