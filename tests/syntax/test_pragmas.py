"""Comments that speak to this program: what they are, and what only looks like one."""

from __future__ import annotations

import pytest

from reorder.syntax import pragmas
from reorder.syntax.parse import parse

IDS = ("order", "cache-mount")
FROM = "FROM a\n"


def wrong(text: str) -> list[tuple[int, str]]:
    return [(found.line, found.message) for found in pragmas.problems(parse(text), IDS)]


@pytest.mark.parametrize(
    "comment",
    [
        "# Reorder the layers",
        "# we reorder: nothing",
        "# reorder keep this in mind",
        "# reordered: off",
        "# hadolint ignore=DL3008",
        "#",
    ],
)
def test_prose_says_nothing(comment: str) -> None:
    file = parse(f"{FROM}{comment}\nRUN b\n")
    assert pragmas.pragmas(file.instructions[1]) == ()
    assert pragmas.off_line(file) is None
    assert wrong(str(file)) == []


def test_a_heredoc_says_nothing() -> None:
    text = f"{FROM}RUN <<E\n# reorder: off\n# reorder: of\nE\nRUN b\n"
    assert pragmas.off_line(parse(text)) is None
    assert wrong(text) == []


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# reorder: of", "did you mean `# reorder: off`?"),
        ("# reorder: kep", "did you mean `# reorder: keep`?"),
        ("# reorder:", "choose from `off`, `keep` and `ignore[ID,...]`"),
        ("# reorder: the steps below", "choose from"),
        ("# reorder: keep as it is", "write a `#` before what is not part of it"),
        ("# reorder: OFF", "write `off`, in small letters"),
        ("# Reorder: off", "without a blank before the colon"),
        ("# reorder : off", "without a blank before the colon"),
        ("# reorder off", "write `# reorder: off`"),
        ("# reorder=off", "write `# reorder: off`"),
        ("# reorder: ignore", "name transforms"),
        ("# reorder: ignore[]", "name transforms"),
        ("# reorder: ignore[order", "write a `#`"),
        ("# reorder: keep[order]", "`keep` takes no list"),
        ("# reorder: off[order]", "`off` takes no list"),
        ("# reorder: ignore[ordr]", "`ordr` is not a transform; did you mean 'order'?"),
        ("# reorder: ignore[x1]", "`x1` is not a transform; choose from order, cache-mount"),
    ],
)
def test_what_is_misspelt_is_told(comment: str, said: str) -> None:
    [(line, message)] = wrong(f"{FROM}\n{comment}\nRUN b\n")
    assert line == 3
    assert said in message


def test_the_lines_of_problems_are_those_of_the_file() -> None:
    run = "RUN <<E\nx\nE\n# b\n# reorder: kep\r\nRUN b\n"
    text = f"# syntax=a\n# reorder: of\n{FROM}{run}# reorder: a\n"
    assert [line for line, _ in wrong(text)] == [2, 8, 10]


@pytest.mark.parametrize("said", ["keep", "ignore[order]"])
def test_no_instruction_follows(said: str) -> None:
    [(line, message)] = wrong(f"{FROM}# reorder: {said}\n")
    assert (line, message) == (2, f"`# reorder: {said}` has no effect: no instruction follows")


def test_inside_an_instruction_it_would_be_overlooked() -> None:
    [(line, message)] = wrong(f"{FROM}RUN a \\\n# reorder: keep\n  && b\n")
    assert line == 3
    assert "put it above" in message


def test_a_reason_may_follow() -> None:
    file = parse(f"{FROM}#reorder:keep   # the proxy: needs # it\nRUN b\n")
    [found] = pragmas.pragmas(file.instructions[1])
    assert (found.kind, found.line) == ("keep", 1)
    assert wrong(str(file)) == []


def test_a_list_of_transforms() -> None:
    file = parse(f"{FROM}# b\n# reorder: ignore[ order,cache-mount, ]\n\nRUN b\n")
    [found] = pragmas.pragmas(file.instructions[1])
    assert (found.kind, found.line) == ("ignore", 2)
    assert found.ids == {"order", "cache-mount"}
    assert str(found) == "# reorder: ignore[cache-mount,order]"
    assert found.holds("order")
    assert not found.holds("split-run")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# reorder: off\nFROM a\n", 1),
        ("\ufeff# syntax=a\n# reorder: off\nFROM a\n", 2),
        ("FROM a\nRUN b \\\n c\n\n# reorder: off\r\nRUN c\n", 5),
        ("FROM a\n# reorder: off", 2),
        ("# reorder: off\n", 1),
    ],
)
def test_off_stands_in_any_line_of_its_own(text: str, line: int) -> None:
    assert pragmas.off_line(parse(text)) == line


def test_a_directive_below_a_comment_of_ours_is_none() -> None:
    hidden = parse("# reorder: off\n# x\n# syntax=docker/dockerfile:1\nFROM a\n")
    assert pragmas.hidden_directive(hidden) == "# syntax=docker/dockerfile:1"
    for text in (
        "# syntax=a\n# reorder: off\n# check=skip=all\nFROM a\n",
        "# x\n# syntax=a\nFROM a\n",
    ):
        assert pragmas.hidden_directive(parse(text)) is None
