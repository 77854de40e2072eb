"""Many expressions at once say the same as each one alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reorder.context import automaton
from reorder.context.automaton import Automaton
from reorder.context.goregexp import parse_regexp

# Both engines read these alike, but for `$`, which is the end of the text in Go.
ATOMS = st.sampled_from("a b . / [^/] [^/]* (.*/)? [ab]* a{2} b{0,2} [b/]{1,} \\b \\B".split())
TEXTS = st.text(alphabet="ab/.", min_size=1, max_size=6)  # Python has no `\\B` in ""


def _matched(expressions: list[str], text: str) -> list[bool]:
    machine = Automaton([parse_regexp(expression) for expression in expressions])
    state = machine.start
    for char in text:
        state = machine.step(state, char)
    return [bool(state.matched >> bit & 1) for bit in range(len(expressions))]


@given(st.lists(st.lists(ATOMS, max_size=4).map("".join), max_size=3), TEXTS)
def test_agrees_with_python_on_anchored_expressions(bodies: list[str], text: str) -> None:
    expected = [re.fullmatch(body, text, re.ASCII) is not None for body in bodies]
    assert _matched([f"^{body}$" for body in bodies], text) == expected


@given(st.lists(ATOMS, max_size=3).map("".join), st.lists(ATOMS, max_size=3).map("".join), TEXTS)
def test_alternatives_are_anchored_on_one_side_only(left: str, right: str, text: str) -> None:
    expected = re.search(rf"\A(?:{left})|(?:{right})\Z", text, re.ASCII) is not None
    assert _matched([f"^{left}|{right}$"], text) == [expected]


def test_states_that_were_dropped_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "MAX_STATES", 2)
    assert _matched(["^a*b$", "^[^/]*a$", "^aab$"], "aab") == [True, False, True]
