"""Which words start a heredoc, and what belongs to it."""

from __future__ import annotations

import pytest

from reorder.syntax.nodes import Heredoc
from reorder.syntax.parse import parse


def heredocs(text: str) -> tuple[Heredoc, ...]:
    file = parse("FROM a\n" + text)
    assert file.problems == ()
    return file.instructions[1].heredocs


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("RUN cat<<E", id="not at the start of a word"),
        pytest.param("RUN cat <<<E", id="here string"),
        pytest.param('RUN echo "<<E"', id="quoted"),
        pytest.param("RUN echo '<<E'", id="single quoted"),
        pytest.param("RUN echo \\<<E", id="escaped"),
        pytest.param("RUN cat <<", id="no name"),
        pytest.param("RUN cat <<'' x", id="empty name"),
        pytest.param("RUN x <", id="one sign"),
        pytest.param("RUN echo ${x^^} <<E", id="the line cannot be lexed"),
        pytest.param('RUN ["<<E"]', id="JSON"),
        pytest.param("CMD cat <<E", id="CMD"),
        pytest.param("ENV A=<<E", id="ENV"),
        pytest.param("HEALTHCHECK CMD cat <<E", id="HEALTHCHECK"),
        pytest.param("ONBUILD CMD cat <<E", id="trigger of another kind"),
        pytest.param("RUN cat a<<E$x", id="with a variable"),
    ],
)
def test_no_heredoc(line: str) -> None:
    assert heredocs(line + "\n") == ()


@pytest.mark.parametrize(
    ("word", "heredoc"),
    [
        ("<<E", Heredoc("E", "x\n", expand=True, chomp=False, fd=0)),
        ("<<-E", Heredoc("E", "x\n", expand=True, chomp=True, fd=0)),
        ("3<<E", Heredoc("E", "x\n", expand=True, chomp=False, fd=3)),
        ("<< E", Heredoc("E", "x\n", expand=True, chomp=False, fd=0)),
        ("<<'E'", Heredoc("E", "x\n", expand=False, chomp=False, fd=0)),
        ('<<"E"', Heredoc("E", "x\n", expand=False, chomp=False, fd=0)),
        ('<<E"E"E', Heredoc("EEE", "x\n", expand=False, chomp=False, fd=0)),
        ("<<'a b'", Heredoc("a b", "x\n", expand=False, chomp=False, fd=0)),
        ("<<\\E", Heredoc("E", "x\n", expand=True, chomp=False, fd=0)),
        ("<<$E", Heredoc("$E", "x\n", expand=True, chomp=False, fd=0)),
    ],
)
def test_delimiters(word: str, heredoc: Heredoc) -> None:
    assert heredocs(f"RUN cat {word}\nx\n{heredoc.name}\nCMD y\n") == (heredoc,)


@pytest.mark.parametrize("keyword", ["RUN", "COPY", "ADD", "ONBUILD RUN", "onbuild copy"])
def test_who_has_them(keyword: str) -> None:
    (found,) = heredocs(f"{keyword} <<E /d\nx\nE\n")
    assert found.content == "x\n"


def test_a_body_is_raw() -> None:
    (found,) = heredocs("RUN <<E\n# escape=`\n\n \\\nCOPY a b\r\nEE\nE\n")
    assert found.content == "# escape=`\n\n \\\nCOPY a b\r\nEE\n"


def test_bodies_follow_in_order_after_the_joined_line() -> None:
    found = heredocs("RUN cat <<A \\\n# c\n <<-B\n1\nA\n\t2\n\t\tB\n")
    assert [(h.name, h.content) for h in found] == [("A", "1\n"), ("B", "\t2\n")]


@pytest.mark.parametrize("end", ["E", "E\n", "E\r\n"])
def test_terminators(end: str) -> None:
    assert heredocs("RUN <<E\n" + end)[0].content == ""


@pytest.mark.parametrize("end", [" E\n", "E \n", "\tE\n", "EE\n", ""])
def test_what_does_not_terminate(end: str) -> None:
    file = parse("FROM a\nRUN <<E\n" + end)
    assert "unterminated heredoc E" in file.problems[0].message
    assert file.instructions[-1].text.endswith(end)


def test_the_backslash_escapes_even_with_the_backtick_directive() -> None:
    file = parse("# escape=`\nFROM a\nRUN echo \\<<E `<<F\nx\n")
    assert file.instructions[1].heredocs == ()
    assert parse("# escape=`\nFROM a\nRUN echo \\<<E\n").problems == ()


def test_the_name_of_an_unterminated_one_is_told() -> None:
    file = parse("FROM a\nRUN cat <<A <<B\n1\nA\n2\n")
    assert file.problems[0].message == "unterminated heredoc B"


def test_a_large_descriptor() -> None:
    (found,) = heredocs("RUN cat 99999999999999999999999<<E\nE\n")
    assert found.fd == 2**64 - 1
