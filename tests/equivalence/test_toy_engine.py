"""Whenever the checker says "the same", a concrete engine comes to the same image."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from harness.toy import CONTEXT, TOOLS, Failed, Machine, effects
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.equivalence import runs
from reorder.equivalence.check import Proof, check

START = ["WORKDIR /app"]
LINES = [
    "COPY a ./",
    "COPY a b ./",
    "COPY d d",
    "COPY d/x d/",
    "COPY . .",
    "COPY d /data/d/",
    "COPY d/e d/e",
    "COPY --chown=7:7 b ./",
    "COPY --chown=7:7 . .",
    "COPY --chown=7:7 d /opt/own/d",
    "COPY b /opt/own/",
    "COPY a /app/out/",
    "COPY a /etc/conf",
    "ENV K=1",
    "ENV L=2",
    "ARG K=3",
    "LABEL one=1",
    "LABEL one=2",
    "USER 7",
    "USER 0",
    "WORKDIR /data",
    "WORKDIR /app",
    "WORKDIR deep/er",
    "RUN anything",
    "RUN system",
    *(f"RUN {name}" for name in TOOLS),
]
CONTEXT_FILES = build_context(Project.of(CONTEXT, tracked=CONTEXT), "Dockerfile")


@pytest.fixture(autouse=True)
def toy_effects() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "run_effects", effects)
        yield


def concrete(lines: list[str]) -> object:
    return Machine().run(lines).image()


def text(lines: list[str]) -> str:
    return "\n".join(["FROM debian:12", *lines, ""])


def proved(before: list[str], after: list[str]) -> bool:
    return isinstance(check(text(before), text(after), CONTEXT_FILES), Proof)


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A program, and the same with instructions moved, doubled or dropped."""
    before = draw(st.lists(st.sampled_from(LINES), min_size=2, max_size=8))
    after = list(before)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(after) - 1))
        match draw(st.sampled_from(["move", "move", "move", "copy", "drop"])):
            case "move":
                after.insert(draw(st.integers(0, len(after) - 1)), after.pop(place))
            case "copy":
                after.insert(draw(st.integers(0, len(after))), draw(st.sampled_from(LINES)))
            case "drop" if len(after) > 1:
                after.pop(place)
    return [*START, *before], [*START, *after]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(programs())
def test_what_is_proved_is_the_same_image(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    assume(before != after)
    try:
        wanted = concrete(before)
    except Failed:
        assume(False)
    if proved(before, after):
        event("proved")
        assert concrete(after) == wanted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["COPY . .", "RUN one"], ["COPY a ./", "RUN one", "COPY . ."]),
        (["COPY . .", "RUN one", "RUN two"], ["COPY a b ./", "RUN two", "RUN one", "COPY . ."]),
        (["COPY . .", "RUN system"], ["RUN system", "COPY . ."]),
        (["ENV L=2", "COPY a ./", "RUN one"], ["COPY a ./", "RUN one", "ENV L=2"]),
        (["COPY d d", "COPY a ./"], ["COPY a ./", "COPY d d"]),
        (["COPY . .", "RUN anything"], ["COPY d d", "COPY . .", "RUN anything"]),
        (["LABEL one=1", "RUN anything"], ["RUN anything", "LABEL one=1"]),
    ],
    ids=[
        "subset first", "independent tools", "system first", "ENV that no tool reads",
        "independent copies", "copied twice", "label",
    ],
)  # fmt: skip
def test_independent_steps_may_change_places(before: list[str], after: list[str]) -> None:
    assert proved([*START, *before], [*START, *after])
    assert concrete([*START, *before]) == concrete([*START, *after])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["COPY . .", "RUN edit"], ["COPY a ./", "RUN edit", "COPY . ."]),
        (["COPY . .", "RUN drop"], ["COPY d d", "RUN drop", "COPY . ."]),
        (["COPY . .", "RUN one"], ["COPY b ./", "RUN one", "COPY . ."]),
        (["COPY . .", "COPY a /app/out/", "RUN one"], ["COPY . .", "RUN one", "COPY a /app/out/"]),
        (["ARG K=3", "COPY b ./", "RUN two"], ["COPY b ./", "RUN two", "ARG K=3"]),
        (["COPY a ./", "RUN one", "RUN three"], ["COPY a ./", "RUN three", "RUN one"]),
        (["COPY --chown=7:7 b ./", "RUN anything"], ["COPY b ./", "RUN anything"]),
        (["USER 7", "WORKDIR deep/er"], ["WORKDIR deep/er", "USER 7"]),
        (["COPY a ./", "RUN one"], ["COPY a ./", "RUN one", "RUN one"]),
    ],
    ids=[
        "edited file is put back", "deleted file is put back", "input missing",
        "copy over an output", "argument read", "output read", "owner", "folder's owner", "twice",
    ],
)  # fmt: skip
def test_dependent_steps_may_not(before: list[str], after: list[str]) -> None:
    assert not proved([*START, *before], [*START, *after])


def test_the_toy_engine_tells_orders_apart() -> None:
    one = concrete([*START, "COPY . .", "RUN edit"])
    assert one != concrete([*START, "COPY a ./", "RUN edit", "COPY . ."])
