"""Help that reads well: narrow, complete, and with examples that can be typed."""

from __future__ import annotations

import shlex

import click
import pytest

from reorder.cli.examples import EXAMPLES, epilog
from reorder.cli.main import COMMANDS, DEFAULT, cli, main

WIDTH = 80
LINES = [(name, line) for name, told in EXAMPLES.items() for line, _ in told]


@pytest.fixture(autouse=True)
def _as_wide_as_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))


def test_examples_are_of_commands() -> None:
    assert list(EXAMPLES) == list(COMMANDS)
    assert epilog("no-such") is None


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_narrow(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*name.split(), "--help"]) == 0
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_each_example_on_a_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out.partition("\n  Examples:\n")[2].splitlines()
    lines = [line.partition("  # ") for line in shown]
    assert [(a.strip(), c) for a, _, c in lines] == list(EXAMPLES[name])


@pytest.mark.parametrize(("name", "line"), LINES, ids=[line for _, line in LINES])
def test_examples_can_be_typed(
    name: str, line: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = line.removeprefix('eval "$(').removesuffix(')"')
    program, *arguments = shlex.split(typed)
    assert program == "reorder"
    for sign in "<>|":
        arguments = arguments[: arguments.index(sign)] if sign in arguments else arguments
    named = bool(arguments) and arguments[0] in COMMANDS
    assert (arguments.pop(0) if named else DEFAULT) == name
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_context("reorder", arguments, **cli.context_settings)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert [one.opts for one in options if not one.help] == []
    assert command.short_help
