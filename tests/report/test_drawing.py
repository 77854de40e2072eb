from __future__ import annotations

import random

from harness.made import facts

from reorder.report.drawing import Arrow, Drawing, drawing, reduced

FILES = {"requirements.txt": "flask==3.0.0\n", "main.py": ""}
TWO_STAGES = """\
ARG VERSION=3.12
ARG UNUSED=1
FROM python:${VERSION} AS build
ARG VERSION
ARG UNUSED=2
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt

FROM build AS test
FROM debian:12
COPY --from=build /app /srv
COPY --from=build /etc/a /etc/b /etc/
RUN --mount=type=bind,from=test,source=/t,target=/t ls
COPY --from=alpine:3 /x /x
"""


def drawn(text: str) -> Drawing:
    return drawing(facts(text, FILES))


def into(drawing: Drawing, line: int) -> list[Arrow]:
    boxes = {box.at: box.line for group in drawing.groups for box in group.boxes}
    return [arrow for arrow in drawing.arrows if boxes[arrow.to] == line]


def test_an_image_that_is_no_stage_has_no_arrow() -> None:
    assert all(arrow.group is None for arrow in into(drawn(TWO_STAGES), 15))


def test_an_argument_with_its_own_default_takes_no_global_value() -> None:
    assert [arrow.kind for arrow in into(drawn(TWO_STAGES), 5)] == ["base"]


def test_stages_are_groups_and_arguments_stand_above() -> None:
    found = drawn(TWO_STAGES)
    assert [box.text for box in found.arguments] == ["ARG VERSION=3.12", "ARG UNUSED=1"]
    assert [(group.index, group.name, group.image) for group in found.groups] == [
        (0, "build", "python:${VERSION}"),
        (1, "test", "build"),
        (2, None, "debian:12"),
    ]
    assert [box.line for box in found.groups[0].boxes] == [3, 4, 5, 6, 7, 8]


def test_global_arguments_lead_to_what_uses_them() -> None:
    found = drawn(TWO_STAGES)
    assert into(found, 3) == [Arrow("argument", 2, 0, None, "$VERSION")]
    assert Arrow("argument", 3, 0, None, "$VERSION") in into(found, 4)


def test_stages_lead_to_what_takes_from_them() -> None:
    found = drawn(TWO_STAGES)
    assert into(found, 10) == [Arrow("stage", 8, None, 0, "the whole image")]
    across = [arrow for line in (12, 13, 14) for arrow in into(found, line) if arrow.box is None]
    assert [(arrow.kind, arrow.group, arrow.label) for arrow in across] == [
        ("copy", 0, "/app"),
        ("copy", 0, "/etc/a and /etc/b"),
        ("mount", 1, "/t"),
    ]


def test_arrows_within_a_stage_name_the_resource() -> None:
    text = (
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nENV A=1\n"
    )
    assert drawn(text).arrows == (
        Arrow("base", 1, 0),
        Arrow("reads", 2, 1, None, "the working directory"),
        Arrow("reads", 3, 2, None, "/app/requirements.txt"),
        Arrow("base", 4, 0),
    )


def test_a_file_without_from_is_drawn() -> None:
    assert drawn("ARG A=1\n").groups == ()


def test_reduction_keeps_what_can_be_reached_and_nothing_that_is_implied() -> None:
    chance = random.Random(7)
    for _ in range(200):
        size = chance.randint(2, 9)
        pairs = [(a, b) for b in range(size) for a in range(b) if chance.random() < 0.4]
        kept = [(a, b) for b, sources in reduced(pairs).items() for a in sources]
        assert set(kept) <= set(pairs)
        assert closure(kept, size) == closure(pairs, size)
        for edge in kept:
            assert closure([other for other in kept if other != edge], size) != closure(pairs, size)


def closure(edges: list[tuple[int, int]], size: int) -> set[tuple[int, int]]:
    found = set(edges)
    for middle in range(size):
        for a in range(size):
            found |= {(a, b) for b in range(size) if {(a, middle), (middle, b)} <= found}
    return found
