"""The process that works on one repository. It speaks in lines: `@what it does now`, then a result.

`python -m reorder.fleet.work.child` reads its task from stdin, pickled by the process above it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import tempfile
from pathlib import Path
from time import monotonic
from types import FrameType

from reorder.errors import visible
from reorder.fleet.row import Row, Status
from reorder.fleet.secrets import redacted
from reorder.fleet.work.limits import end_with, limit
from reorder.fleet.work.task import Done, Task, packed


def run_child(task: Task, folder: Path, pipe: int, parent: int) -> None:
    """Work below `folder`, say the result on a pipe, and end the process."""
    limit(task.settings.memory, task.settings.timeout)
    signal.signal(signal.SIGTERM, _interrupted)
    end_with(parent, lambda: os.killpg(0, signal.SIGKILL))
    _silence()
    # What is left when it is killed goes with the folder.
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)

    def tell(said: str) -> None:
        os.write(pipe, f"@{visible(said)}\n".encode())

    begun = monotonic()
    try:
        from reorder.fleet.work.one import work_on

        done = work_on(task, folder, tell, begun)
    except MemoryError:
        done = _failed(task, f"it takes more than {task.settings.memory >> 20} MiB of memory")
    except RecursionError:
        done = _failed(task, "something in it is nested too deeply")
    except Exception as error:  # a bug of ours costs one repository, not the run
        done = _failed(task, f"internal error ({_where(error)})")
    raw = packed(done)
    while raw:
        raw = raw[os.write(pipe, raw) :]
    os._exit(0)


def _failed(task: Task, reason: str, status: Status = "error") -> Done:
    row = Row(task.repository.name, status, reason, version=task.version, config=task.config)
    return Done(row)


def _where(error: BaseException) -> str:
    """The kind of an exception and where it came from, for a report."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    at = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
    return redacted(f"{type(error).__name__}: {error}{at}")[:500]


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Builds are stopped, and git puts its locks away."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _silence() -> None:
    """What libraries and git would print belongs to nobody."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


if __name__ == "__main__":
    run_child(*pickle.load(sys.stdin.buffer))
