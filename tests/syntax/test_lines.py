"""Physical lines, continuations and the limit of a line."""

from __future__ import annotations

import pytest

from reorder.syntax.parse import parse


def arguments(text: str) -> list[str]:
    return [instruction.args for instruction in parse(text).instructions]


@pytest.mark.parametrize(
    ("text", "args"),
    [
        pytest.param("RUN a \\ b\n", ["a \\ b"], id="escape within a line"),
        pytest.param("RUN a \\\\\nRUN b\n", ["a \\\\", "b"], id="two escapes"),
        pytest.param("RUN a \\\\\\\nRUN b\n", ["a \\\\\\", "b"], id="three escapes"),
        pytest.param("RUN a \\ \r \nRUN b\n", ["a \\", "b"], id="carriage return after the blank"),
        pytest.param("RUN a \\\v\nRUN b\n", ["a \\", "b"], id="vertical tab after the escape"),
        pytest.param("RUN a `\nRUN b\n", ["a `", "b"], id="backtick without the directive"),
        pytest.param("RUN a\x0bb\x0c\n", ["a\x0bb"], id="inner white space"),
    ],
)
def test_no_continuation(text: str, args: list[str]) -> None:
    assert arguments(text) == args


@pytest.mark.parametrize(
    ("text", "args"),
    [
        pytest.param("RUN a\\\nb\n", ["ab"], id="joined without a blank"),
        pytest.param("RUN a \\ \t\n b\n", ["a  b"], id="blanks after the escape"),
        pytest.param("RUN a \\\r\n b\r\n", ["a  b"], id="CRLF"),
        pytest.param("RUN a \\\n\n \t\n  b\n", ["a   b"], id="blank lines"),
        pytest.param("RUN a \\\n  # c \\\n#d\n b\n", ["a  b"], id="comments"),
        pytest.param("RUN a \\\n \\\n b\n", ["a   b"], id="a line of an escape"),
        pytest.param("RUN a \\\n", ["a"], id="end of file"),
        pytest.param("\\\n\\\nRUN a\n", ["a"], id="escapes above the keyword"),
        pytest.param('RUN "a \\\nb"\n', ['"a b"'], id="within quotes"),
        pytest.param("# escape=`\nRUN a ` \n b\\\n", ["a  b\\"], id="backtick"),
        pytest.param("RUN\\\n a\n", ["a"], id="right after the keyword"),
        pytest.param(" \v\fRUN a\n\u2003RUN b\n", ["a", "b"], id="indented"),
    ],
)
def test_joined(text: str, args: list[str]) -> None:
    assert arguments(text) == args


def test_quotes_do_not_protect_a_line_end() -> None:
    file = parse('FROM a\nRUN echo "a\nb"\n')
    assert [i.keyword for i in file.instructions] == ["from", "run", 'b"']
    assert "unknown instruction" in file.problems[0].message


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        pytest.param("x" * 65531 + "\n", False, id="the longest line"),
        pytest.param("x" * 65532 + "\n", True, id="one more"),
        pytest.param("x" * 65531, False, id="the longest line without its end"),
        pytest.param("x" * 65532, True, id="one more without its end"),
        pytest.param("x" * 65530 + "\r\n", False, id="with a carriage return"),
        pytest.param("x" * 65531 + "\r\n", True, id="one more with a carriage return"),
        pytest.param("é" * 32766 + "\n", True, id="counted in bytes"),
        pytest.param("x" * 40000 + "\\\n" + "x" * 40000 + "\n", False, id="a long joined line"),
    ],
)
def test_the_limit(text: str, rejected: bool) -> None:
    problems = parse("FROM a\nRUN " + text).problems
    assert [problem.line for problem in problems] == ([2] if rejected else [])


def test_the_limit_holds_in_heredocs_and_comments() -> None:
    long = "#" * 66000
    file = parse(f"FROM a\n{long}\nRUN <<E\n{long}\nE\n")
    assert [problem.line for problem in file.problems] == [2, 4]
