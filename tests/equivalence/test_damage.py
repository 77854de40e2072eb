"""The damage that judges the checker is itself as it should be."""

from __future__ import annotations

from harness.damage import damages, split

TEXT = """\
# syntax=docker/dockerfile:1
FROM a AS b

RUN --mount=type=cache,target=/c xx \\
    # note
    && y
COPY <<E /f
RUN not this
E
FROM c
COPY --from=b /f /f
CMD ["dd"]
"""


def test_a_text_is_cut_into_instructions() -> None:
    assert "".join(piece.text for piece in split(TEXT)) == TEXT
    keywords = [piece.keyword for piece in split(TEXT) if piece.keyword]
    assert keywords == ["from", "run", "copy", "from", "copy", "cmd"]


def test_damage_is_always_the_same_and_never_none() -> None:
    assert damages(TEXT, 1) == damages(TEXT, 1)
    assert all(text != TEXT for _, text in damages(TEXT))
    names = [name for name, _ in damages(TEXT)]
    assert len(names) == len(set(names))
    for wanted in (
        "line 4, RUN: dropped",
        "line 4, RUN: doubled",
        "line 4, RUN: the mount gone",
        "line 4, RUN: another mount target",
        "line 4, RUN: a word altered",
        "line 7, COPY: another owner",
        "line 11, COPY: another destination",
        "line 12, CMD: dropped",
    ):
        assert wanted in names
