from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from report.made_results import results

from reorder.report.github import render
from reorder.result import Advice, Change, Refusal, Result

COMMAND = re.compile(r"::(warning|notice|error) file=[^:,]+(,\w+=[^:,]*)*::[^\r\n]*")


def test_nothing_found_is_nothing() -> None:
    assert render([], str) == ""
    assert render([Result("x", ".", "unchanged", "a", "a")], str) == ""


def test_an_error_is_one() -> None:
    failed = Result("x", "", "error", error="x:3: unknown instruction: A")
    assert render([failed], str) == "::error file=x,line=3,title=reorder::unknown instruction: A\n"


def test_an_error_without_a_line_has_none() -> None:
    failed = Result("x", "", "error", error="x: no such file")
    assert render([failed], str) == "::error file=x,title=reorder::no such file\n"


def test_refusals_and_advice_are_notices() -> None:
    found = Result(
        "x", ".", "unchanged", "FROM a\nRUN b\n", "FROM a\nRUN b\n",
        refusals=(Refusal("order", 2, "why"),), advice=(Advice("cache-mount", 1, "try"),),
    )  # fmt: skip
    assert render([found], str) == (
        "::notice file=x,line=1,endLine=1,title=reorder advice%3A cache-mount::try\n"
        "::notice file=x,line=2,endLine=2,title=reorder refused%3A order::why\n"
    )


def test_a_change_is_a_warning_over_its_instruction() -> None:
    change = Change("split-run", 2, "unsafe", "splits it", ("nothing is lost",))
    found = Result("d/x", ".", "changed", "FROM a\r\nRUN b \\\r\n  c\r\n", "", (change,))
    assert render([found], lambda path: f"top/{path}") == (
        "::warning file=top/d/x,line=2,endLine=3,title=reorder split-run::"
        "splits it (unsafe)%0AAssumes: nothing is lost\n"
    )


@pytest.mark.parametrize("evil", ["\n::error::x", "\r::add-mask::x", "::x", ",line=9", "%0A::x"])
def test_no_name_and_no_message_is_a_command(evil: str) -> None:
    told = render(
        [Result(evil, ".", "unchanged", "a", "a", refusals=(Refusal("order", 1, evil),))], str
    )
    assert told.count("\n") == 1
    assert COMMAND.fullmatch(told.rstrip("\n"))
    assert ",line=9" not in told.partition("::notice")[2].partition("::")[0]


def test_a_per_cent_sign_is_told_as_it_is() -> None:
    told = render([Result("x", ".", "unchanged", refusals=(Refusal("order", 1, "5%"),))], str)
    assert told.endswith("::5%25\n")


@settings(deadline=None, max_examples=60)
@given(results())
def test_whatever_is_found_is_a_command_a_line(result: Result) -> None:
    told = render([result], str)
    lines = told.split("\n")[:-1]
    count = len(result.changes) + len(result.refusals) + len(result.advice)
    assert len(lines) == count + (result.error is not None)
    assert all(map(COMMAND.fullmatch, lines))
