"""The tree as a whole: losslessness, what belongs to which part, and which file is accepted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syntax.grammar import dockerfiles, scraps

from reorder.syntax.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\n\n", id="blank lines"),
        pytest.param("\ufeff", id="byte order mark alone"),
        pytest.param("FROM a", id="no final newline"),
        pytest.param("FROM a\r\nRUN x \\\r\n  y\r\n", id="CRLF"),
        pytest.param("FROM a\rRUN b\n", id="lone carriage return"),
        pytest.param("FROM a\nRUN x \\", id="continuation at the end"),
        pytest.param("FROM a\nRUN x \\\n\n# c\n", id="open continuation with comments"),
        pytest.param("FROM a\nRUN <<E\nx\n", id="unterminated heredoc"),
        pytest.param("FROM a\n\\\n", id="escape alone"),
        pytest.param("\0\x1c \x85", id="odd characters"),
        pytest.param("FROM a\nRUN \ud800", id="a surrogate no bytes decode to"),
    ],
)
def test_text_is_kept(text: str) -> None:
    assert str(parse(text)) == text


@given(st.text())
def test_any_text_is_kept(text: str) -> None:
    assert str(parse(text)) == text


@given(st.binary())
def test_any_bytes_are_kept(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    assert str(parse(text)).encode("utf-8", "surrogateescape") == data


@given(scraps())
def test_scraps_are_kept_and_a_rejected_file_says_where(text: str) -> None:
    file = parse(text)
    assert str(file) == text
    lines = text.count("\n") + 1
    assert all(1 <= problem.line <= lines and problem.message for problem in file.problems)


@given(dockerfiles())
def test_a_well_formed_file_has_no_problems(text: str) -> None:
    file = parse(text)
    assert str(file) == text
    assert file.problems == ()


@given(st.one_of(dockerfiles(), scraps()))
def test_text_tokens_are_the_arguments(text: str) -> None:
    for instruction in parse(text).instructions:
        pieces = [token.text for token in instruction.tokens if token.kind == "text"]
        assert "".join(pieces) == instruction.args
        keyword = [token.text for token in instruction.tokens if token.kind == "keyword"]
        assert "".join(keyword).lower() == instruction.keyword
        assert all(token.text for token in instruction.tokens if token.kind != "newline")
        inner = instruction.inner
        assert inner is None or instruction.text.endswith(inner.text)


@given(st.one_of(dockerfiles(), scraps()))
def test_lines_count_from_the_top(text: str) -> None:
    file = parse(text)
    line = file.header.count("\n") + 1
    for instruction in file.instructions:
        line += instruction.leading.count("\n")
        assert instruction.line == line
        line += instruction.text.count("\n")
        last = line if instruction.text.endswith("\n") else line + 1
        assert instruction.end_line == last - 1


def test_what_stands_around_instructions() -> None:
    file = parse("# syntax=x\n\n# banner\nFROM a\n# one\n\n# two\nRUN b # c\n# end\n")
    assert file.header == "# syntax=x\n"
    assert [i.leading for i in file.instructions] == ["\n# banner\n", "# one\n\n# two\n"]
    assert [i.args for i in file.instructions] == ["a", "b # c"]
    assert file.trailing == "# end\n"


def test_tokens_of_a_continued_instruction() -> None:
    file = parse("FROM a\n  RUN  --network=none \\\n# c\n\n  x \\\n  y\r\n")
    assert [(token.kind, token.text) for token in file.instructions[1].tokens] == [
        ("space", "  "),
        ("keyword", "RUN"),
        ("space", "  "),
        ("flag", "--network=none"),
        ("space", " "),
        ("continuation", "\\\n# c\n\n"),
        ("space", "  "),
        ("text", "x "),
        ("continuation", "\\\n"),
        ("text", "  y"),
        ("newline", "\r\n"),
    ]


def test_a_keyword_may_be_continued() -> None:
    (instruction,) = parse("FR\\\nOM a\n").instructions
    assert (instruction.keyword, instruction.args) == ("from", "a")
    assert [token.kind for token in instruction.tokens][:3] == [
        "keyword",
        "continuation",
        "keyword",
    ]


@pytest.mark.parametrize(
    ("text", "newline"),
    [("FROM a", "\n"), ("FROM a\r\nRUN b\n", "\r\n"), ("FROM a\nRUN b\r\n", "\n")],
)
def test_the_newline_is_that_of_the_first_line(text: str, newline: str) -> None:
    assert parse(text).newline == newline


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("", 1, "file with no instructions", id="empty"),
        pytest.param("# c\n\n", 1, "file with no instructions", id="comments only"),
        pytest.param("ARG X\n", 1, "file with no FROM", id="arguments only"),
        pytest.param("ARG X\nRUN y\n", 2, "no build stage in current context", id="RUN first"),
        pytest.param("ENV A=b\nFROM a\n", 1, "no build stage in current context", id="ENV first"),
        pytest.param("FROM a\n\nFOO b\n", 3, "unknown instruction: FOO", id="unknown"),
        pytest.param("FROM a\n\\\n", 2, "unknown instruction", id="escape alone"),
        pytest.param("// syntax=x\nFROM a\n", 1, "unknown instruction", id="another frontend"),
        pytest.param('{"syntax": "x"}', 1, "unknown instruction", id="JSON for another frontend"),
        pytest.param("FROM a\nRUN \\\n\n<<E\n", 2, "unterminated heredoc E", id="heredoc"),
        pytest.param(
            "FROM a\nRUN " + "${a:-" * 60 + "<<E" + "}" * 60, 2, "nested too deeply", id="depth"
        ),
    ],
)
def test_a_problem_has_a_line(text: str, line: int, message: str) -> None:
    problem = parse(text).problems[0]
    assert problem.line == line
    assert message in problem.message


def test_every_problem_is_listed_in_order() -> None:
    problems = parse("# escape=x\nFROM\nFOO\nRUN --x y\n").problems
    assert [problem.line for problem in problems] == [1, 2, 3, 4]


def test_deep_nesting_does_not_end_the_run() -> None:
    text = "FROM a\n" + "ONBUILD " * 5000 + "RUN x\nCMD " + "[" * 20000 + "\n"
    file = parse(text)
    assert str(file) == text
    assert file.problems


@pytest.mark.parametrize(
    ("before", "repeated", "after"),
    [
        pytest.param("RUN a \\\n", "b \\\n", "", id="continuations"),
        pytest.param("RUN a \\\n", "# c\n", "b\n", id="comments in a continuation"),
        pytest.param("RUN ", "<<E ", "", id="heredocs"),
        pytest.param("RUN <<", " ", "<", id="blanks after a heredoc sign"),
        pytest.param("RUN <<E ", "'' ", "", id="empty words"),
        pytest.param("COPY ", "--a ", "", id="flags"),
        pytest.param("ENV ", "a='b' ", "", id="pairs"),
        pytest.param("# syntax=a", " ", "b\nFROM a\n", id="blanks in a directive"),
    ],
)
def test_long_repetition_is_read_to_the_end(before: str, repeated: str, after: str) -> None:
    text = before + repeated * 16_000 + after
    assert str(parse(text)) == text
