"""The text that the checker compares: what must stay different first."""

from __future__ import annotations

import pytest

from reorder.ecosystems.identity import identity, referenced_names


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
