"""The longer pages say what the code does."""

from __future__ import annotations

import importlib
import re
import shlex

import click
import pytest
import tomli
from docs.pages_of import DOCS, ROOT, blocks, page

from reorder.cli import exits
from reorder.cli.main import COMMANDS, cli
from reorder.cli.rewrite import rewrite
from reorder.fleet.pages.files import HTML, MARKDOWN
from reorder.fleet.places import RESULTS, patch_path
from reorder.fleet.row import STATUSES
from reorder.fleet.settings import BRANCH

NAMES = sorted(path.name for path in DOCS.glob("*.md"))
LINES = [
    (name, line.removeprefix("$ "))
    for name in NAMES
    for block in blocks(page(name), "console")
    for line in block.splitlines()
]
OTHER = {"jq", "git", "export", "check-jsonschema"}


def codemod() -> click.Command:
    command = importlib.import_module("reorder.cli.codemod").codemod
    assert isinstance(command, click.Command)
    return command


@pytest.mark.parametrize(("name", "line"), LINES, ids=[line for _, line in LINES])
def test_command_lines_can_be_typed(name: str, line: str) -> None:
    program, *arguments = shlex.split(line)
    if program in OTHER:
        return
    assert program == "reorder", f"nothing checks {program}"
    if arguments[0] == "codemod":
        codemod().make_context("reorder codemod", arguments[1:], **cli.context_settings)
        return
    named = arguments[0] in COMMANDS
    command = cli.get_command(click.Context(cli), arguments.pop(0) if named else "rewrite")
    assert command is not None
    command.make_context("reorder", arguments, **cli.context_settings)


def test_options_that_are_named_are_there() -> None:
    real = {opt for parameter in codemod().params for opt in parameter.opts}
    told = set(re.findall(r"`(--[a-z-]+)", page("codemod.md")))
    assert told - {"--check", "--write"} <= real


def test_the_table_of_options_is_that_of_the_command() -> None:
    table = page("codemod.md").partition("| codemod option |")[2].partition("\n\n")[0]
    told = {
        opt
        for line in table.splitlines()
        for opt in re.findall(r"--[a-z][a-z-]*", line.split(" | ")[0])
    }
    shared = {opt for parameter in rewrite.params for opt in parameter.opts}
    real = {opt for one in codemod().params for opt in one.opts if opt.startswith("--")}
    assert told == real - shared | {"--verify", "--config"}


def test_extras_that_are_named_are_there() -> None:
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = {name for page_ in map(page, NAMES) for name in re.findall(r"reorder\[(\w+)\]", page_)}
    assert told == told & set(project["optional-dependencies"])


def test_links_between_pages_lead_somewhere() -> None:
    for name in NAMES:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page(name)):
            assert (DOCS / link).exists(), f"{name}: {link}"


def test_names_are_those_of_the_code() -> None:
    text = page("codemod.md")
    assert all(f"`{name}`" in text for name in (HTML, MARKDOWN, RESULTS))
    assert f"out/{patch_path('github.com/example/shop')}" in text
    assert {"error", "timeout"} <= set(STATUSES)
    assert page("fleet-tools.md").count(BRANCH) >= 3


def test_exit_codes_are_those_of_the_code() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", page("codemod.md"), re.MULTILINE)}
    assert told == {exits.FINE, exits.FOUND, exits.BAD_INPUT, exits.BUG}


def test_the_readme_names_each_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"reorder/docs/{name}" in readme for name in NAMES)
