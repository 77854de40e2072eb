"""What tree-sitter-bash is not given: these texts end the process, or fill the memory."""

from __future__ import annotations

import pytest

from reorder.shell.bounds import LENGTH, refusal
from reorder.shell.nodes import Opaque
from reorder.shell.parse import parse

BRACE = "the script has a brace before a character that is not read safely"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("echo {é}", id="a character that C can classify"),
        pytest.param("echo {ÿ", id="the last one"),
        pytest.param("echo '{ →}'", id="a blank between"),
        pytest.param('echo \'{"a": "→"}\'', id="JSON"),
        pytest.param("echo {a→,b}", id="a letter between"),
        pytest.param("echo →{1..3}", id="before the brace"),
        pytest.param("echo {1..a→}", id="a letter behind the dots"),
        pytest.param("a" * LENGTH, id="as long as may be"),
    ],
)
def test_is_parsed(text: str) -> None:
    assert refusal(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("{\U0010ffff", BRACE, id="the last code point"),
        pytest.param("§6{\U000ca31f", BRACE, id="in a word"),
        pytest.param("echo '{😀'", BRACE, id="in quotes"),
        pytest.param("{Ā", BRACE, id="the first one outside of the table"),
        pytest.param("{12\U0010ffff", BRACE, id="after digits"),
        pytest.param("{1..\U0010ffff", BRACE, id="after dots"),
        pytest.param("{..3\U0010ffff", BRACE, id="after dots and digits"),
        pytest.param("{\udcf4\udc8f\udcbf\udcbf", BRACE, id="as bytes"),
        pytest.param("a | " * 5_000 + "a", "the script is too long", id="a long pipe"),
        pytest.param(")" * 200_000, "the script is too long", id="a long syntax error"),
        pytest.param("a\r\nb", "the script has a carriage return or a null character", id="CRLF"),
        pytest.param("a\0", "the script has a carriage return or a null character", id="null"),
    ],
)
def test_is_refused(text: str, reason: str) -> None:
    assert refusal(text) == reason
    assert parse(text) == Opaque(reason)


def test_what_is_short_enough_is_read_however_it_repeats() -> None:
    text = "a && " * ((LENGTH - 1) // len("a && ")) + "a"
    assert not isinstance(parse(text), Opaque)
