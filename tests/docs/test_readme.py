"""The README says what the code does; `--update-golden` rewrites the output that it shows."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from pathlib import Path
from typing import get_args

import click
import pytest
import tomli
from harness.case import cases

from reorder.ci.contract import Found, Planned, Settings
from reorder.ci.github import workflows as github
from reorder.ci.prune.files import NAMES, WORKFLOW
from reorder.ci.prune.plan import Pruned
from reorder.ci.registries import REGISTRIES
from reorder.cli import exits
from reorder.cli.ci import ci
from reorder.cli.main import COMMANDS, DEFAULT, cli, main
from reorder.cli.rewrite import rewrite
from reorder.cli.simulate import simulate
from reorder.cli.verify import verify
from reorder.report import ci_json
from reorder.report import config as config_report
from reorder.report.counts import count
from reorder.report.diff import unified
from reorder.report.drawing import ArrowKind
from reorder.report.json import render
from reorder.result import Advice, Change, Estimate, IgnoreChange, Refusal, Result
from reorder.settings.file import read as read_settings
from reorder.settings.inforce import Setting
from reorder.settings.keys import KEYS, TABLES
from reorder.syntax import pragmas
from reorder.syntax.parse import parse
from reorder.transforms.ids import IDS, TITLES

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLE = "article/pip"  # the case whose output the README shows
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAME = PROJECT["project"]["name"]


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


def test_options_of_verify_are_its_own() -> None:
    told = {
        name for cell in table("verify option") for name in re.findall(r"(?<![\w=-])--[\w-]+", cell)
    }
    shared = {option for parameter in rewrite.params for option in parameter.opts} - {"--format"}
    assert told == {opt for one in verify.params for opt in one.opts} - shared - {"path"}


def test_options_of_simulate_are_its_own() -> None:
    told = {
        name
        for cell in table("simulate option")
        for name in re.findall(r"(?<![\w=-])--[\w-]+", cell)
    }
    shared = {option for parameter in rewrite.params for option in parameter.opts}
    own = {opt for one in simulate.params for opt in one.opts} - shared - {"path"}
    assert told == own | {"--commits", "--format"}


def test_options_of_ci_are_those_of_the_command() -> None:
    told = {
        name for cell in table("ci option") for name in re.findall(r"(?<![\w-])-{1,2}[\w-]+", cell)
    }
    assert told == {opt for one in ci.params for opt in one.opts} - {"path"}


def test_what_prunes_is_told_of_every_registry() -> None:
    told = "\n".join(f"{name}: {what}" for name, what in table("registry").items())
    for known in REGISTRIES:
        name = known.name.split()[0]
        assert name in told or known.prune in ("acr", "artifactory", "nexus", "ecr-public")
    assert WORKFLOW in told
    assert all(f"ci/{name}" in told for name in NAMES.values())


@pytest.mark.parametrize(("command", "title"), [(rewrite, "option"), (ci, "ci option")])
def test_choices_are_those_of_the_options(command: click.Command, title: str) -> None:
    for parameter in command.params:
        if isinstance(parameter.type, click.Choice):
            choices = "\\|".join(parameter.type.choices)
            assert f"`{parameter.opts[0]} {choices}`" in table(title)


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
        (Advice("order", 1, "m"),),
        IgnoreChange("y", None, "z", ("z",)),
        Estimate(1, 2, 3),
    )
    keys = set(re.findall(r'"(\w+)":', render([result], str)))
    assert keys - set(count([]).as_dict()) <= json_words()


def test_json_fields_are_those_of_ci() -> None:
    file = Planned("x", "a", "b", (Found(1, "w", "fine", "r"),))
    pruned = Pruned("r", ("c",), "u", "p", None, "t", ("n",))
    keys = set(re.findall(r'"(\w+)":', ci_json.render([file], str, [pruned])))
    assert keys - set(json.loads(ci_json.render([], str))["summary"]) <= json_words()


@pytest.mark.parametrize("command", ["explain", "graph"])
def test_json_fields_are_those_of_the_other_commands(
    command: str, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--format", "json", str(article)]) == 0
    out = capsys.readouterr().out
    kinds = get_args(ArrowKind) if command == "graph" else ()
    assert {*re.findall(r'"(\w+)":', out), *kinds} <= json_words()


def test_json_fields_are_those_of_config() -> None:
    group = config_report.InForce((), None, {"key": Setting(1, "default")}, {"ci": {}})
    keys = set(re.findall(r'"(\w+)":', config_report.as_json([group]))) - {"key", "ci"}
    assert keys <= json_words()


def test_the_settings_file_can_be_read(tmp_path: Path) -> None:
    (shown,) = blocks("toml")
    (tmp_path / "reorder.toml").write_text(shown, encoding="utf-8")
    found = read_settings(tmp_path / "reorder.toml")
    assert found is not None
    assert [found.overrides[0].paths.excluded(p) for p in ("legacy/a", "legacy/api/b")] == [1, 0]


def test_settings_are_those_of_the_code() -> None:
    (section,) = re.findall(r"^## Configure\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```$", "", section, flags=re.MULTILINE | re.DOTALL)
    assert {*KEYS, *(f"[{name}]" for name in TABLES)} <= set(re.findall(r"`([^`]+)`", prose))


def test_comments_in_the_dockerfile_are_understood() -> None:
    (shown,) = blocks("dockerfile")
    file = parse(shown)
    assert list(pragmas.problems(file, IDS)) == []
    said = [one for node in file.instructions for one in pragmas.pragmas(node)]
    assert [one.kind for one in said] == ["keep", "ignore"]


def json_words() -> set[str]:
    (section,) = re.findall(r"^## JSON\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`(\w+)`", section))


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Dockerfile of the example, in a folder of its own, which is the current one."""
    (case,) = (case for case in cases() if case.name == ARTICLE)
    path = case.unpack(tmp_path / "app")
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("COLUMNS", "100")  # the width of what is not a terminal
    return Path(path.name)


@pytest.mark.parametrize(
    ("language", "arguments"),
    [("text", ["explain", "--no-history"]), ("mermaid", ["graph"])],
)
def test_what_is_shown_is_what_is_printed(
    language: str,
    arguments: list[str],
    article: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    assert main([*arguments, str(article)]) == 0
    printed, shown = capsys.readouterr().out, blocks(language)
    if request.config.getoption("--update-golden"):
        (old,) = shown
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        (ROOT / "README.md").write_text(text.replace(old, printed), encoding="utf-8")
        return
    assert shown == [printed]


def test_the_example_is_what_the_golden_case_gives() -> None:
    case = ROOT / "golden" / ARTICLE
    before, after = ((case / name).read_text() for name in ("Dockerfile", "Dockerfile.want"))
    patch = unified([Result("Dockerfile", ".", "changed", before, after)], str)
    assert blocks("diff") == [patch.split("@@\n")[1]]


WORKFLOW_BEFORE = """\
on:
  push:
    branches: [main]
  pull_request:
jobs:
  image:
    runs-on: ubuntu-latest
    permissions: {contents: read, packages: write}
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - uses: docker/build-push-action@v6
        with:
          push: ${{ github.event_name == 'push' }}
          tags: ghcr.io/example/shop:latest
"""


def test_the_workflow_is_what_ci_makes_of_it() -> None:
    plan = github.plan(".github/workflows/image.yml", WORKFLOW_BEFORE, Settings("main"))
    assert plan is not None
    (shown,) = blocks("yaml")
    assert plan.after.endswith(shown)


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_command_lines_can_be_typed(line: str) -> None:
    for part in line.split("&&"):
        name, *arguments = shlex.split(part)
        match Path(name).name:
            case "reorder":
                arguments = arguments[: arguments.index(">")] if ">" in arguments else arguments
                named = arguments[:1] and arguments[0] in COMMANDS
                command = cli.get_command(
                    click.Context(cli), arguments.pop(0) if named else DEFAULT
                )
                assert command is not None
                command.make_context("reorder", arguments)
                paths = [argument for argument in arguments if argument.startswith("golden")]
                assert all((ROOT / path).exists() for path in paths)
            case "pip":
                wanted = arguments[-1]
                extras = re.findall(r"\[(.*)\]", wanted)
                assert set(extras) <= set(PROJECT["project"]["optional-dependencies"])
                assert wanted.startswith(".") or wanted.partition("[")[0] == NAME
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
