"""The directive block: where it ends, and who sees what."""

from __future__ import annotations

import pytest

from reorder.syntax.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# a comment\n# escape=`\nFROM a\n", id="after a comment"),
        pytest.param("\n# escape=`\nFROM a\n", id="after a blank line"),
        pytest.param("# foo=bar\n# escape=`\nFROM a\n", id="after an unknown name"),
        pytest.param("# syntax=\n# escape=`\nFROM a\n", id="after an empty value"),
        pytest.param("FROM a\n# escape=`\n", id="after an instruction"),
        pytest.param("# es_cape=`\nFROM a\n", id="a name of other characters"),
        pytest.param("#!/bin/sh\n# escape=`\nFROM a\n", id="after a shebang"),
        pytest.param("#\v#escape=`\nFROM a\n", id="a second sign"),
    ],
)
def test_not_a_directive(text: str) -> None:
    file = parse(text)
    assert file.escape == "\\"
    assert "escape" not in dict(file.directives)
    assert file.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "#escape=`\nFROM a\n",
        "# ESCAPE = ` \t\nFROM a\n",
        "  # escape=`\nFROM a\n",
        "#\v escape=`\nFROM a\n",
        "\ufeff# escape=`\r\nFROM a\r\n",
        "# syntax=x\n# check=skip=all\n# escape=`\nFROM a\n",
    ],
)
def test_escape(text: str) -> None:
    file = parse(text)
    assert file.escape == "`"
    assert file.instructions[0].escape == "`"
    assert file.header == text[: text.index("FROM")]


def test_values_are_kept_whole() -> None:
    file = parse("# Syntax = docker/dockerfile:1  more\n# check=skip=A,B;error=true\nFROM a\n")
    assert file.directives == (
        ("syntax", "docker/dockerfile:1  more"),
        ("check", "skip=A,B;error=true"),
    )
    assert file.directive("syntax") == "docker/dockerfile:1  more"
    assert file.directive("escape") is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# syntax=a\n# syntax=a\nFROM a\n", 2, "only one syntax parser directive can be used"),
        ("# escape=`\n# escape=`\nFROM a\n", 2, "only one escape parser directive can be used"),
        ("# escape=/\nFROM a\n", 1, "invalid escape token"),
        ("# syntax=a\n# escape=``\nFROM a\n", 2, "invalid escape token"),
        ("# escape = \nFROM a\n", 1, "invalid escape token"),  # a blank is a value, nothing is none
    ],
)
def test_rejected(text: str, line: int, message: str) -> None:
    (problem,) = parse(text).problems
    assert problem.line == line
    assert message in problem.message


def test_a_shebang_stays_above_everything() -> None:
    assert parse("#!/x\nFROM a\n").header == "#!/x\n"
    file = parse("#!/x\n# escape=`\n# syntax=y\n# c\nFROM a\n")
    assert file.header == "#!/x\n# escape=`\n# syntax=y\n"
    assert (file.directives, file.escape) == ((("syntax", "y"),), "\\")
