"""What `codemod --resume` makes of things that changed without a commit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from context.repository import commit, repository, run_git
from fleet.git.made import bare
from fleet.git.server import serving

from reorder.cli.main import main

SLOW = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
FILES = {"Dockerfile": SLOW, "requirements.txt": "flask==3.0.0\n"}


def made(folder: Path) -> Path:
    repository(folder)
    commit(folder, dict(FILES))
    return folder


def row(output: Path, *words: str | Path) -> dict[str, Any]:
    given = ["codemod", *map(str, words), "--output", str(output), "--resume"]
    assert main(given) == 0
    [line] = (output / "results.jsonl").read_text().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_a_branch_of_a_checkout_that_is_gone_is_made_again(tmp_path: Path, output: Path) -> None:
    checkout = made(tmp_path / "a")
    first = row(output, checkout, "--branch", "faster")
    tip = run_git(checkout, "rev-parse", "faster")
    assert row(output, checkout, "--branch", "faster") == first
    run_git(checkout, "branch", "-q", "-D", "faster")
    assert row(output, checkout, "--branch", "faster")["status"] == "changed"
    assert run_git(checkout, "rev-parse", "faster") == tip


def test_a_branch_that_is_free_again_is_used(tmp_path: Path, output: Path) -> None:
    checkout = made(tmp_path / "a")
    run_git(checkout, "switch", "-q", "-c", "faster")
    assert row(output, checkout, "--branch", "faster")["status"] == "refused"
    run_git(checkout, "switch", "-q", "-")
    run_git(checkout, "branch", "-q", "-D", "faster")
    found = row(output, checkout, "--branch", "faster")
    assert (found["status"], found["branch"]) == ("changed", "faster")


def test_a_clone_that_is_gone_is_made_again(tmp_path: Path, output: Path) -> None:
    bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    with serving(tmp_path / "served") as server:
        words = (server.url("o/n.git"), "--branch", "faster")
        first = row(output, *words)
        assert row(output, *words) == first
        [place] = (output / "clones").iterdir()
        shutil.rmtree(place)
        row(output, *words)
        assert run_git(place, "rev-parse", "faster^") == f"{first['commit']}\n"


def test_a_branch_of_a_server_that_is_gone_is_pushed_again(tmp_path: Path, output: Path) -> None:
    there = bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    with serving(tmp_path / "served") as server:
        words = (server.url("o/n.git"), "--branch", "faster", "--push")
        first = row(output, *words)
        assert (first["status"], first["branch"]) == ("changed", "faster")
        tip = run_git(there, "rev-parse", "faster")
        assert row(output, *words) == first
        run_git(there, "branch", "-q", "-D", "faster")
        row(output, *words)
        assert run_git(there, "rev-parse", "faster") == tip


def test_a_branch_that_had_a_pull_request_may_stay_away(tmp_path: Path, output: Path) -> None:
    there = bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    with serving(tmp_path / "served") as server:
        words = (server.url("o/n.git"), "--branch", "faster", "--push")
        row(output, *words)
        path = output / "results.jsonl"
        path.write_text(path.read_text().replace('"pr": ""', '"pr": "https://forge.example/1"'))
        run_git(there, "branch", "-q", "-D", "faster")
        assert row(output, *words)["pr"] == "https://forge.example/1"
        assert run_git(there, "branch", "--list", "faster") == ""


def test_a_server_that_does_not_answer_makes_nothing_stale(tmp_path: Path, output: Path) -> None:
    bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    with serving(tmp_path / "served") as server:
        url = server.url("o/n.git")
        first = row(output, url)
    for _ in range(2):
        found = row(output, url)
        [note] = found["notes"]
        assert note.startswith("not known whether it has a newer commit: ")
        assert {**found, "notes": []} == first
        assert (output / first["patch"]).exists()


def test_a_checkout_that_is_gone_is_an_error(tmp_path: Path, output: Path) -> None:
    checkout = made(tmp_path / "a")
    row(output, checkout)
    shutil.rmtree(checkout)
    assert row(output, checkout)["status"] == "error"
