from __future__ import annotations

import pytest

from reorder.equivalence.program import Program, Unreadable
from reorder.equivalence.reader import read


def steps(text: str) -> list[tuple[str, str]]:
    program = read(text)
    assert isinstance(program, Program), program
    return [(step.keyword, step.value) for step in program.steps]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("# only a comment\n", 1, id="no instruction"),
        pytest.param("RUN x\n", 1, id="no FROM"),
        pytest.param("RUN x\nFROM a\n", 1, id="RUN before FROM"),
        pytest.param("FROM a\nEOF\n", 2, id="unknown instruction"),
        pytest.param("FROM a\nRUN x \\\\\n", 2, id="two escapes at the end"),
        pytest.param("FROM a\nRUN a\rb\n", 2, id="carriage return inside"),
        pytest.param("FROM a\nRUN a\fb\n", 2, id="form feed"),
        pytest.param("# escape=x\nFROM a\n", 1, id="bad escape"),
        pytest.param("# syntax=a\n# syntax=a\nFROM a\n", 2, id="directive twice"),
        pytest.param("  # escape=`\nFROM a\n", 1, id="indented directive"),
        pytest.param("// syntax=a\nFROM a\n", 1, id="another frontend"),
        pytest.param("FROM a\nCMD --foo x\n", 2, id="flag of no instruction"),
        pytest.param("FROM a\nCOPY --from x y\n", 2, id="flag without value"),
        pytest.param("FROM a\nCOPY --chown=a --chown=b x y\n", 2, id="flag twice"),
        pytest.param('FROM a\nCOPY --chown="a" x y\n', 2, id="quoted flag"),
        pytest.param("FROM a\nCOPY --exclude=\u00e9 x y\n", 2, id="flag that is not ASCII"),
        pytest.param('FROM a\nCMD ["a", 1]\n', 2, id="JSON with a number"),
        pytest.param("FROM a\nSHELL sh -c\n", 2, id="SHELL without JSON"),
        pytest.param("FROM a\nRUN <<EOF\nx\n", 2, id="open heredoc"),
        pytest.param("FROM a\nRUN echo $((1 << 3))\n", 2, id="shift read as a heredoc"),
        pytest.param("FROM a\nRUN echo it's <<EOF\nx\nEOF\n", 2, id="quote hides a heredoc"),
        pytest.param("FROM a\nCOPY <<a <<a /d/\nx\na\ny\na\n", 2, id="two heredocs of one name"),
        pytest.param("FROM a\nONBUILD FROM b\n", 2, id="ONBUILD FROM"),
        pytest.param("FROM a\nRUN " + "x" * 65_536, 2, id="line too long"),
    ],
)
def test_refused(text: str, line: int) -> None:
    found = read(text)
    assert isinstance(found, Unreadable)
    assert found.line == line


def test_the_second_parser_may_object() -> None:
    # dockerfile-parse takes the continuation for a part of the keyword.
    found = read("FROM a\nRUN\\\n x\n")
    assert isinstance(found, Unreadable)
    assert "differently" in found.reason


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("FROM a", [("from", "a")], id="no final newline"),
        pytest.param("\ufefffrom a\r\nrun x \\\r\n  y\r\n", [("from", "a"), ("run", "x   y")],
                     id="BOM and CRLF"),
        pytest.param("FROM a\nRUN x \\\n\n\nCMD y\n", [("from", "a"), ("run", "x CMD y")],
                     id="blank lines in a continuation"),
        pytest.param("FROM a\nRUN a \\\n# c \\\n  && b\n", [("from", "a"), ("run", "a   && b")],
                     id="comment in a continuation"),
        pytest.param("FROM a\nRUN foo\\\nbar\n", [("from", "a"), ("run", "foobar")],
                     id="nothing between joined lines"),
        pytest.param("FROM a\nRUN a \\ \t\n b\n", [("from", "a"), ("run", "a  b")],
                     id="blanks after the escape"),
        pytest.param("# escape=`\nFROM a\nRUN a `\n b\nCMD c:\\\n",
                     [("from", "a"), ("run", "a  b"), ("cmd", "c:\\")], id="backtick"),
        pytest.param("# note\n# escape=`\nFROM a\nRUN a \\\n b\n", [("from", "a"), ("run", "a  b")],
                     id="directive after a comment"),
        pytest.param("FROM a\nRUN x \\\n", [("from", "a"), ("run", "x")], id="escape at the end"),
        pytest.param("FROM a\nRUN cat <<<w\nCMD x\n",
                     [("from", "a"), ("run", "cat <<<w"), ("cmd", "x")], id="here-string"),
        pytest.param("FROM a\nRUN cat<<E\nCMD x\n",
                     [("from", "a"), ("run", "cat<<E"), ("cmd", "x")], id="<< inside a word"),
        pytest.param("FROM a\nRUN echo \\\udcff\n", [("from", "a"), ("run", "echo \\\udcff")],
                     id="bytes that are no UTF-8"),
    ],
)  # fmt: skip
def test_lines(text: str, wanted: list[tuple[str, str]]) -> None:
    assert steps(text) == wanted


def test_heredocs() -> None:
    program = read("FROM a\nRUN cat <<A && cat <<-'B' > /x\n1\nA\n\t2\n\tB\nCMD x\n")
    assert isinstance(program, Program)
    run = program.steps[1]
    assert [(i.name, i.body, i.expand) for i in run.inlines] == [
        ("A", "1\n", True),
        ("B", "2\n", False),
    ]
    assert program.steps[2].line == 7


def test_flags_and_json() -> None:
    program = read('FROM --platform=linux/amd64 a\nCOPY --link --chown=1 ["a b", "/c"]\n')
    assert isinstance(program, Program)
    copy = program.steps[1]
    assert copy.flags == (("link", None), ("chown", "1"))
    assert copy.words == ("a b", "/c")
    assert program.steps[0].flag("platform") == "linux/amd64"


def test_json_that_is_none_falls_back() -> None:
    program = read("FROM a\nCMD ['a']\n")
    assert isinstance(program, Program)
    assert program.steps[1].words is None


def test_onbuild() -> None:
    program = read("FROM a\nONBUILD COPY --chown=1 a b\n")
    assert isinstance(program, Program)
    trigger = program.steps[1].trigger
    assert trigger is not None
    assert (trigger.keyword, trigger.rest) == ("copy", "a b")


def test_onbuild_with_a_heredoc() -> None:
    program = read("FROM a\nONBUILD RUN <<E\nx\nE\nCMD y\n")
    assert isinstance(program, Program)
    trigger = program.steps[1].trigger
    assert trigger is not None
    assert trigger.inlines[0].body == "x\n"
    assert program.steps[2].line == 5
