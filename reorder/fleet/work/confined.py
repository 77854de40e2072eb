"""One repository in a process of its own: whatever it does, a row comes out in bounded time.

The process is forked where that is safe, because its modules are loaded already, and started anew
in a worker with threads (a Dask worker has some).
"""

from __future__ import annotations

import os
import pickle
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final

from reorder.fleet.row import Row, Status
from reorder.fleet.work.child import run_child
from reorder.fleet.work.task import Done, Task, unpacked

GRACE: Final = 3.0  # seconds between the polite signal and the last one
MOST_RESULT: Final = 64 << 20
_CHUNK: Final = 1 << 16


class Stopped(SystemExit):
    """The run has ended: what is worked on is to end as well. Raised by a signal."""


def confined(task: Task) -> Done:
    """Work on one repository. Nothing is raised for what the repository does."""
    begun = monotonic()
    if task.settings.work is not None:
        task.settings.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="reorder-", dir=task.settings.work))
    try:
        forked = threading.active_count() == 1
        pid, pipe = (_fork if forked else _spawn)(task, folder)
        raw, late = _heard(pid, pipe, task.settings.timeout)
        ended = _reaped(pid)
    except Stopped:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)  # a pool would give this process the next task
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _done(task, raw, late, ended, monotonic() - begun)


def _fork(task: Task, folder: Path) -> tuple[int, int]:
    mine, theirs = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return pid, mine
    try:
        os.close(mine)
        run_child(task, folder, theirs, parent)
    finally:
        os._exit(1)  # whatever happened, the worker's own code does not go on here


def _spawn(task: Task, folder: Path) -> tuple[int, int]:
    mine, theirs = os.pipe()
    with tempfile.TemporaryFile() as given:
        pickle.dump((task, folder, theirs, os.getpid()), given)
        given.seek(0)
        words = [sys.executable, "-m", "reorder.fleet.work.child"]
        process = subprocess.Popen(words, stdin=given, pass_fds=(theirs,))
    os.close(theirs)
    process.returncode = 0  # it is waited for here, by its number
    return process.pid, mine


def _heard(pid: int, pipe: int, timeout: float) -> tuple[bytes, bool]:
    """What the child said until it closed the pipe, and whether it had to be stopped."""
    end, heard = monotonic() + timeout, bytearray()
    late = False
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        try:
            while True:
                if not selector.select(max(0.0, end - monotonic())):
                    if late:
                        break
                    late, end = True, monotonic() + GRACE
                    _signal(pid, signal.SIGTERM)
                    continue
                chunk = os.read(pipe, _CHUNK)
                heard += chunk
                if not chunk or len(heard) > MOST_RESULT:
                    break
        except Stopped:
            _signal(pid, signal.SIGTERM)
            end = monotonic() + GRACE
            while selector.select(max(0.0, end - monotonic())) and os.read(pipe, _CHUNK):
                pass
            raise
        finally:
            _signal(pid, signal.SIGKILL)  # also what it left behind
            os.close(pipe)
    return bytes(heard), late


def _signal(pid: int, number: signal.Signals) -> None:
    for kill in (os.killpg, os.kill):  # it may not lead its group yet
        try:
            kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _reaped(pid: int) -> int:
    """The exit code, or the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _done(task: Task, raw: bytes, late: bool, ended: int, seconds: float) -> Done:
    said = raw.splitlines()
    stages = [line[1:].decode("utf-8", "replace") for line in said if line[:1] == b"@"]
    if said:
        with suppress(ValueError):
            return unpacked(said[-1])
    during = f" ({stages[-1]})" if stages else ""
    if late:
        limit = task.settings.timeout
        return _row(task, "timeout", f"not done after {limit:g} seconds{during}", seconds)
    return _row(task, "error", f"{_why(ended, len(raw))}{during}", seconds)


def _why(ended: int, size: int) -> str:
    if size > MOST_RESULT:
        return f"its result has more than {MOST_RESULT:,} bytes"
    if ended < 0 and ended != -signal.SIGKILL:
        return f"the process that worked on it was ended by {signal.Signals(-ended).name}"
    return "the process that worked on it ended without a result; memory may have run out"


def _row(task: Task, status: Status, reason: str, seconds: float) -> Done:
    return Done(
        Row(
            task.repository.name,
            status,
            reason,
            seconds=seconds,
            version=task.version,
            config=task.config,
        )
    )
