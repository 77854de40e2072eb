"""What is shown while a run goes on."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from reorder.cli import codemod_live
from reorder.cli.codemod_live import RECENT, line, live
from reorder.fleet.row import Row, Saving

CHANGED = Row("h/o/changed", "changed", saving=Saving(59.9, 2.2, 3600))
FAILED = Row("h/o/failed", "error", "git clone failed: [red]no\x1b[31m\nway")
SAME = Row("h/o/same", "unchanged", "nothing to change")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _able(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


def run(stream: io.StringIO, *rows: Row, total: int | None = 50) -> str:
    with live(total, stream) as tell:
        for row in rows:
            tell(row)
    return stream.getvalue()


def test_no_rows_say_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(io.StringIO()) == ""
    assert capsys.readouterr().err == ""


def test_no_terminal_gets_a_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(io.StringIO(), CHANGED, FAILED, SAME) == ""
    assert capsys.readouterr().err.splitlines() == [
        "changed  h/o/changed  60 s -> 2.2 s  (1 of 50)",
        "error  h/o/failed  git clone failed: [red]no\\x1b[31m way  (2 of 50)",
        "unchanged  h/o/same  nothing to change  (3 of 50)",
    ]


def test_how_many_there_are_may_be_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    run(io.StringIO(), SAME, total=None)
    assert capsys.readouterr().err.endswith("  (1)\n")


@pytest.mark.parametrize("lacking", ["rich", "terminal"])
def test_without_rich_or_an_able_terminal_there_are_lines(
    lacking: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking == "rich":
        monkeypatch.setattr(codemod_live, "find_spec", lambda name: None)
    else:
        monkeypatch.setenv("TERM", "dumb")
    assert run(Terminal(), SAME) == ""
    assert capsys.readouterr().err == "unchanged  h/o/same  nothing to change  (1 of 50)\n"


def test_a_change_of_which_no_number_is_known_has_its_name_only() -> None:
    assert line(Row("h/o/x", "changed")) == "changed  h/o/x"


def test_nothing_from_a_repository_reaches_the_terminal_raw() -> None:
    said = run(Terminal(), FAILED, Row("h/\x1b]0;title\x07/x", "unchanged", "\x1b[2J"))
    assert "\x1b]0" not in said
    assert "\x1b[2J" not in said
    assert "[red]no" in said


def test_a_terminal_shows_how_far_it_is() -> None:
    said = run(Terminal(), CHANGED, FAILED, SAME)
    assert "3 of 50, 1 changed, 1 failed, 58 h a year saved" in said
    assert "h/o/same" in said


def test_what_failed_stays_and_the_rest_goes() -> None:
    terminal = Terminal()
    said = run(terminal, *[SAME] * (RECENT + 2), FAILED)
    last = said.rpartition("git clone failed")[2]
    assert said.endswith("\x1b[2K")  # the bar's line is empty again
    assert last.count("h/o/same") >= RECENT  # drawn again below it


def test_an_interrupt_leaves_no_bar_behind() -> None:
    stream = Terminal()
    with pytest.raises(KeyboardInterrupt), live(3, stream) as tell:  # noqa: PT012
        tell(SAME)
        raise KeyboardInterrupt
    assert stream.getvalue().endswith("\x1b[2K")


def test_rich_is_imported_only_where_it_is_used() -> None:
    code = "import sys, reorder.cli.codemod_live; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"
