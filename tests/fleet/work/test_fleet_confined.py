"""The process that works on one repository: it always ends, and a row always comes out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fleet.processes import alive

from reorder.config import Options
from reorder.fleet.repository import Repository
from reorder.fleet.row import Row
from reorder.fleet.settings import Settings
from reorder.fleet.work import one
from reorder.fleet.work.confined import confined
from reorder.fleet.work.propose import _proved
from reorder.fleet.work.task import Done, Task, Tell, packed
from reorder.verify import process

Work = Callable[[Task, Path, Tell, float], Done]


def task(folder: Path, **chosen: object) -> Task:
    settings = Settings(output=folder, work=folder / "work", **chosen)  # type: ignore[arg-type]
    return Task(Repository("host/o/n", url="https://host/o/n"), settings, "1")


# The process that runs the tests may have threads that only wait.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def working(monkeypatch: pytest.MonkeyPatch, work: Work) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(one, "work_on", work)


def row(task: Task) -> Row:
    return Row(task.repository.name, "unchanged", "nothing to change")


def test_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        tell("cloning")
        time.sleep(600)
        raise AssertionError

    working(monkeypatch, work)
    found = confined(task(tmp_path, timeout=1.0)).row
    assert (found.status, found.reason) == ("timeout", "not done after 1 seconds (cloning)")
    assert list((tmp_path / "work").iterdir()) == []


def test_too_long_and_deaf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "pid"

    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        helper = subprocess.Popen(["sleep", "600"])
        mark.write_text(str(helper.pid))
        helper.wait()
        raise AssertionError

    working(monkeypatch, work)
    assert confined(task(tmp_path, timeout=1.0)).row.status == "timeout"
    assert not alive(int(mark.read_text()))


def test_too_long_and_with_something_to_put_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        try:
            time.sleep(600)
        finally:
            (tmp_path / "away").touch()
        raise AssertionError

    working(monkeypatch, work)
    assert confined(task(tmp_path, timeout=1.0)).row.status == "timeout"
    assert (tmp_path / "away").exists()


@pytest.mark.parametrize("deaf", [False, True])
def test_a_build_ends_with_it(deaf: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that is asked for in `--verify`: also when it does not listen."""
    mark = tmp_path / "pid"
    monkeypatch.setattr("reorder.verify.engines.find", lambda name: None)

    def proved(*_: object) -> None:
        trap = "trap '' TERM; " if deaf else ""
        process.run(["sh", "-c", f"{trap}echo $$ > {mark}; sleep 600; true"], seconds=600)

    monkeypatch.setattr("reorder.verify.proof.proved", proved)

    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        _proved((), lambda _: Options(), tell)
        raise AssertionError

    working(monkeypatch, work)
    assert confined(task(tmp_path, timeout=1.0)).row.status == "timeout"
    assert not alive(int(mark.read_text()))


def test_what_it_says_cannot_be_taken_for_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        tell("a\udcffb\n" + packed(Done(row(task))).decode())
        os._exit(0)

    working(monkeypatch, work)
    found = confined(task(tmp_path)).row
    assert found.status == "error"
    assert "(a\\udcffb\\n{" in found.reason


def test_temporary_files_are_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        places = tempfile.mkdtemp(), subprocess.check_output(["mktemp", "-d"], text=True)
        assert all(place.startswith(str(folder)) for place in places)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    working(monkeypatch, work)
    assert "internal error" not in confined(task(tmp_path)).row.reason
    assert list((tmp_path / "work").iterdir()) == []


def test_a_secret_in_a_bug_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        raise ValueError("https://me:s3cr3t-value@host/ and s3cr3t-value")

    monkeypatch.setenv("SOME_TOKEN", "s3cr3t-value")
    working(monkeypatch, work)
    reason = confined(task(tmp_path)).row.reason
    assert reason.startswith("internal error (ValueError: https://***@host/ and ***")


def test_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        return Done(row(task), b"x" * (2 << 30))

    working(monkeypatch, work)
    found = confined(task(tmp_path, memory=1 << 30)).row
    assert (found.status, found.reason) == ("error", "it takes more than 1024 MiB of memory")


def test_crashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        tell("rewriting")
        os.kill(os.getpid(), signal.SIGXCPU)
        raise AssertionError

    working(monkeypatch, work)
    found = confined(task(tmp_path)).row
    assert found.status == "error"
    assert found.reason == "the process that worked on it was ended by SIGXCPU (rewriting)"


def test_ended_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    working(monkeypatch, lambda *_: os._exit(0))
    assert confined(task(tmp_path)).row.status == "error"


def test_nested_too_deeply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        return work(task, folder, tell, begun)

    working(monkeypatch, work)
    assert confined(task(tmp_path)).row.reason == "something in it is nested too deeply"


def test_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        raise KeyError("x")

    working(monkeypatch, work)
    found = confined(task(tmp_path)).row
    assert found.reason.startswith("internal error (KeyError: 'x' at test_fleet_confined.py:")


def test_a_large_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch = os.urandom(1 << 20)
    working(monkeypatch, lambda task, *_: Done(row(task), patch))
    assert confined(task(tmp_path)) == Done(row(task(tmp_path)), patch)


def test_nothing_of_it_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def work(task: Task, folder: Path, tell: Tell, begun: float) -> Done:
        os.write(1, b"\x1b[2J")
        os.write(2, b"secret")
        return Done(row(task))

    working(monkeypatch, work)
    assert confined(task(tmp_path)).row.status == "unchanged"
    assert capfd.readouterr() == ("", "")


def test_a_worker_with_threads_starts_a_new_interpreter(tmp_path: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        found = confined(task(tmp_path, timeout=60.0)).row
    finally:
        stop.set()
        thread.join()
    assert found.status == "error"  # there is no such host
    assert "internal error" not in found.reason


ORPHAN = """
import sys, time
from pathlib import Path
from reorder.fleet.work import one
from reorder.fleet.work.confined import confined
from reorder.fleet.work.task import Task
from reorder.fleet.repository import Repository
from reorder.fleet.settings import Settings
import os
def work(*_):
    Path(sys.argv[1]).write_text(str(os.getpid()))
    while True:
        time.sleep(0.1)
one.work_on = work
confined(Task(Repository("h/o/n"), Settings(output=Path(sys.argv[2])), "1"))
"""


def test_it_ends_when_nobody_waits_for_it(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN, str(mark), str(tmp_path)])
    try:
        while not (mark.exists() and mark.read_text()):
            assert parent.poll() is None
            time.sleep(0.05)
    finally:
        parent.kill()
        parent.wait()
    assert not alive(int(mark.read_text()))


STOPPED = """
import os, subprocess, sys, time
from pathlib import Path
from reorder.fleet.repository import Repository
from reorder.fleet.run.executors import processes, stop_processes
from reorder.fleet.settings import Settings
from reorder.fleet.work import confined
from reorder.fleet.work.task import Task
def work(*_):
    helper = subprocess.Popen(["sleep", "600"])
    Path(sys.argv[1], "pid").write_text(str(helper.pid))
    try:
        helper.wait()
    finally:
        Path(sys.argv[1], "away").touch()
def begin(task):
    from reorder.fleet.work import one
    one.work_on = work
    return confined.confined(task)
if __name__ == "__main__":
    output = Path(sys.argv[1])
    pool = processes(1)()
    task = Task(Repository("h/o/n"), Settings(output, work=output / "work"), "1")
    pool.submit(begin, task), pool.submit(begin, task)
    while not (output / "pid").exists() or not (output / "pid").read_text():
        time.sleep(0.05)
    (output / "pid").rename(output / "first")
    stop_processes()
    print(sorted(os.listdir(output)), os.listdir(output / "work"))
"""


def test_nothing_is_left_of_processes_that_are_stopped(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(STOPPED)
    (tmp_path / "output").mkdir()
    words = [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "output")]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert ran.stdout == "['away', 'first', 'work'] []\n", ran.stderr
    assert not alive(int((tmp_path / "output/first").read_text()))
