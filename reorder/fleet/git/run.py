"""Git in folders of our own, and over the network; nothing outlives its time.

Every folder it runs in was made by us, so that the only configuration it reads is ours, and over
the network the user's own (see network.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread, Timer
from time import monotonic
from typing import IO

from reorder.context.git import OFF, environment
from reorder.fleet.git.errors import GitError, Kind
from reorder.fleet.secrets import redacted
from reorder.report.style import visible

SECONDS = 120.0  # for a command on this machine
MOST_OUTPUT = 1 << 28
MOST_SAID = 1 << 16  # of stderr, from its end
MOST_REASON = 300  # characters
_GRACE = 2.0
_OWN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
}
# Beyond what is off for reading: nothing goes on in the background, nothing is taken over.
ALSO_OFF = {
    "core.commitGraph": "false",
    "core.excludesFile": os.devnull,
    "core.logAllRefUpdates": "false",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "gc.auto": "0",
    "init.templateDir": "",
    "maintenance.auto": "false",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended: its output, and the last thing it said, fit to be printed."""

    code: int
    output: bytes
    said: str


def run(
    *arguments: str,
    gitdir: Path | None = None,
    worktree: Path | None = None,
    stdin: bytes = b"",
    seconds: float = SECONDS,
    most: int = MOST_OUTPUT,
    extra: Mapping[str, str] | None = None,
) -> Ran:
    """A git command on this machine, without the user's configuration, to its end.

    Raises:
        GitError: git is missing, was too slow or said more than `most` bytes.
    """
    said = environment() | _OWN | dict(extra or {})
    if gitdir is not None:
        said["GIT_DIR"] = str(gitdir)
    if worktree is not None:
        said["GIT_WORK_TREE"] = str(worktree)
    return start(arguments, OFF | ALSO_OFF, said, worktree or gitdir, stdin, seconds, most)


def git(
    *arguments: str,
    gitdir: Path | None = None,
    worktree: Path | None = None,
    stdin: bytes = b"",
    seconds: float = SECONDS,
    most: int = MOST_OUTPUT,
    extra: Mapping[str, str] | None = None,
    kind: Kind = "broken",
) -> bytes:
    """The output of a command that must succeed. Raises GitError of `kind` if it does not."""
    ran = run(
        *arguments,
        gitdir=gitdir,
        worktree=worktree,
        stdin=stdin,
        seconds=seconds,
        most=most,
        extra=extra,
    )
    if ran.code:
        raise GitError(kind, f"git {arguments[0]} failed: {ran.said}")
    return ran.output


def start(
    arguments: tuple[str, ...],
    options: Mapping[str, str],
    env: Mapping[str, str],
    cwd: Path | None,
    stdin: bytes,
    seconds: float,
    most: int = MOST_OUTPUT,
) -> Ran:
    """See `run`; with all that it is given."""
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    # A file, not a pipe: nobody has to write while the output is read.
    with TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        try:
            process = subprocess.Popen(
                ["git", "--no-pager", *words, *arguments],
                cwd=cwd or os.sep,
                env=dict(env),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=not _leads(),
            )
        except OSError as error:
            reason = f"git cannot be started: {error.strerror}"
            raise GitError("broken", reason) from None
    verb = next(word for word in arguments if not word.startswith("-") and "=" not in word)
    return _ended(process, verb, seconds, most)


def reason(said: bytes) -> str:
    """The line of git's that tells most, in one line without secrets or escapes."""
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal: ", "error: ", "ERROR: "))]
    last = next(iter(told), lines[-1] if lines else "it said nothing")
    text = visible(redacted(last.strip())).removeprefix("fatal: ").removeprefix("error: ")
    return text if len(text) <= MOST_REASON else text[:MOST_REASON] + "…"


def _leads() -> bool:
    """Whether we lead a session: then its end, at the end of our time, is to be git's end too."""
    return os.getsid(0) == os.getpid()


def _ended(process: subprocess.Popen[bytes], verb: str, seconds: float, most: int) -> Ran:
    assert process.stdout is not None
    assert process.stderr is not None
    said = bytearray()
    listener = Thread(target=_keep_end, args=(process.stderr, said), daemon=True)
    timer = Timer(seconds, _end, (process,))
    end = monotonic() + seconds
    try:
        timer.start()
        listener.start()
        output = process.stdout.read(most + 1)
        if len(output) > most:
            _end(process)
        listener.join()
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        timer.cancel()
        timer.join()
        process.stdout.close()
        if not listener.is_alive():
            process.stderr.close()
    if len(output) > most:
        raise GitError("refused", f"git {verb} has more to say than {most:,} bytes")
    if code < 0 and monotonic() >= end:
        raise GitError("timeout", f"git {verb} took longer than {seconds:.0f} s")
    return Ran(code, output, reason(bytes(said)))


def _keep_end(stream: IO[bytes], said: bytearray) -> None:
    with suppress(ValueError, OSError):  # it is closed under us when we are interrupted
        while block := os.read(stream.fileno(), MOST_SAID):
            said += block
            del said[:-MOST_SAID]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends git and what it started; it is not waited for before, so that the id is still its."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(process.pid) != os.getpgid(0):
            os.killpg(process.pid, signal.SIGKILL)
            return
        process.send_signal(signal.SIGTERM)  # git ends its own helpers on this
    deadline = monotonic() + _GRACE
    while process.returncode is None and monotonic() < deadline:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    with suppress(ProcessLookupError, PermissionError):
        process.kill()
