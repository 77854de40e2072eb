"""`reorder codemod` from its command line, over made-up repositories on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from context.repository import commit, repository, run_git
from fleet.processes import alive

from reorder.cli.main import main

SLOW = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
FILES = {"Dockerfile": SLOW, "requirements.txt": "flask==3.0.0\n", "app.py": "x = 1\n"}
Capture = pytest.CaptureFixture[str]


def made(folder: Path, files: dict[str, str | None] | None = None) -> Path:
    repository(folder)
    commit(folder, dict(FILES) if files is None else files)
    return folder


def rows(output: Path) -> dict[str, dict[str, Any]]:
    lines = (output / "results.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    assert len({row["repo"] for row in found}) == len(found)
    return {Path(row["repo"]).name: row for row in found}


def run(*words: str | Path) -> int:
    return main(["codemod", *map(str, words)])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_nothing_named(capsys: Capture) -> None:
    assert run() == 2
    assert "Name a repository" in capsys.readouterr().err


def test_a_list_that_is_not_there(tmp_path: Path, output: Path, capsys: Capture) -> None:
    assert run("--repos", tmp_path / "list", "--output", output) == 2
    said = capsys.readouterr().err
    assert said == f"{tmp_path}/list: the list cannot be read: No such file or directory\n"
    assert not output.exists()


def test_a_transport_that_runs_programs(output: Path, capsys: Capture) -> None:
    assert run("ext::sh -c true", "--output", output) == 2
    assert "is not used: it can run programs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--retry"], "--retry goes with --resume"),
        (["--branch", "-x"], "is not a name that git takes"),
        (["--author", "me"], "it takes `Name <address>`"),
        (["--forge", "x"], "--forge"),
    ],
)
def test_options_that_cannot_be(
    words: list[str], message: str, tmp_path: Path, output: Path, capsys: Capture
) -> None:
    assert run(made(tmp_path / "a"), "--output", output, *words) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("of = true\n", "reorder.toml:1: "),
        ("commits = 3\ncontext = '.'\n", "reorder.toml:2: `context` is for one repository"),
        ("off = true\n", "reorder.toml:1: `off` is for one repository"),
        ("[[overrides]]\npaths = ['a']\noff = true\n", "`overrides` are for one repository"),
        ("[ci]\nmain = 'x'\n", "the table `ci` is not used by codemod"),
    ],
)
def test_settings_that_cannot_be_of_all(
    text: str, message: str, tmp_path: Path, output: Path, capsys: Capture
) -> None:
    (tmp_path / "reorder.toml").write_text(text)
    words = ("--config", tmp_path / "reorder.toml", "--ci", "--output", output)
    assert run(made(tmp_path / "a"), *words) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()


def test_settings_of_all_and_the_command_line_beats_them(tmp_path: Path, output: Path) -> None:
    (tmp_path / "reorder.toml").write_text("select = ['cache-mount']\n")
    checkout = made(tmp_path / "a")

    def ids(*words: str | Path) -> set[str]:
        given = ("--config", tmp_path / "reorder.toml", "--output", output, "--resume")
        assert run(checkout, *given, *words) == 0
        [file] = rows(output)["a"]["files"]
        return {change["id"] for change in file["changes"]}

    assert ids() == {"cache-mount"}
    assert ids("--select", "manifest-first") == {"manifest-first"}


def test_every_way_to_end_is_a_row(tmp_path: Path, output: Path) -> None:
    made(tmp_path / "changed")
    made(tmp_path / "fine", {"Dockerfile": "FROM debian:12\nCMD x\n"})
    made(tmp_path / "none", {"README": "x\n"})
    made(tmp_path / "broken", {"Dockerfile": "FROM\n"})
    windows = "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCMD x\n"
    made(tmp_path / "refused", {"Dockerfile": windows})
    run_git(repository(tmp_path / "empty"), "update-ref", "-d", "HEAD")
    (tmp_path / "nogit").mkdir()
    names = ("changed", "fine", "none", "broken", "refused", "empty", "nogit", "missing")
    assert run(*(tmp_path / name for name in names), "--output", output) == 0
    found = rows(output)
    assert {name: (row["status"], bool(row["reason"])) for name, row in found.items()} == {
        "changed": ("changed", False),
        "fine": ("unchanged", True),
        "none": ("unchanged", True),
        "broken": ("error", True),
        "refused": ("refused", True),
        "empty": ("refused", True),
        "nogit": ("error", True),
        "missing": ("error", True),
    }
    assert found["broken"]["reason"].startswith("Dockerfile:1: ")
    assert found["none"]["reason"] == "no Dockerfile found"
    row = found["changed"]
    assert row["commit"] == run_git(tmp_path / "changed", "rev-parse", "HEAD").strip()
    assert [file["path"] for file in row["files"]] == ["Dockerfile"]
    assert row["estimate"]["seconds_before"] > row["estimate"]["seconds_after"]
    assert not (output / ".work").exists()


def test_a_patch_is_the_default_and_applies(tmp_path: Path, output: Path) -> None:
    checkout = made(tmp_path / "a")
    (checkout / "app.py").write_text("not committed\n")
    before = run_git(checkout, "for-each-ref"), run_git(checkout, "status", "--porcelain")
    assert run(checkout, "--output", output) == 0
    after = run_git(checkout, "for-each-ref"), run_git(checkout, "status", "--porcelain")
    assert before == after
    assert (checkout / "app.py").read_text() == "not committed\n"
    run_git(checkout, "checkout", "-q", "--", "app.py")
    run_git(checkout, "am", "-q", str(output / rows(output)["a"]["patch"]))
    assert "--mount=type=cache" in (checkout / "Dockerfile").read_text()
    assert main(["--check", "--no-history", str(checkout / "Dockerfile")]) == 0


def test_a_second_run_changes_nothing(tmp_path: Path, output: Path) -> None:
    checkout = made(tmp_path / "a")
    found = []
    for _ in range(2):
        assert run(checkout, "--branch", "faster", "--patch", "--output", output) == 0
        row = rows(output)["a"]
        tip = run_git(checkout, "rev-parse", "faster").strip()
        found.append((tip, (output / row["patch"]).read_bytes(), {**row, "seconds": 0}))
    assert found[0] == found[1]
    assert run_git(checkout, "symbolic-ref", "--short", "HEAD").strip() != "faster"
    message = run_git(checkout, "log", "-1", "--format=%B", "faster")
    for words in ("# reorder: off", "revert this commit", "Reorder-Version:", "The images stay"):
        assert words in message


def test_a_branch_with_a_strangers_commit_stays(tmp_path: Path, output: Path) -> None:
    checkout = made(tmp_path / "a")
    run_git(checkout, "branch", "faster")
    run_git(checkout, "worktree", "add", "-q", str(tmp_path / "b"), "faster")
    commit(tmp_path / "b", {"new": "x"})
    run_git(checkout, "worktree", "remove", str(tmp_path / "b"))
    tip = run_git(checkout, "rev-parse", "faster")
    assert run(checkout, "--branch", "faster", "--output", output) == 0
    row = rows(output)["a"]
    assert (row["status"], row["branch"]) == ("refused", "")
    assert row["reason"] == "branch faster has commits that are not reorder's"
    assert run_git(checkout, "rev-parse", "faster") == tip


def test_only_what_is_stale_is_done_again(tmp_path: Path, output: Path) -> None:
    checkouts = [made(tmp_path / name) for name in ("a", "b")]

    def times(*words: str) -> dict[str, float]:
        assert run(*checkouts, "--output", output, *words) == 0
        return {name: row["seconds"] for name, row in rows(output).items()}

    first = times()
    marked = (output / "results.jsonl").read_text().replace('"seconds": ', '"seconds": 100')
    (output / "results.jsonl").write_text(marked)
    assert all(value > 1000 for value in times("--resume").values())
    commit(checkouts[1], {"app.py": "x = 2\n"})
    assert {name: value > 1000 for name, value in times("--resume").items()} == {
        "a": True,
        "b": False,
    }
    assert all(value < 1000 for value in times("--resume", "--ignore", "order").values())
    assert first.keys() == {"a", "b"}


def test_what_failed_is_only_tried_again_on_request(tmp_path: Path, output: Path) -> None:
    assert run(tmp_path / "a", "--output", output) == 0
    made(tmp_path / "a")
    assert run(tmp_path / "a", "--output", output, "--resume") == 0
    assert rows(output)["a"]["status"] == "error"
    assert run(tmp_path / "a", "--output", output, "--resume", "--retry") == 0
    assert rows(output)["a"]["status"] == "changed"


def test_a_pilot_and_then_the_next(tmp_path: Path, output: Path) -> None:
    checkouts = [made(tmp_path / name) for name in ("a", "b", "c")]
    assert run(*checkouts, "--output", output, "--limit", "1") == 0
    assert list(rows(output)) == ["a"]
    assert run(*checkouts, "--output", output, "--limit", "1", "--resume") == 0
    assert list(rows(output)) == ["a", "b"]


def test_opted_out(tmp_path: Path, output: Path) -> None:
    (tmp_path / "out").write_text("*/a\n")
    assert run(made(tmp_path / "a"), "--opt-out", tmp_path / "out", "--output", output) == 0
    row = rows(output)["a"]
    assert (row["status"], row["reason"]) == ("refused", f"opted out ({tmp_path}/out:1)")


def test_no_secret_is_left_anywhere(
    tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.setenv("FORGE_TOKEN", "s3cr3t-value")
    url = "https://me:s3cr3t-value@127.0.0.1:1/o/n.git"
    (tmp_path / "list").write_text(f"{url}\n")
    assert run("--repos", tmp_path / "list", "--output", output, "--timeout", "60") == 0
    said = capfd.readouterr()
    everything = said.out + said.err
    everything += "".join(p.read_text() for p in output.rglob("*") if p.is_file())
    assert "127.0.0.1:1/o/n" in everything
    assert "s3cr3t" not in everything


def test_too_slow(tmp_path: Path, output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that hangs: the row says where it was, and nothing of it is left."""
    (tmp_path / "bin").mkdir()
    mark = tmp_path / "pid"
    (tmp_path / "bin/git").write_text(f"#!/bin/sh\necho $$ > {mark}\nexec sleep 600\n")
    (tmp_path / "bin/git").chmod(0o755)
    checkout = made(tmp_path / "a")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    assert run(checkout, "--output", output, "--timeout", "2") == 0
    row = rows(output)["a"]
    assert (row["status"], row["reason"]) == ("timeout", "not done after 2 seconds (cloning)")
    assert not alive(int(mark.read_text()))


@pytest.mark.parametrize("name", ["report.md", "results.jsonl", "patches"])
def test_a_place_that_cannot_be_written_is_said(
    name: str, tmp_path: Path, output: Path, capsys: Capture
) -> None:
    if name == "patches":
        output.mkdir()
        (output / name).touch()
    else:
        (output / name / "x").mkdir(parents=True)
    assert run(made(tmp_path / "a"), "--output", output, "--resume") == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(str(output))
    assert "Traceback" not in said


def started(output: Path, checkouts: list[Path], *words: str) -> subprocess.Popen[bytes]:
    given = [*map(str, checkouts), "--output", str(output), "--jobs", "2", *words]
    return subprocess.Popen(
        [sys.executable, "-m", "reorder", "codemod", *given],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def until(done: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not done():
        assert process.poll() is None
        time.sleep(0.01)


def lines(output: Path) -> int:
    path = output / "results.jsonl"
    return path.read_text().count("\n") if path.exists() else 0


def test_killed_in_the_middle_and_resumed(tmp_path: Path, output: Path) -> None:
    checkouts = [made(tmp_path / f"r{number}") for number in range(12)]
    process = started(output, checkouts, "--branch", "faster")
    until(lambda: lines(output) >= 3, process)
    process.kill()
    process.wait()
    known = lines(output)
    assert known < 12
    assert run(*checkouts, "--branch", "faster", "--output", output, "--resume") == 0
    found = rows(output)
    assert sorted(found) == sorted(path.name for path in checkouts)
    assert {row["status"] for row in found.values()} == {"changed"}
    tips = {run_git(path, "rev-parse", "faster^{tree}") for path in checkouts}
    assert len(tips) == 1
    assert not (output / ".work").exists()


def test_interrupted(tmp_path: Path, output: Path) -> None:
    checkouts = [made(tmp_path / f"r{number}") for number in range(12)]
    process = started(output, checkouts)
    until(lambda: lines(output) >= 2, process)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert 2 <= len(rows(output)) < 12
    assert not (output / ".work").exists()
