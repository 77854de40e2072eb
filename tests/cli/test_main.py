"""Entry, exit codes, start-up."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from reorder import __version__
from reorder.cli import main as entry
from reorder.errors import InputError

HEAVY = ("tree_sitter", "tree_sitter_bash", "dockerfile_parse", "difflib", "yaml", "defusedxml")
LATE = ("reorder.cli.rewrite", "reorder.api", "reorder.syntax")


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """`boom` is a command that raises what is in the list, or returns it."""
    outcome: list[object] = []

    def body() -> object:
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    monkeypatch.setitem(entry.COMMANDS, "boom", __name__)
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setattr(
        sys.modules[__name__], "boom", click.Command("boom", callback=body), raising=False
    )
    return outcome


def test_version_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from reorder.cli.main import main\n"
        "code = main(['--version'])\n"
        f"print(code, [name for name in {HEAVY + LATE!r} if name in sys.modules])\n"
    )
    assert python("-c", script).stdout == f"reorder {__version__}\n0 []\n"


def test_module_runs_as_the_command_does() -> None:
    done = python("-m", "reorder", "--version")
    assert (done.returncode, done.stdout) == (0, f"reorder {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["rewrite", "--no-such-option"],
        ["--write", "--check"],
        ["-", "other"],
        ["--write", "-"],
        ["--select", "no-such-id"],
        ["--builder", "neither"],
        ["--format", "xml"],
        ["--write", "--format", "sarif"],
        ["--write", "--format", "github"],
        ["--quiet", "--verbose"],
        ["--quiet", "--statistics"],
        ["--color", "sometimes"],
        ["completion", "tcsh"],
        ["--context", "no/such/folder"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_2_with_a_line_on_stderr(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Error: " in err


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        ([], ["rewrite"]),
        (["."], ["rewrite", "."]),
        (["-"], ["rewrite", "-"]),
        (["--check"], ["rewrite", "--check"]),
        (["rewrite", "x"], ["rewrite", "x"]),
        (["./rewrite"], ["rewrite", "./rewrite"]),
    ],
)
def test_rewrite_is_the_default(
    arguments: list[str], called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    recorder = click.Command(
        "rewrite",
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        callback=lambda rest: seen.extend(["rewrite", *rest]),
        context_settings={"ignore_unknown_options": True},
    )
    monkeypatch.setattr(entry.LazyGroup, "get_command", lambda self, ctx, name: recorder)
    assert entry.main(arguments) == 0
    assert seen == called


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_names_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(arguments) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in entry.COMMANDS)


def test_every_command_can_be_loaded() -> None:
    context = click.Context(entry.cli)
    for name in entry.COMMANDS:
        command = entry.cli.get_command(context, name)
        assert command is not None
        assert command.name == name


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_a_command_returns_its_exit_code(code: int, command: list[object]) -> None:
    command.append(code)
    assert entry.main(["boom"]) == code


def test_bad_input_is_2_with_path_and_line(
    command: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    command.append(InputError("d/Dockerfile", "unknown instruction: RUNN", 3))
    assert entry.main(["boom"]) == 2
    assert capsys.readouterr() == ("", "d/Dockerfile:3: unknown instruction: RUNN\n")


def test_an_interrupt_is_130(command: list[object]) -> None:
    command.append(KeyboardInterrupt())
    assert entry.main(["boom"]) == 130


def test_anything_else_is_3_with_a_report(
    command: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    command.append(ZeroDivisionError("why"))
    assert entry.main(["boom"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("reorder: internal error.")
    for part in (f"reorder {__version__}", "python: ", "platform: ", "command:  reorder boom"):
        assert part in err
    assert err.rstrip().endswith("ZeroDivisionError: why")
    assert "Traceback" in err
