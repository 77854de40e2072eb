"""The keys are the long options, as the command line declares them."""

from __future__ import annotations

from importlib import import_module

import click
import pytest

from reorder.cli.main import COMMANDS
from reorder.config import Options
from reorder.settings.keys import KEYS, ONLY_COMMAND_LINE, TABLES, Key

COMMAND = {"": "rewrite", **{name: name for name in TABLES}}
SHARED = {*(key.option for key in KEYS.values()), "config", "no_config"}


def declared(table: str) -> dict[str, click.Option]:
    """The options of a command by long name, without what `rewrite` has under the same name."""
    name = COMMAND[table]
    command: click.Command = getattr(import_module(COMMANDS[name]), name)
    found = [option for option in command.params if isinstance(option, click.Option)]
    if table in ("simulate", "verify"):
        of_rewrite = {id(option) for option in declared("").values()}
        found = [option for option in found if id(option) not in of_rewrite]
    return {option.opts[-1].removeprefix("--"): option for option in found}


@pytest.mark.parametrize("table", sorted(COMMAND))
def test_every_option_is_a_key_or_left_out_on_purpose(table: str) -> None:
    keys = set(TABLES[table] if table else KEYS) - {"off"}
    options = set(declared(table)) - ({"config", "no-config"} if table else set())
    assert not keys & ONLY_COMMAND_LINE[table]
    assert keys | ONLY_COMMAND_LINE[table] == options


EACH = [
    (table, key)
    for table in COMMAND
    for key in (TABLES[table] if table else KEYS).values()
    if key.name != "off"
]


@pytest.mark.parametrize(("table", "key"), EACH, ids=lambda one: getattr(one, "name", one))
def test_a_key_takes_what_its_option_takes(table: str, key: Key) -> None:
    option = declared(table)[key.name]
    kind = option.type
    assert key.option == option.name
    if isinstance(kind, click.Choice):
        assert (key.kind, key.choices) == ("choice", tuple(kind.choices))
    elif isinstance(kind, click.IntRange | click.FloatRange):
        assert key.kind == ("whole" if isinstance(kind, click.IntRange) else "number")
        assert (key.least, key.most, key.above) == (kind.min, kind.max, kind.min_open)
    elif isinstance(kind, click.Path):
        assert key.kind == ("folder" if kind.dir_okay else "file")
    elif option.is_flag:
        assert key.kind == "switch"
    else:
        assert key.kind == ("ids" if option.multiple else "text")
    context = click.Context(click.Command("x"))
    default = option.get_default(context)
    if not option.multiple:
        assert key.default == (default if isinstance(default, bool | int | float | str) else None)


def test_every_choice_of_a_rewrite_can_be_set() -> None:
    fields = set(Options.__slots__) - {"check"}
    assert fields == {key.option for key in KEYS.values()}
