"""`reorder explain` on a real disk, without git."""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest
from context.repository import commit_each, repository

from reorder.cli.main import main

TEXT = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text(TEXT)
    (tmp_path / "requirements.txt").write_text("flask==3.0.0\n")
    (tmp_path / "main.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere: no such file or folder\n"),
        (["broken"], "broken:2: unknown instruction: FOO\n"),
        (["--format", "html"], "Invalid value for '--format'"),
        (["--select", "ordre"], "did you mean 'order'?"),
        (["--write"], "No such option"),
    ],
)
def test_bad_input(
    arguments: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken").write_text("FROM a\nFOO b\n")
    assert main(["explain", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert main(["explain"]) == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_text_goes_to_stdout_without_colours(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "--no-history"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "\x1b" not in out
    assert out.startswith("Dockerfile\nby stability tiers: ")
    assert "reads    /app/requirements.txt and the system\n" in out
    assert "change   manifest-first: " in out
    assert out.split("\n")[-2].startswith("expected rebuild ")


def test_the_options_of_rewrite_are_heeded(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["explain", "--ignore", "manifest-first,dockerignore", "--no-history"]
    assert main([*arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    run = found["stages"][0]["instructions"][3]
    assert [change["id"] for change in run["made"]] == ["cache-mount"]
    assert run["stays_below"] == {
        "line": 3,
        "text": "COPY . .",
        "reason": "it reads /app/requirements.txt, which that writes",
    }


@pytest.mark.parametrize(("columns", "width"), [("40", 80), ("90", 90), ("300", 100)])
def test_the_width_is_that_of_the_terminal_within_reason(
    columns: str,
    width: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(os.environ, "COLUMNS", columns)
    (folder / "Dockerfile").write_text(TEXT + "RUN echo " + "word " * 99)
    assert main(["explain"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) == width


def test_commits_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repository(folder)
    commit_each(folder, *({"main.py": f"{number}\n"} for number in range(11)))
    commit_each(folder, {"requirements.txt": "flask==3.0.1\n"})
    assert main(["explain", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rebuilds"] == {"measured": True, "commits": 13, "note": ""}
    copy, run = found["stages"][0]["instructions"][2:]
    assert copy["changes"] == {"share": 1, "words": "13 of 13 commits"}
    assert (run["changes"]["words"], run["rebuilt"]["share"]) == ("1 of 13 commits", 1)
    assert main(["explain", "--commits", "12"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Dockerfile\nover the last 12 commits\n")
    assert "COPY . . " in text
    assert "12 of 12" in text


def test_from_stdin(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(TEXT.encode())))
    assert main(["explain", "-", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["path"], found["context"]) == ("-", ".")
    assert found["stages"][0]["instructions"][2]["writes"]
