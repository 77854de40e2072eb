"""Which processes are ended: only those that were started here. Needs no engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from engine import processes
from engine.daemons import down
from engine.home import Home


@contextmanager
def sleeping(program: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([program, "60"]) as process:
        yield process
        process.kill()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path)
    found.run.mkdir()
    return found


@pytest.mark.parametrize("text", ["", "no number", "4194305"])
def test_a_pid_file_that_names_no_process_is_only_removed(text: str, home: Home) -> None:
    (home.run / "registry.pid").write_text(text)
    down(home)
    assert list(home.run.iterdir()) == []


def test_a_pid_that_is_another_programs_by_now_is_left_alone(home: Home) -> None:
    program = shutil.which("sleep")
    assert program
    with sleeping(Path(program)) as process:
        (home.run / "buildkitd.pid").write_text(str(process.pid))
        down(home)
        assert process.poll() is None


def test_a_program_of_the_home_is_ended(home: Home) -> None:
    program = shutil.which("sleep")
    assert program
    home.bin.mkdir()
    mine = home.bin / "buildkitd"
    shutil.copy(Path(program).resolve(), mine)
    with sleeping(mine) as process:
        (home.run / "buildkitd.pid").write_text(str(process.pid))
        down(home)
        assert process.wait(10) == -15


def test_a_daemon_holds_on_to_nothing_of_its_starter(home: Home) -> None:
    program = shutil.which("sleep")
    assert program
    home.bin.mkdir()
    mine = home.bin / "buildkitd"
    shutil.copy(Path(program).resolve(), mine)
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    processes.start(home, "buildkitd", [mine, "60"], lambda: True)
    os.close(writing)
    try:
        assert os.read(reading, 1) == b""  # the last writer is gone
    finally:
        os.close(reading)
        down(home)
        os.waitpid(-1, 0)
