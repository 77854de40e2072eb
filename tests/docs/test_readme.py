"""The README says what the code does."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest
import tomli

from reorder.cli import exits
from reorder.cli.main import COMMANDS, DEFAULT, cli
from reorder.cli.rewrite import rewrite
from reorder.report.counts import count
from reorder.report.diff import unified
from reorder.report.json import render
from reorder.result import Change, Estimate, IgnoreChange, Refusal, Result
from reorder.transforms.ids import TITLES

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def table(title: str) -> dict[str, str]:
    """The rows of the table whose first column has a title."""
    lines = README.split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {title} |")) + 2
    rows = {}
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        name, text = re.split(r"(?<!\\)\|", line.strip("|"))
        rows[name.strip()] = text.strip()
    return rows


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


COMMAND_LINES = [
    line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()
]


def test_options_are_those_of_the_command() -> None:
    told = {
        name for cell in table("option") for name in re.findall(r"(?<![\w-])-{1,2}[\w-]+", cell)
    }
    context = click.Context(rewrite, **cli.context_settings)
    real = {
        name
        for parameter in rewrite.get_params(context)
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    assert told == real


def test_choices_are_those_of_the_options() -> None:
    for parameter in rewrite.params:
        if isinstance(parameter.type, click.Choice):
            choices = "\\|".join(parameter.type.choices)
            assert f"`{parameter.opts[0]} {choices}`" in table("option")


def test_transforms_are_those_of_the_table() -> None:
    assert table("transform") == {f"`{name}`": title for name, title in TITLES.items()}


def test_exit_codes_are_those_of_the_code() -> None:
    told = {int(code) for code in table("exit code")}
    assert told == {exits.FINE, exits.FOUND, exits.BAD_INPUT, exits.BUG}


def test_json_fields_are_those_of_the_report() -> None:
    result = Result(
        "x",
        ".",
        "changed",
        "a",
        "b",
        (Change("order", 1, "safe", "m"),),
        (Refusal("order", 1, "r"),),
        IgnoreChange("y", None, "z", ("z",)),
        Estimate(1, 2, 3),
    )
    (section,) = re.findall(r"^## JSON\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    keys = set(re.findall(r'"(\w+)":', render([result], str)))
    assert keys - set(count([]).as_dict()) <= set(re.findall(r"`(\w+)`", section))


def test_the_example_is_what_the_golden_case_gives() -> None:
    case = ROOT / "golden/article/pip"
    before, after = ((case / name).read_text() for name in ("Dockerfile", "Dockerfile.want"))
    patch = unified([Result("Dockerfile", ".", "changed", before, after)], str)
    assert blocks("diff") == [patch.split("@@\n")[1]]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_command_lines_can_be_typed(line: str) -> None:
    for part in line.split("&&"):
        name, *arguments = shlex.split(part)
        match Path(name).name:
            case "reorder":
                command = cli.get_command(click.Context(cli), DEFAULT)
                assert command is not None
                command.make_context("reorder", arguments)
                paths = [argument for argument in arguments if argument.startswith("golden")]
                assert all((ROOT / path).exists() for path in paths)
            case "pip":
                wanted = arguments[-1]
                extras = re.findall(r"\[(.*)\]", wanted)
                assert set(extras) <= set(PROJECT["project"]["optional-dependencies"])
                assert wanted.startswith(".") or wanted == PROJECT["project"]["name"]
            case "python":
                assert (ROOT / arguments[0]).is_file()
            case "python3":
                assert arguments == ["-m", "venv", ".venv"]
            case _:
                pytest.fail(f"nothing checks {name}")


def test_ci_runs_the_test_command() -> None:
    (line,) = (line for line in COMMAND_LINES if "tests/all.py" in line)
    script = (ROOT / ".ci/run").read_text()
    assert "\n".join(part.strip() for part in line.split("&&")) in script


def test_the_entry_point_exists() -> None:
    module, _, name = PROJECT["project"]["scripts"]["reorder"].partition(":")
    assert callable(getattr(importlib.import_module(module), name))


def test_the_mypy_and_ruff_target_is_the_oldest_python() -> None:
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert PROJECT["tool"]["mypy"]["python_version"] == oldest
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + oldest.replace(".", "")


def test_every_command_of_the_table_is_in_the_readme() -> None:
    assert all(f"`reorder {name}" in README for name in COMMANDS)
