"""Runs one program of an engine, line by line, and ends all of it whatever happens."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Timer

GRACE = 10.0  # seconds that a client has to tell its daemon that the build is off
PROBE = 20.0  # seconds for a question such as `version`
MOST_LINE = 1 << 26
MOST_LOG = 1 << 28
_shared = False


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program said on both streams, in the order in which it came."""

    code: int
    lines: tuple[str, ...]
    seconds: float
    late: bool = False  # it was ended because its time was up


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    seconds: float = PROBE,
    on_line: Callable[[str], None] = lambda _: None,
) -> Ended:
    """A program to its end, or to the end of its time; never through a shell, without stdin.

    It gets a process group of its own, which is gone when this returns or raises: also on Ctrl-C.
    After `share_group` it stays in ours.

    Raises:
        OSError: there is no such program.
    """
    begin = time.monotonic()
    process = subprocess.Popen(
        list(argv),
        env=os.environ | dict(env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=not _shared,
    )
    timer = Timer(seconds, _end, (process,))
    timer.start()
    lines: list[str] = []
    size = 0
    try:
        assert process.stdout is not None
        while raw := process.stdout.readline(MOST_LINE):
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            size += len(line)
            if size < MOST_LOG:
                lines.append(line)
            on_line(line)
        code = process.wait()
    finally:
        timer.cancel()
        _end(process)
        if process.stdout is not None:
            process.stdout.close()
    took = time.monotonic() - begin
    return Ended(code, tuple(lines), took, late=took >= seconds and code != 0)


def share_group() -> None:
    """From now on programs stay in our process group, with which somebody else ends them."""
    global _shared
    _shared = True


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asks the group to end, and then makes it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            (process.send_signal if _shared else partial(os.killpg, process.pid))(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
