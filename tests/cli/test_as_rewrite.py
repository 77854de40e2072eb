from __future__ import annotations

import click

from reorder.cli.as_rewrite import CHOICES, as_rewrite, options
from reorder.cli.rewrite import rewrite
from reorder.cli.telling import NAMES
from reorder.config import Options

OF_REWRITE_ALONE = {"paths", "write", "verify", "check", "format_", *NAMES}


def test_what_was_not_chosen_has_its_default() -> None:
    assert options({"select": None, "ignore": None, "context": None}) == Options()


def test_what_was_chosen_is_taken() -> None:
    chosen = options({"select": frozenset({"order"}), "unsafe": True})
    assert chosen == Options(select=frozenset({"order"}), unsafe=True)


def test_every_option_that_decides_the_result_is_shared() -> None:
    assert {option.name for option in rewrite.params} == {*CHOICES, *OF_REWRITE_ALONE}


def test_options_are_added_below_the_own_ones() -> None:
    command = as_rewrite("unsafe", "context")(click.Command("x", params=[click.Option(["--own"])]))
    assert [option.name for option in command.params] == ["own", "unsafe", "context"]
