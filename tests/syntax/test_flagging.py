"""Adding a flag in the author's layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from syntax.grammar import dockerfiles

from reorder.syntax.edit import with_flag
from reorder.syntax.nodes import Flag, Instruction
from reorder.syntax.parse import parse

FLAG = "--mount=type=cache,target=/n"


def one(text: str, top: str = "FROM a\n") -> Instruction:
    return parse(top + text).instructions[1]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        pytest.param("RUN a\n", "x", id="no flag"),
        pytest.param("RUN a\n", "--mount=a b", id="more than a flag"),
        pytest.param("RUN a\n", "--foo=b", id="unknown flag"),
        pytest.param("RUN --network=none a\n", "--network=host", id="given twice"),
        pytest.param("RUN a\n", "--mount=x\\", id="a flag that goes on"),
        pytest.param("USER a\n", FLAG, id="another instruction"),
    ],
)
def test_rejected(text: str, flag: str) -> None:
    with pytest.raises(ValueError, match=r"flag|instruction"):
        with_flag(one(text), flag)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        pytest.param("RUN a\n", "RUN {} a\n", id="none yet"),
        pytest.param("run\ta", "run {}\ta", id="the author's blank"),
        pytest.param("RUN\n", "RUN {}\n", id="no command"),
        pytest.param("RUN \\\n  a\n", "RUN {} \\\n  a\n", id="command on the next line"),
        pytest.param("RUN --network=none a\n", "RUN --network=none {} a\n", id="in line"),
        pytest.param(
            "RUN --mount=target=/a \\\n    b\n",
            "RUN --mount=target=/a \\\n    {} \\\n    b\n",
            id="a line for the only flag",
        ),
        pytest.param(
            "RUN --mount=target=/a \\\n    --mount=target=/b \\\n    c\n",
            "RUN --mount=target=/a \\\n    --mount=target=/b \\\n    {} \\\n    c\n",
            id="a line for each",
        ),
        pytest.param(
            "RUN \\\n  --mount=target=/a \\\n  b\n",
            "RUN \\\n  --mount=target=/a \\\n  {} \\\n  b\n",
            id="none on the keyword's line",
        ),
        pytest.param(
            "RUN --mount=target=/a --mount=target=/b \\\n  c\n",
            "RUN --mount=target=/a --mount=target=/b {} \\\n  c\n",
            id="all in one line",
        ),
        pytest.param(
            "RUN --mount=target=/a \\\r\n  b\r\n",
            "RUN --mount=target=/a \\\r\n  {} \\\r\n  b\r\n",
            id="CRLF",
        ),
        pytest.param(
            "RUN --mount=target=/a \\\n# note\n  b\n",
            "RUN --mount=target=/a \\\n  {} \\\n# note\n  b\n",
            id="a comment stays above the command",
        ),
        pytest.param(
            "RUN --mount=type=cache,\\\ntarget=/a b\n",
            "RUN --mount=type=cache,\\\ntarget=/a {} b\n",
            id="a flag over two lines",
        ),
        pytest.param("RUN -- --a\n", "RUN {} -- --a\n", id="before the end of flags"),
        pytest.param("RUN <<E\na\nE\n", "RUN {} <<E\na\nE\n", id="heredoc"),
        pytest.param('RUN ["a"]\n', 'RUN {} ["a"]\n', id="JSON"),
        pytest.param("ONBUILD RUN a\n", "ONBUILD RUN {} a\n", id="ONBUILD"),
    ],
)
def test_layout(text: str, result: str) -> None:
    assert with_flag(one(text), FLAG).text == result.format(FLAG)


def test_the_escape_of_the_file() -> None:
    run = one("RUN --mount=target=/a `\n  b\n", "# escape=`\nFROM a\n")
    assert with_flag(run, FLAG).text == f"RUN --mount=target=/a `\n  {FLAG} `\n  b\n"


@given(dockerfiles())
def test_everything_else_stays(text: str) -> None:
    for instruction in parse(text).instructions:
        if instruction.keyword != "run":
            continue
        new = with_flag(instruction, FLAG)
        assert new.flags == (*instruction.flags, Flag("mount", "type=cache,target=/n"))
        assert (new.args, new.heredocs) == (instruction.args, instruction.heredocs)
        assert new.leading == instruction.leading
        assert len(new.text) > len(instruction.text)
