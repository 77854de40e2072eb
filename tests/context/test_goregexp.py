"""What Go's parser rejects, and what Moby's patterns can make of its lesser known corners."""

from __future__ import annotations

import pytest

from reorder.context.gopath import BadPattern
from reorder.context.goregexp import Chars, Repeat, parse_regexp


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[a", id="class-not-closed"),
        pytest.param("[z-a]", id="range-backwards"),
        pytest.param("*a", id="repeats-nothing"),
        pytest.param("a|*", id="repeats-nothing-after-a-bar"),
        pytest.param("a*{2}", id="repeats-a-repetition"),
        pytest.param("(.*/)?{2}", id="repeats-a-group"),
        pytest.param("a{1001}", id="too-often"),
        pytest.param("a{3,2}", id="bounds-backwards"),
        pytest.param("\\", id="backslash-last"),
        pytest.param("\\q", id="unknown-escape"),
        pytest.param("\\é", id="escape-beyond-ascii"),
        pytest.param("[\\b]", id="assertion-in-a-class"),
        pytest.param("\\x41", id="hexadecimal-is-not-read-here"),
        pytest.param("[[:x:]]", id="unknown-posix-class"),
        pytest.param("a)", id="unbalanced"),
    ],
)
def test_rejected(text: str) -> None:
    with pytest.raises(BadPattern):
        parse_regexp(text)


@pytest.mark.parametrize("text", ["{", "{a", "a{,2}", "a{01}", "a{x}", "a{1,x}", "]", "}"])
def test_what_is_no_repetition_is_literal(text: str) -> None:
    (sequence,) = parse_regexp(text)
    assert sequence == tuple(Chars(((char, char),)) for char in text)


def test_bars_separate() -> None:
    assert len(parse_regexp("a||b")) == 3


def test_repetitions_have_bounds() -> None:
    ((repeat,),) = parse_regexp("a{2,}")
    assert isinstance(repeat, Repeat)
    assert (repeat.low, repeat.high) == (2, None)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("[]a]", "]a", "b"),
        ("[a[^/]", "a[^/", "b"),
        ("[a-]", "a-", "b"),
        ("[[:alpha:]_]", "aZ_", "1["),
        ("[[:^ascii:]]", "é\u0080", "a\x00\x7f"),
        ("[[:]", "[:", "a"),
        ("[^\\d]", "a\n", "1"),
        ("[\\D]", "a", "1"),
        ("\\S", "a\v", " \t\n"),
        (".", "a/", "\n"),
        ("\\t", "\t", "t"),
        ("\ufffd", "\ufffd\udc80", "a"),
    ],
)
def test_sets(text: str, inside: str, outside: str) -> None:
    ((chars,),) = parse_regexp(text)
    assert isinstance(chars, Chars)
    assert [char for char in inside if not chars.contains(char)] == []
    assert [char for char in outside if chars.contains(char)] == []
