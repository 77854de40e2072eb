"""Taking words out of an instruction, and putting words in, in the author's layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syntax.grammar import dockerfiles

from reorder.syntax.addresses import addressed
from reorder.syntax.edit import delete, replace
from reorder.syntax.nodes import Instruction
from reorder.syntax.parse import parse


def one(text: str) -> Instruction:
    return parse("FROM a\n" + text).instructions[1]


def span(instruction: Instruction, words: str) -> tuple[int, int]:
    text, _ = addressed(instruction)
    start = text.index(words)
    return start, start + len(words)


@pytest.mark.parametrize("wrong", [(-1, 2), (3, 2), (0, 99)])
def test_impossible_spans(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no such span"):
        delete(one("RUN abc\n"), wrong)


def test_a_span_from_the_command_line_into_a_body() -> None:
    run = one("RUN cat <<E\nx\nE\n")
    with pytest.raises(ValueError, match="crosses"):
        delete(run, span(run, "E\nx"))


def test_an_edit_that_breaks_the_instruction() -> None:
    run = one("RUN cat <<E\nx\nE\n")
    with pytest.raises(ValueError, match="unknown instruction"):
        delete(run, span(run, "<<E"))
    with pytest.raises(ValueError, match="unterminated heredoc F"):
        replace(run, span(run, "<<E"), "<<F")


def test_nothing_to_do() -> None:
    run = one("RUN a  b \\\n  c\n")
    assert delete(run, (2, 2)) == run


@pytest.mark.parametrize(
    ("text", "words", "result"),
    [
        pytest.param("RUN a --x b\n", "--x", "RUN a b\n", id="one blank stays"),
        pytest.param("RUN a   --x   b\n", "--x", "RUN a   b\n", id="blanks before it stay"),
        pytest.param("RUN a b\n", "b", "RUN a\n", id="no blank at the end"),
        pytest.param("RUN a b", "b", "RUN a", id="no final newline"),
        pytest.param("RUN a b\n", "a", "RUN b\n", id="first word"),
        pytest.param("RUN a\n", "a", "RUN\n", id="the only word"),
        pytest.param("RUN x --y; z\n", "--y", "RUN x; z\n", id="before a semicolon"),
        pytest.param("RUN (x --y)\n", "--y", "RUN (x)\n", id="before a bracket"),
        pytest.param(
            "RUN a \\\n  b c \\\n  d\n", "b", "RUN a \\\n  c \\\n  d\n", id="indent stays"
        ),
        pytest.param("RUN a \\\n  b c \\\n  d\n", "c", "RUN a \\\n  b \\\n  d\n", id="line end"),
        pytest.param("RUN a \\\n  b \\\n  c\n", "b", "RUN a \\\n  c\n", id="a line of its own"),
        pytest.param("RUN a \\\n  b \\\n  c\n", "c", "RUN a \\\n  b\n", id="the last line"),
        pytest.param("RUN a \\\n  b \\\n  c\n", "b   c", "RUN a\n", id="two lines"),
        pytest.param("RUN a \\\r\n  b \\\r\n  c\r\n", "b", "RUN a \\\r\n  c\r\n", id="CRLF"),
        pytest.param(
            "RUN a \\\n  b \\\n# n\n  c\n", "b", "RUN a \\\n# n\n  c\n", id="comment stays"
        ),
        pytest.param("RUN a \\\n# n\n  b\n", "b", "RUN a\n", id="comment of the last line"),
        pytest.param("RUN a && \\\n    b\n", "a && ", "RUN b\n", id="keyword line pulls up"),
        pytest.param("RUN a \\\n# n\n  b\n", "a", "RUN \\\n# n\n  b\n", id="not over a comment"),
        pytest.param(
            "RUN --network=none a && \\\n  b\n",
            "a && ",
            "RUN --network=none \\\n  b\n",
            id="not with a flag",
        ),
        pytest.param("RUN a\\\nb\\\nc\n", "b", "RUN a\\\nc\n", id="within a word"),
        pytest.param("RUN a\\\n b \\\nc\n", "b", "RUN a\\\n  \\\nc\n", id="a blank must stay"),
        pytest.param("RUN a && b \\\n && c\n", "&& b ", "RUN a \\\n && c\n", id="operator"),
        pytest.param("RUN a \\\n && b \\\n && c\n", "&& b ", "RUN a \\\n && c\n", id="step"),
        pytest.param("RUN <<E\na\nb\nE\n", "a", "RUN <<E\nb\nE\n", id="line of a body"),
        pytest.param("RUN <<E\na\nb\nE\n", "a\n", "RUN <<E\nb\nE\n", id="with its end"),
        pytest.param("RUN <<E\na b c\nE\n", "b", "RUN <<E\na c\nE\n", id="word of a body"),
        pytest.param("RUN <<E\na \\\n b\nc\nE\n", "b", "RUN <<E\na\nc\nE\n", id="joined in a body"),
        pytest.param("RUN <<E\na \\\n b \\\n c\nE\n", "b", "RUN <<E\na \\\n c\nE\n", id="middle"),
        pytest.param("RUN <<-E\n\ta b\n\tE\n", "b", "RUN <<-E\n\ta\n\tE\n", id="tabs"),
        pytest.param("RUN <<E\na b\nc d\nE\n", "b\nc ", "RUN <<E\na d\nE\n", id="across lines"),
        pytest.param("RUN x --y <<E\na\nE\n", "--y ", "RUN x <<E\na\nE\n", id="beside a heredoc"),
        pytest.param(
            "RUN x <<E y <<-F\na\nE\n\tb c\nF\n",
            "c",
            "RUN x <<E y <<-F\na\nE\n\tb\nF\n",
            id="second",
        ),
        pytest.param("COPY a b /c\n", "b", "COPY a /c\n", id="COPY"),
        pytest.param('RUN ["a", "b"]\n', ', "b"', 'RUN ["a"]\n', id="JSON"),
        pytest.param("ONBUILD RUN a b\n", "b", "ONBUILD RUN a\n", id="ONBUILD"),
    ],
)
def test_delete(text: str, words: str, result: str) -> None:
    instruction = one(text)
    assert delete(instruction, span(instruction, words)).text == result


@pytest.mark.parametrize(
    ("text", "words", "new", "result"),
    [
        pytest.param("RUN a b c\n", "b", "x y", "RUN a x y c\n", id="a word"),
        pytest.param(
            "RUN a \\\n  b \\\n  c\n", "b", "x", "RUN a \\\n  x \\\n  c\n", id="on its line"
        ),
        pytest.param(
            "RUN a \\\n b \\\n c \\\n d\n", "b  c", "x", "RUN a \\\n x \\\n d\n", id="lines"
        ),
        pytest.param("RUN <<E\na\nb\nE\n", "b", "x", "RUN <<E\na\nx\nE\n", id="in a body"),
        pytest.param("RUN a\n", "", "x ", "RUN x a\n", id="put in"),
        pytest.param("COPY . /a\n", ".", "x y", "COPY x y /a\n", id="COPY"),
    ],
)
def test_replace(text: str, words: str, new: str, result: str) -> None:
    instruction = one(text)
    assert replace(instruction, span(instruction, words), new).text == result


def test_put_in_at_the_end_and_where_nothing_is() -> None:
    assert replace(one("RUN a\n"), (1, 1), " b").text == "RUN a b\n"
    assert replace(one("RUN\n"), (0, 0), " b").text == "RUN b\n"


def test_what_leads_to_it_and_its_line_stay() -> None:
    run = one("\n# note\nRUN a b\n")
    new = delete(run, span(run, "b"))
    assert (new.leading, new.line, new.end_line) == ("\n# note\n", 4, 4)


def test_the_blank_before_a_continuation_stays() -> None:
    (run,) = parse("FROM a\nRUN a \\\n  && b \\\n  && c\n").instructions[1:]
    start = run.args.index(" ")
    end = run.args.index("b") + 1
    assert delete(run, (start, end)).text == "RUN a \\\n  && c\n"


@given(dockerfiles(), st.data())
def test_deleting_takes_out_the_span_and_nothing_else(text: str, data: st.DataObject) -> None:
    file = parse(text)
    instruction = data.draw(st.sampled_from(file.instructions))
    whole, positions = addressed(instruction)
    assert len(whole) == len(positions)
    assert all(instruction.text[at] == char for at, char in zip(positions, whole, strict=True))
    # Of a heredoc only the command line: taking out a delimiter breaks it.
    size = len(instruction.args) if not instruction.heredocs else 0
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    wanted = (whole[:start] + whole[end:]).split()
    try:
        new = delete(instruction, (start, end))
    except ValueError:
        return  # what is left is no valid instruction
    assert "".join(addressed(new)[0].split()) == "".join(wanted)
    assert new.leading == instruction.leading
