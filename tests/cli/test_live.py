"""What is shown while something builds."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from reorder.cli import live
from reorder.cli.live import watched

STEP = "#7 [builder 3/8] RUN make"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _able(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def build(stream: io.StringIO) -> str:
    with watched(stream) as watcher:
        watcher.tell("cold build: the original")
        watcher.on_line("#7 0.3 hello")
        watcher.on_line(STEP)
    return stream.getvalue()


def test_no_terminal_gets_lines_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert build(io.StringIO()) == ""
    assert capsys.readouterr().err == "cold build: the original\n"


def test_nor_does_a_dumb_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert build(Terminal()) == ""
    assert capsys.readouterr().err == "cold build: the original\n"


def test_without_rich_there_are_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "find_spec", lambda name: None)
    assert build(Terminal()) == ""
    assert capsys.readouterr().err == "cold build: the original\n"


def test_a_terminal_shows_the_step_below_and_takes_it_away() -> None:
    stream = Terminal()
    with watched(stream) as watcher:
        watcher.tell("cold build: the [red]original")
        watcher.on_line(STEP)
    said = stream.getvalue()
    assert "cold build: the [red]original" in said
    assert "[builder 3/8] RUN make" in said
    assert said.endswith("\x1b[2K")  # the line of the step is empty again


def test_a_failure_leaves_no_step_behind() -> None:
    stream = Terminal()
    with pytest.raises(KeyboardInterrupt), watched(stream) as watcher:  # noqa: PT012
        watcher.on_line(STEP)
        raise KeyboardInterrupt
    assert stream.getvalue().endswith("\x1b[2K")


def test_rich_is_imported_only_where_it_is_used() -> None:
    code = "import sys, reorder.cli.live, reorder.cli.verify; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"
