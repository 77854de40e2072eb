"""What the graph allows the checker proves, and a small engine builds the same image from it."""

from __future__ import annotations

from functools import partial

from harness.made import context
from harness.orders import CONTEXT, Pick, dockerfile, legal_order
from harness.smallengine import build
from harness.smallfs import Failed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reorder.equivalence.check import Objection, check
from reorder.graph.facts import derive
from reorder.syntax.parse import parse

FILES = context(CONTEXT)
ARGUMENTS: tuple[dict[str, str], ...] = ({}, {"K": "/k", "L": "12", "V": "x"})


def picker(data: st.DataObject) -> Pick[object]:
    return lambda members: data.draw(st.sampled_from(members))


def instructions(text: str) -> list[str]:
    return [node.text.rstrip("\n") for node in parse(text).instructions]


def images(text: str, arguments: dict[str, str]) -> list[object] | None:
    """What a build gives; None: it fails."""
    try:
        return build(instructions(text), arguments)
    except Failed:
        return None


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_every_legal_order_is_proved_and_is_the_same(data: st.DataObject) -> None:
    text = dockerfile(picker(data))
    file = parse(text)
    if file.problems or isinstance(check(text, text, FILES), Objection):
        return
    other = legal_order(picker(data), derive(file, FILES))
    assert not isinstance(check(text, other, FILES), Objection)
    for wanted, made in zip(
        *(map(partial(images, t), ARGUMENTS) for t in (text, other)), strict=True
    ):
        assert wanted is None or made == wanted


def test_the_engine_tells_orders_apart() -> None:
    lines = ["FROM debian:12", "COPY a /app/", "RUN echo hi > /app/a"]
    assert build(lines, {}) != build([lines[0], lines[2].replace("/app/a", "/a"), lines[1]], {})
    swapped = ["FROM debian:12", "RUN mkdir -p /app", "RUN echo hi > /app/a", "COPY a /app/"]
    kept = ["FROM debian:12", "RUN mkdir -p /app", "COPY a /app/", "RUN echo hi > /app/a"]
    assert build(swapped, {}) != build(kept, {})
