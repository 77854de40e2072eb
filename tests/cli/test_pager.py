"""The pager, on a terminal made for the test."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from reorder.cli import pager

ROOT = Path(__file__).resolve().parents[2]
SLOW = b"FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_bytes(SLOW)
    (folder / "requirements.txt").write_text("flask==3.0.0\n", encoding="utf-8")
    return folder


def on_terminal(app: Path, *arguments: str, **environment: str) -> bytes:
    """What a terminal gets; the pager writes what it gets to the file `paged`, if it is `keep`."""
    keep = app.parent / "keep"
    keep.write_text(f'#!/bin/sh\necho "$LESS" > "{app.parent}/less"\ncat > "{app.parent}/paged"\n')
    keep.chmod(0o755)
    clean = {k: v for k, v in os.environ.items() if k not in ("GIT_PAGER", "PAGER", "NO_COLOR")}
    clean.pop("LESS", None)
    clean.pop("FORCE_COLOR", None)
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "reorder", "--no-history", *arguments]
    extra = {name: value.replace("KEEP", str(keep)) for name, value in environment.items()}
    with subprocess.Popen(
        command,
        cwd=app,
        env={**clean, "PYTHONPATH": str(ROOT), "TERM": "xterm", **extra},
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(main, 4096)
            except OSError:  # as Linux says that the terminal was closed
                break
            if not part:
                break
            shown += part
    os.close(main)
    assert process.returncode in (0, 1)
    return shown


def paged(app: Path) -> bytes | None:
    found = app.parent / "paged"
    return found.read_bytes() if found.exists() else None


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        pytest.param(["--check"], {}, id="check"),
        pytest.param(["--no-pager"], {}, id="not wanted"),
        pytest.param(["--format", "json"], {}, id="data"),
        pytest.param([], {"TERM": "dumb"}, id="a terminal that cannot"),
        pytest.param([], {"GIT_PAGER": "cat"}, id="cat is none"),
        pytest.param([], {"GIT_PAGER": ""}, id="empty is none"),
    ],
)
def test_no_pager(app: Path, arguments: list[str], environment: dict[str, str]) -> None:
    shown = on_terminal(app, *arguments, **{"PAGER": "KEEP", **environment})
    assert paged(app) is None
    assert b"COPY requirements.txt" in shown


def test_no_pager_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "exit 9")
    assert not pager.page(b"x")


def test_no_pager_where_nothing_changes(app: Path) -> None:
    (app / "Dockerfile").write_bytes(b"FROM scratch\n")
    assert on_terminal(app, PAGER="KEEP") == b""
    assert paged(app) is None


def test_the_diff_is_shown_in_the_pager_in_colour(app: Path) -> None:
    shown = on_terminal(app, PAGER="KEEP")
    assert shown == b""
    assert b"\x1b[32m+COPY requirements.txt" in (paged(app) or b"")
    assert (app.parent / "less").read_text() == "FRX\n"


def test_what_the_user_said_of_less_holds(app: Path) -> None:
    on_terminal(app, PAGER="KEEP", LESS="R")
    assert (app.parent / "less").read_text() == "R\n"


def test_that_of_git_comes_first(app: Path) -> None:
    on_terminal(app, PAGER="exit 9", GIT_PAGER="KEEP")
    assert paged(app) is not None


def test_a_pager_of_the_repository_is_not_run(app: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=app, check=True)
    keep = app.parent / "keep"
    subprocess.run(["git", "config", "core.pager", str(keep)], cwd=app, check=True)
    on_terminal(app, PAGER="cat")
    assert paged(app) is None


def test_a_pager_that_cannot_be_run_loses_nothing(app: Path) -> None:
    assert b"COPY requirements.txt" in on_terminal(app, PAGER="no-such-pager-of-mine 2>/dev/null")


def test_a_pager_that_is_left_early_is_no_error(app: Path) -> None:
    assert on_terminal(app, PAGER="exit 0") == b""


def test_no_colour_in_the_pager_where_it_is_not_wanted(app: Path) -> None:
    on_terminal(app, PAGER="KEEP", NO_COLOR="1")
    assert b"\x1b" not in (paged(app) or b"\x1b")


def test_control_characters_do_not_reach_the_pager(app: Path) -> None:
    (app / "Dockerfile").write_bytes(SLOW.replace(b"COPY", b"# \x1b[2J caf\xe9\nCOPY", 1))
    on_terminal(app, "--color", "never", PAGER="KEEP")
    found = paged(app) or b"\x1b"
    assert b"\x1b" not in found
    assert b"\\x1b[2J caf\\udce9" in found
