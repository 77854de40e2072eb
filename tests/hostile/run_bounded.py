"""The command in a process with a ceiling: no test here knows a time, only an outcome."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECONDS = 40  # of the processor; what is meant to end takes one or two, what explodes takes hours
MEMORY = 1 << 30
WAIT = 300  # of the clock: only what blocks reaches it


@dataclass(frozen=True)
class Ended:
    """How a command ended. A negative code is the signal that killed it."""

    code: int
    out: bytes
    err: str


def reorder(folder: Path, *arguments: str) -> Ended:
    """Runs the command line in a folder. A command that blocks fails the test that calls it."""
    done = subprocess.run(
        [sys.executable, "-m", "reorder", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=WAIT,
        preexec_fn=_ceiling,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "LC_ALL": "C.UTF-8"},
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr.decode("utf-8", "surrogateescape"))


def ends_well(folder: Path, *arguments: str) -> Ended:
    """The same; fails for a traceback, a kill, and an exit code that nobody documented."""
    ended = reorder(folder, *arguments)
    assert "Traceback" not in ended.err, ended.err[-2000:]
    assert ended.code in (0, 1, 2), (ended.code, ended.err[-2000:])
    return ended


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Files by their path below a folder."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())


def sparse(path: Path, size: int = 1 << 30) -> None:
    """A file that has a size and takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def _ceiling() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
