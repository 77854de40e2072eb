"""Drafts: what moves, what stays, and which line each instruction stands for."""

from __future__ import annotations

import pytest

from reorder.syntax.parse import parse
from reorder.transforms.draft import Draft, blank_lines, has_pragma
from reorder.transforms.layout import broken

TEXT = "FROM a\n\n# one\nRUN one\n\n# two\nRUN two\n\n# three\nRUN three\nRUN four\n"


def drafted(text: str) -> Draft:
    file = parse(text)
    return Draft.of(file, [node.line for node in file.instructions])


def test_nothing_moved_is_the_same_text() -> None:
    moved = drafted(TEXT)
    assert str(moved.build()) == TEXT
    assert moved.lines == (1, 4, 7, 10, 11)


def test_comments_travel_and_paragraphs_stay_apart() -> None:
    moved = drafted(TEXT).move_up([3], 1)
    assert str(moved.build()) == (
        "FROM a\n\n# three\nRUN three\n\n# one\nRUN one\n\n# two\nRUN two\n\nRUN four\n"
    )
    assert moved.lines == (1, 10, 4, 7, 11)


def test_one_paragraph_stays_one() -> None:
    moved = drafted("FROM a\n\nRUN one\nRUN two\n").move_up([2], 1)
    assert str(moved.build()) == "FROM a\n\nRUN two\nRUN one\n"


def test_what_comes_before_a_paragraph_opens_one() -> None:
    moved = drafted("FROM a\n\nRUN one\n\nRUN x\nRUN two\n").move_up([3], 1)
    assert str(moved.build()) == "FROM a\n\nRUN two\n\nRUN one\n\nRUN x\n"


def test_one_comment_above_two_copies_stays_above_them() -> None:
    moved = drafted("FROM a\n\n# both\nCOPY a b\nCOPY --from=c d e\nRUN x\n").move_up([2], 1)
    assert str(moved.build()) == "FROM a\n\n# both\nCOPY --from=c d e\nCOPY a b\nRUN x\n"


def test_new_instructions_stand_for_the_line_they_serve() -> None:
    moved = drafted(TEXT).insert(2, ["COPY a b", "COPY c d"], 7, "\n")
    assert moved.lines == (1, 4, 7, 7, 7, 10, 11)
    assert "\nCOPY a b\nCOPY c d\n\n# two\nRUN two\n" in str(moved.build())


def test_line_endings_of_the_file() -> None:
    moved = drafted("FROM a\r\nRUN one").insert(1, ["COPY a b"], 2)
    assert str(moved.build()) == "FROM a\r\nCOPY a b\r\nRUN one"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN --mount=type=cache,target=/c a\n", id="short"),
        pytest.param("RUN a \\\n  && b\n", id="no flag"),
        pytest.param(f"RUN --mount=type=cache,target=/{'c' * 99} <<E\nx\nE\n", id="heredoc"),
    ],
)
def test_lines_that_are_not_broken(text: str) -> None:
    (node,) = parse("FROM a\n" + text).instructions[1:]
    assert broken(node, "\n").text == text


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param(
            "RUN --mount=type=cache,target=/c a \\\n  && b\n",
            "RUN --mount=type=cache,target=/c \\\n  a \\\n  && b\n",
            id="the author's indent",
        ),
        pytest.param(
            "RUN --mount=type=cache,target=/c --mount=type=cache,target=/d a\n",
            "RUN --mount=type=cache,target=/c \\\n    --mount=type=cache,target=/d \\\n    a\n",
            id="two mounts",
        ),
    ],
)
def test_lines_that_are_broken(text: str, want: str) -> None:
    (node,) = parse("FROM a\n" + text).instructions[1:]
    assert broken(node, "\n").text == want


def test_pragmas_and_blank_lines() -> None:
    assert has_pragma("# hadolint ignore=DL3008\n")
    assert not has_pragma("# the packages\n")
    assert blank_lines("\n  \n# x\n\n") == "\n  \n"
