"""The text that the checker compares: what must stay different first."""

from __future__ import annotations

import pytest

from reorder.ecosystems.identity import cancelling_call, identity, referenced_names
from reorder.shell.calls import calls


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("echo 'a  b'", "echo 'a b'", id="single quotes"),
        pytest.param('echo "a  b"', 'echo "a b"', id="double quotes"),
        pytest.param("echo a\\  b", "echo a\\ b", id="an escaped blank"),
        pytest.param('echo "$(printf "a  b")"', 'echo "$(printf "a b")"', id="nested quotes"),
        pytest.param("cat <<E\na  b\nE", "cat <<E\na b\nE", id="a here-document"),
        pytest.param("a b", "ab", id="two words and one"),
        pytest.param("echo it\\'s  'a  b'", "echo it\\'s  'a b'", id="an escaped quote"),
    ],
)
def test_stays_different(one: str, other: str) -> None:
    assert identity(one, []) != identity(other, [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a   b", "a b"),
        ("  a b ", "a b"),
        ("a \t b", "a b"),
        ("pip install git+https://x#egg=y   z", "pip install git+https://x#egg=y z"),
        ("make -j$(nproc)   all", "make -j$(nproc) all"),
        ("echo 'a  b'   c", "echo 'a  b' c"),
    ],
)
def test_blanks_between_words_do_not_count(one: str, other: str) -> None:
    assert identity(one, []) == identity(other, [])


def test_names_are_found_in_every_form() -> None:
    assert {"A", "B", "C", "D"} <= referenced_names("$A ${B} ${C:-$D} '$E'")


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("a\nb\n", id="the last line says whether the script has failed"),
        pytest.param("set -e\nif x; then\n  b\nfi\nc\n", id="a branch"),
        pytest.param("set -e\nb > log\nc\n", id="its output is kept"),
        pytest.param("set -e\na | b\nc\n", id="it reads another command"),
        pytest.param("a\nb || c\nd\n", id="another takes over"),
    ],
)
def test_a_line_that_must_stay(script: str) -> None:
    found = calls(script, "/", {})
    assert isinstance(found, tuple)
    assert cancelling_call(script, next(c for c in found if c.name == "b")) is None


@pytest.mark.parametrize("script", ["set -e\na\nb\n", "a\nb\nc\n", "set -eux\nb\nc\n"])
def test_a_line_goes_as_a_whole(script: str) -> None:
    found = calls(script, "/", {})
    assert isinstance(found, tuple)
    span = cancelling_call(script, next(c for c in found if c.name == "b"))
    assert span is not None
    assert identity(script, [span]) == identity(script.replace("b\n", ""), [])
