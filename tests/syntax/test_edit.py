"""Edits of a file: what moves, what stays, and where line ends are put."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syntax.grammar import dockerfiles

from reorder.syntax.edit import (
    arranged,
    insert,
    make,
    move,
    remove,
    replace_at,
    with_directive,
)
from reorder.syntax.nodes import File
from reorder.syntax.parse import parse

THREE = "FROM a\nRUN b\nRUN c\n"


@pytest.mark.parametrize("index", [-1, 3])
def test_no_such_place(index: int) -> None:
    with pytest.raises(ValueError, match="no instruction"):
        remove(parse(THREE), index)
    with pytest.raises(ValueError, match="no instruction"):
        move(parse(THREE), 0, index)


@pytest.mark.parametrize("text", ["", "# c", "FOO x", "RUN a\nRUN b", "RUN a\n# c", "RUN <<E\nx"])
def test_not_one_instruction(text: str) -> None:
    with pytest.raises(ValueError, match=r"instruction|unterminated"):
        make(text)


def test_moving_nowhere_and_arranging_the_same_change_nothing() -> None:
    text = "\ufeff# syntax=x\r\n# c\r\nFROM a\r\nRUN x \\\r\n\r\n# c\r\n y"
    file = parse(text)
    assert move(file, 1, 1) == file
    assert arranged(file, file.instructions) == file
    assert replace_at(file, 1, file.instructions[1]) == file


def test_make() -> None:
    made = make("# note\nRUN a \\\n  b", "\r\n")
    assert str(made) == "# note\r\nRUN a \\\r\n  b\r\n"
    assert (made.leading, made.args) == ("# note\r\n", "a   b")
    assert make("RUN a `\n b", escape="`").args == "a  b"


@pytest.mark.parametrize(
    ("text", "origin", "target", "result"),
    [
        pytest.param(THREE, 2, 1, "FROM a\nRUN c\nRUN b\n", id="up"),
        pytest.param(THREE, 1, 2, "FROM a\nRUN c\nRUN b\n", id="down"),
        pytest.param(
            "FROM a\n# b\nRUN b\n\n# c\nRUN c\n",
            2,
            1,
            "FROM a\n\n# c\nRUN c\n# b\nRUN b\n",
            id="comments travel",
        ),
        pytest.param("FROM a\nRUN b\nRUN c", 2, 1, "FROM a\nRUN c\nRUN b", id="no final newline"),
        pytest.param("FROM a\nRUN b\nRUN c", 1, 2, "FROM a\nRUN c\nRUN b", id="to that end"),
        pytest.param(
            "FROM a\r\nRUN b\r\nRUN c",
            2,
            1,
            "FROM a\r\nRUN c\r\nRUN b",
            id="CRLF, open end",
        ),
        pytest.param(
            "FROM a\nRUN b\nRUN c\n# end", 2, 1, "FROM a\nRUN c\nRUN b\n# end", id="end comment"
        ),
        pytest.param(
            "FROM a\nRUN b\nRUN <<E\nx\nE", 2, 1, "FROM a\nRUN <<E\nx\nE\nRUN b", id="heredoc"
        ),
        pytest.param(
            "FROM a\nRUN b\nRUN c \\\n", 2, 1, "FROM a\nRUN c\nRUN b\n", id="open continuation"
        ),
        pytest.param(
            "FROM a\nRUN b\nRUN c \\\n\n# n\n",
            2,
            1,
            "FROM a\nRUN c\n\n# n\nRUN b\n",
            id="open continuation with comments",
        ),
        pytest.param(
            "# licence\nARG A\nFROM a\n", 0, 1, "# licence\nFROM a\nARG A\n", id="banner stays"
        ),
        pytest.param(
            "# licence\n\n# A is\nARG A\n# a\nFROM a\n",
            0,
            1,
            "# licence\n\n# a\nFROM a\n# A is\nARG A\n",
            id="what follows the banner travels",
        ),
        pytest.param(
            "# licence\n\nARG A\nFROM a\n",
            1,
            0,
            "# licence\n\nFROM a\nARG A\n",
            id="before it",
        ),
        pytest.param(
            "FROM a\n# escape=`\nARG A\n", 1, 0, "\n# escape=`\nARG A\nFROM a\n", id="no directive"
        ),
        pytest.param(
            "# syntax=x\nFROM a\n# check=skip=A\nARG A\n",
            1,
            0,
            "# syntax=x\n\n# check=skip=A\nARG A\nFROM a\n",
            id="no second directive",
        ),
    ],
)
def test_move(text: str, origin: int, target: int, result: str) -> None:
    assert str(move(parse(text), origin, target)) == result


@pytest.mark.parametrize(
    ("text", "index", "result"),
    [
        pytest.param(THREE, 1, "FROM a\nNEW\nRUN b\nRUN c\n", id="between"),
        pytest.param(THREE, 3, "FROM a\nRUN b\nRUN c\nNEW\n", id="at the end"),
        pytest.param("FROM a", 1, "FROM a\nNEW", id="at an end without newline"),
        pytest.param("FROM a\n# end\n", 1, "FROM a\nNEW\n# end\n", id="before the end comment"),
        pytest.param(
            "FROM a\n\n# b\nRUN b\n", 1, "FROM a\nNEW\n\n# b\nRUN b\n", id="above comments"
        ),
        pytest.param("# licence\nFROM a\n", 0, "# licence\nNEW\nFROM a\n", id="below the banner"),
        pytest.param("FROM a\nRUN b \\\n", 2, "FROM a\nRUN b\nNEW\n", id="open continuation"),
        pytest.param("", 0, "NEW\n", id="into nothing"),
        pytest.param("# c\n", 0, "NEW\n# c\n", id="into comments"),
    ],
)
def test_insert(text: str, index: int, result: str) -> None:
    new = insert(parse(text), index, [make("LABEL x=y")])
    assert str(new) == result.replace("NEW", "LABEL x=y")


def test_insert_two_in_a_crlf_file() -> None:
    file = parse("FROM a\r\nRUN b\r\n")
    new = insert(file, 1, [make("COPY x y", file.newline), make("# n\nRUN z", file.newline)])
    assert str(new) == "FROM a\r\nCOPY x y\r\n# n\r\nRUN z\r\nRUN b\r\n"
    assert [instruction.line for instruction in new.instructions] == [1, 2, 4, 5]


@pytest.mark.parametrize(
    ("text", "index", "result"),
    [
        pytest.param(THREE, 1, "FROM a\nRUN c\n", id="middle"),
        pytest.param("FROM a\n# n\nRUN b\nRUN c\n", 1, "FROM a\nRUN c\n", id="with its comment"),
        pytest.param("FROM a\nRUN b", 1, "FROM a", id="the end without newline"),
        pytest.param("# licence\n\nARG A\nFROM a\n", 0, "# licence\n\nFROM a\n", id="banner stays"),
        pytest.param("# licence\nFROM a\n# end\n", 0, "# licence\n# end\n", id="the only one"),
    ],
)
def test_remove(text: str, index: int, result: str) -> None:
    assert str(remove(parse(text), index)) == result


def test_replace_at() -> None:
    file = parse("FROM a\n# n\nRUN b\n")
    assert str(replace_at(file, 1, make("RUN c"))) == "FROM a\n# n\nRUN c\n"
    assert str(replace_at(file, 1, make("# m\nRUN c"))) == "FROM a\n# m\nRUN c\n"
    assert str(replace_at(parse("FROM a"), 0, make("FROM b"))) == "FROM b"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("# syntax=a\nFROM a\n", "syntax", id="there is one"),
        pytest.param("  # syntax=a\nFROM a\n", "syntax", id="there is an indented one"),
        pytest.param("FROM a\n", "escape", id="escape changes the whole file"),
        pytest.param("FROM a\n", "other", id="no directive"),
        pytest.param("# escape=/\nFROM a\n", "check", id="a broken block"),
    ],
)
def test_a_directive_that_cannot_be_added(text: str, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        with_directive(parse(text), name, "x" if text.startswith("FROM") else "")


@pytest.mark.parametrize(
    ("text", "name", "result"),
    [
        pytest.param("FROM a\n", "syntax", "# syntax=x\nFROM a\n", id="the only one"),
        pytest.param("# c\nFROM a\n", "syntax", "# syntax=x\n# c\nFROM a\n", id="above comments"),
        pytest.param(
            "# escape=`\nFROM a\n", "syntax", "# syntax=x\n# escape=`\nFROM a\n", id="above escape"
        ),
        pytest.param(
            "# escape=`\nFROM a\n", "check", "# escape=`\n# check=x\nFROM a\n", id="check below"
        ),
        pytest.param("\ufeffFROM a", "syntax", "\ufeff# syntax=x\nFROM a", id="byte order mark"),
        pytest.param("FROM a\r\n", "syntax", "# syntax=x\r\nFROM a\r\n", id="CRLF"),
        pytest.param("#!/y\nFROM a\n", "syntax", "#!/y\n# syntax=x\nFROM a\n", id="shebang"),
    ],
)
def test_with_directive(text: str, name: str, result: str) -> None:
    new = with_directive(parse(text), name, "x")
    assert str(new) == result
    assert new.directive(name) == "x"
    assert new.escape == parse(text).escape


def sources(file: File) -> list[str]:
    """The instructions, but for the newline, which only the last may lack."""
    return [i.text.rstrip("\r\n") for i in file.instructions]


@given(dockerfiles(), st.data())
def test_a_move_leaves_every_instruction_as_it_is(text: str, data: st.DataObject) -> None:
    file = parse(text)
    index = st.integers(0, len(file.instructions) - 1)
    origin, target = data.draw(index), data.draw(index)
    new = move(file, origin, target)
    wanted = sources(file)
    wanted.insert(target, wanted.pop(origin))
    assert sources(new) == wanted
    assert new.directives == file.directives
    assert str(new).endswith("\n") == text.endswith("\n")
    assert parse(str(new)) == new


@given(dockerfiles(), st.data())
def test_comments_are_never_lost_in_a_move(text: str, data: st.DataObject) -> None:
    file = parse(text)
    index = st.integers(0, len(file.instructions) - 1)
    new = move(file, data.draw(index), data.draw(index))

    def lines(source: str) -> list[str]:
        return sorted(line.strip() for line in source.lstrip("\ufeff").splitlines() if line.strip())

    assert lines(str(new)) == lines(text)


@given(dockerfiles(), st.data())
def test_an_insertion_leaves_the_others_as_they_are(text: str, data: st.DataObject) -> None:
    file = parse(text)
    index = data.draw(st.integers(0, len(file.instructions)))
    new = insert(file, index, [make("LABEL x=y", file.newline, file.escape)])
    wanted = sources(file)
    wanted.insert(index, "LABEL x=y")
    assert sources(new) == wanted
    back = remove(new, index)
    assert sources(back) == sources(file)
    assert index == 0 or str(back) == text
