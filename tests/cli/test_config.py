"""Settings files seen from the command line, and `reorder config`."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
import tomli

from reorder.cli.main import main

FROM = "FROM debian:12\nWORKDIR /app\n"
APT = "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n"
LATE = f"{FROM}COPY a.txt .\n{APT}"
EARLY = f"{FROM}{APT}COPY a.txt .\n"


class Command:
    """`reorder` in a repository with a file to copy and three Dockerfiles that could be better."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capture = capture

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        code = main(
            ["rewrite", "--no-history", *arguments] if arguments[:1] != ("config",) else arguments
        )
        return code, *self.capture.readouterr()

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(exist_ok=True, parents=True)
        (self.root / path).write_text(text)


@pytest.fixture
def reorder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    command = Command(tmp_path, capsys)
    (tmp_path / ".git").mkdir()
    for folder in (".", "a", "b"):
        command.write(f"{folder}/a.txt", "")
        command.write(f"{folder}/Dockerfile", LATE)
    monkeypatch.chdir(tmp_path)
    return command


def changed(out: str) -> set[str]:
    return {line[6:] for line in out.splitlines() if line.startswith("+++ b/")}


def test_without_a_file_all_are_changed(reorder: Command) -> None:
    assert changed(reorder(".")[1]) == {"Dockerfile", "a/Dockerfile", "b/Dockerfile"}


def test_each_dockerfile_has_its_nearest_file(reorder: Command) -> None:
    reorder.write("reorder.toml", "ignore = ['order']\n")
    reorder.write("b/pyproject.toml", "[tool.reorder]\n")
    assert changed(reorder("a", "b")[1]) == {"b/Dockerfile"}


def test_a_file_that_is_off_is_skipped_with_the_place(reorder: Command) -> None:
    reorder.write("reorder.toml", "[[overrides]]\npaths = ['a']\noff = true\n")
    code, out, err = reorder("--check", "a")
    assert (code, out) == (0, "")
    assert "a/Dockerfile:1: refused order: reorder.toml:3 says `off = true`" in err
    assert "1 skipped" in err


def test_the_command_line_wins(reorder: Command) -> None:
    reorder.write("reorder.toml", "ignore = ['order']\n")
    assert changed(reorder("--ignore", "cache-mount", "a")[1]) == {"a/Dockerfile"}


def test_no_config_reads_none(reorder: Command) -> None:
    reorder.write("reorder.toml", "nonsense = 1\n")
    assert changed(reorder("--no-config", "a")[1]) == {"a/Dockerfile"}


def test_config_names_one_for_all(reorder: Command) -> None:
    reorder.write("b/reorder.toml", "nonsense = 1\n")
    reorder.write("mine.toml", "ignore = ['order']\n")
    assert changed(reorder("--config", "mine.toml", "a", "b")[1]) == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--config", "x.toml", "--no-config"), "exclude each other"),
        (("--config", "none.toml"), "does not exist"),
        (("--config", "pyproject.toml"), "pyproject.toml: has no [tool.reorder]"),
    ],
)
def test_usage(reorder: Command, arguments: tuple[str, ...], message: str) -> None:
    reorder.write("x.toml", "")
    reorder.write("pyproject.toml", "")
    code, out, err = reorder(*arguments, "a")
    assert (code, out) == (2, "")
    assert message in err


def test_a_wrong_file_costs_only_its_dockerfiles_and_is_told_once(reorder: Command) -> None:
    reorder.write("a/reorder.toml", "\nunsaf = true\n")
    reorder.write("a/c/Dockerfile", LATE)
    code, out, err = reorder("a", "b")
    assert code == 2
    assert changed(out) == {"b/Dockerfile"}
    told = "a/reorder.toml:2: there is no `unsaf`; did you mean 'unsafe'?"
    assert err.count(told) == 1


def test_stdin_has_the_settings_of_its_context(
    reorder: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    reorder.write("a/reorder.toml", "ignore = ['order']\n")
    for context, wanted in (("a", LATE), ("b", EARLY)):
        stdin = TextIOWrapper(BytesIO(LATE.encode()))
        monkeypatch.setattr(sys, "stdin", stdin)
        assert reorder("--context", context, "-")[1] == wanted


def test_what_is_written_is_accepted(reorder: Command) -> None:
    reorder.write("reorder.toml", "[[overrides]]\npaths = ['a']\nselect = ['order']\n")
    assert reorder("--write", ".")[0] == 0
    assert reorder("--check", ".")[0] == 0


@pytest.mark.parametrize("command", ["explain", "graph", "simulate", "verify", "ci"])
def test_every_command_reads_it(
    reorder: Command, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reorder.write("a/reorder.toml", "unsaf = true\n")
    assert main([command, "a"]) == 2
    assert "a/reorder.toml:1: there is no `unsaf`" in capsys.readouterr().err


def test_explain_is_of_what_the_file_selects(
    reorder: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    reorder.write("a/reorder.toml", "history = false\n")
    assert main(["explain", "a"]) == 0
    assert "history is not used" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[ci]\nregistry-ref = 'A B'\n", "reorder.toml:2: `registry-ref`: 'A B' "),
        ("[ci]\nbackend = 'gha'\nregistry-ref = 'a.example/b'\n", ""),
    ],
)
def test_the_table_of_ci(
    reorder: Command, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reorder.write("reorder.toml", text)
    assert main(["ci"]) == (2 if message else 0)
    assert message in capsys.readouterr().err


def parsed(reorder: Command, *arguments: str) -> list[dict[str, Any]]:
    code, out, _ = reorder("config", "--format", "json", *arguments)
    assert code == 0
    data = json.loads(out)
    assert data["version"] == 1
    groups: list[dict[str, Any]] = data["groups"]
    return groups


def test_config_without_a_file(reorder: Command) -> None:
    [group] = parsed(reorder)
    assert group["paths"] == ["Dockerfile", "a/Dockerfile", "b/Dockerfile"]
    assert group["config"] is None
    assert {one["source"] for one in group["settings"].values()} == {"default"}


def test_config_tells_where_each_is_from(reorder: Command) -> None:
    reorder.write("reorder.toml", "commits = 3\nignore = ['order']\n[ci]\nmain = 'x'\n")
    reorder.write("a/reorder.toml", "context = '..'\n")
    first, second = parsed(reorder, "--commits", "4")
    assert (first["paths"], first["config"]) == (["Dockerfile", "b/Dockerfile"], "reorder.toml")
    assert first["settings"]["commits"] == {"value": 4, "source": "command line"}
    assert first["settings"]["ignore"] == {"value": ["order"], "source": "reorder.toml:2"}
    assert first["commands"]["ci"]["main"] == {"value": "x", "source": "reorder.toml:4"}
    assert first["commands"]["simulate"]["commits"] == {"value": 200, "source": "default"}
    assert second["paths"] == ["a/Dockerfile"]
    assert second["settings"]["context"] == {"value": ".", "source": "a/reorder.toml:1"}


def test_config_of_a_folder_without_a_dockerfile(reorder: Command) -> None:
    reorder.write("empty/x", "")
    reorder.write("reorder.toml", "commits = 3\n")
    [group] = parsed(reorder, "empty")
    assert group["paths"] == ["empty"]
    assert group["settings"]["commits"]["value"] == 3


def test_config_as_text_is_a_settings_file_that_says_the_same(reorder: Command) -> None:
    reorder.write("reorder.toml", "commits = 3\nignore = ['order']\n[simulate]\nsince = '1\"d'\n")
    _, out, _ = reorder("config", "a")
    assert 'ignore = ["order"]       # reorder.toml:2\n' in out
    assert tomli.loads(out)["simulate"]["since"] == '1"d'
    reorder.write("reorder.toml", out)
    [again] = parsed(reorder, "a")
    assert again["settings"]["commits"]["value"] == 3
    assert again["commands"]["simulate"]["since"]["value"] == '1"d'


def test_config_of_what_is_not_there(reorder: Command) -> None:
    for path, message in (("none", "none: no such file"), ("-", "nothing from stdin")):
        code, out, err = reorder("config", path)
        assert (code, out) == (2, "")
        assert message in err


def loaded(*modules: str) -> set[str]:
    """Which of some modules a rewrite of a folder loads, in a process of its own."""
    script = (
        "import sys; from reorder.cli.main import main; main(['--no-history', 'a']);"
        f"print(*(set({modules!r}) & sys.modules.keys()), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ran.stderr.splitlines()[-1].split())


def test_without_a_file_next_to_nothing_is_loaded(reorder: Command) -> None:
    assert loaded("tomli", "reorder.settings.file", "reorder.settings.inforce") == set()


def test_toml_is_parsed_only_where_it_is_ours(reorder: Command) -> None:
    reorder.write("a/pyproject.toml", "[project]\nname = 'x'\n")
    assert loaded("tomli") == set()
    reorder.write("reorder.toml", "")
    assert loaded("tomli") == {"tomli"}
