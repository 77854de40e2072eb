"""A program of an engine is ended with all that it started, whatever happens."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from reorder.verify import process
from reorder.verify.process import run


def script(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_both_streams_come_line_by_line() -> None:
    heard: list[str] = []
    text = "import sys; print('a', flush=True); print('b', file=sys.stderr); sys.exit(3)"
    ended = run(script(text), on_line=heard.append)
    assert (ended.code, ended.lines, ended.late) == (3, ("a", "b"), False)
    assert heard == ["a", "b"]


def test_stdin_is_empty_and_the_environment_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONE", "1")
    text = "import os, sys; print(repr(sys.stdin.read()), os.environ['ONE'], os.environ['TWO'])"
    assert run(script(text), env={"TWO": "2"}).lines == ("'' 1 2",)


def test_bytes_that_are_no_text_are_shown() -> None:
    assert run(script(r"import os; os.write(1, b'\xff\r\n')")).lines == (
        "\N{REPLACEMENT CHARACTER}",
    )


def test_a_program_that_is_not_there_is_an_error() -> None:
    with pytest.raises(OSError, match="No such file"):
        run(["/nonexistent"])


def test_the_group_is_ended_when_its_time_is_up(tmp_path: Path) -> None:
    ended = run(script(PARENT.format(tmp_path)), seconds=0.7)
    assert ended.late
    assert ended.code != 0
    assert gone(int((tmp_path / "child").read_text()))


def test_one_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE", 0.3)
    text = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    begin = time.monotonic()
    assert run(script(text), seconds=0.5).code == -9
    assert time.monotonic() - begin < 20


def test_an_interrupt_ends_the_group_and_goes_on(tmp_path: Path) -> None:
    def interrupted(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(script(PARENT.format(tmp_path)), seconds=60, on_line=interrupted)
    assert gone(int((tmp_path / "child").read_text()))


# Starts a child, says its number, and waits for it.
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open("{}/child", "w").write(str(child.pid))
print("ready", flush=True)
child.wait()
"""


def gone(pid: int) -> bool:
    """Whether a process ends soon; an orphan may wait for its new parent as a zombie."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
