"""Completion, asked as a shell asks: by click's protocol, and in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reorder.cli.completion import SHELLS, VARIABLE
from reorder.cli.main import COMMANDS
from reorder.transforms.ids import IDS

ROOT = Path(__file__).resolve().parents[2]


ZSH = "zsh"  # hands over `--name=value` as one word


def ask(*words: str, shell: str = "bash") -> list[str]:
    """What the shell is told for the last word."""
    line = " ".join(("reorder", *words))
    last = {"fish": words[-1]}.get(shell, str(len(words)))
    done = subprocess.run(
        [sys.executable, "-m", "reorder"],
        env={
            **os.environ,
            VARIABLE: f"{shell}_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": last,
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


def plain(*words: str) -> list[str]:
    return [line.removeprefix("plain,") for line in ask(*words) if line.startswith("plain,")]


def test_what_nobody_knows_is_completed_to_nothing() -> None:
    assert ask("--no-such-op") == []
    assert plain("--select", "zzz") == []


def test_the_first_word_is_a_command_or_a_path() -> None:
    found = ask("")
    assert [line for line in found if line.startswith("plain,")] == [
        f"plain,{name}" for name in COMMANDS
    ]
    assert found[-1].startswith("file,")


def test_the_first_word_may_be_an_option_of_the_default_command() -> None:
    assert plain("--che") == ["--check"]
    assert plain("--ver") == ["--version", "--verify", "--verbose"]


def test_the_first_word_may_be_an_option_with_its_value() -> None:
    assert ask("--format=s", shell=ZSH) == ["plain", "sarif", "_"]
    assert ask("--select=order,ca", shell=ZSH) == ["plain", "order,cache-mount", "_"]


def test_what_follows_an_option_is_a_path_or_an_option() -> None:
    assert ask("--check", "") == ["file,"]
    assert plain("--check", "--wr") == ["--write"]


@pytest.mark.parametrize("command", [[], ["rewrite"], ["explain"]], ids=str)
def test_transforms_are_completed(command: list[str]) -> None:
    assert plain(*command, "--select", "manifest-") == ["manifest-first", "manifest-drift"]


def test_a_list_of_transforms_goes_on_without_those_it_has() -> None:
    assert plain("--ignore", "order,") == [f"order,{name}" for name in IDS if name != "order"]


def test_choices_are_completed() -> None:
    assert plain("--format", "") == ["text", "json", "sarif", "github"]
    assert plain("completion", "") == list(SHELLS)


@pytest.mark.parametrize("shell", [ZSH, "fish"])
def test_other_shells_are_told_in_their_way(shell: str) -> None:
    found = "\n".join(ask("comp", shell=shell))
    assert "completion" in found
    assert "Print the completion script of a shell." in found


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_asks_by_the_variable(shell: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reorder", "completion", shell],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )
    assert f"{VARIABLE}={shell}_complete" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_a_word(tmp_path: Path) -> None:
    program = tmp_path / "reorder"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reorder "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = (
        'eval "$(reorder completion bash)"\n'
        "COMP_WORDS=(reorder --select order,ca)\nCOMP_CWORD=2\n"
        '_reorder_completion reorder\necho "${COMPREPLY[@]}"\n'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "order,cache-mount\n", done.stderr


def test_completion_does_not_load_the_pipeline() -> None:
    script = (
        "import sys\n"
        "from reorder.cli.main import cli\n"
        "from click.shell_completion import BashComplete\n"
        "BashComplete(cli, {}, 'reorder', 'X').get_completions([], '')\n"
        "print([n for n in ('tree_sitter', 'yaml', 'difflib', 'reorder.api') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.stdout == "[]\n"
