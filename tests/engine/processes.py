"""Daemons of the engine home: started, found again, and stopped by their own recorded pid."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from engine.home import Home, Unavailable

_PATIENCE = 60  # seconds for a daemon to come up or to go


def start(
    home: Home,
    name: str,
    argv: Sequence[str | Path],
    ready: Callable[[], bool],
    env: Mapping[str, str] | None = None,
) -> None:
    """A daemon in a session of its own, up and answering; its log and pid go to `home.run`.

    Not `subprocess.Popen`: it warns when its object goes while the daemon lives on.

    Raises:
        Unavailable: it did not come up; the message has the end of its log.
    """
    words = [str(word) for word in argv]
    with (home.run / f"{name}.log").open("wb") as log, Path(os.devnull).open("rb") as nothing:
        actions: list[tuple[int, ...]] = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        actions += [(os.POSIX_SPAWN_CLOSE, number) for number in _handed_down()]
        own = {"PATH": f"{home.debian / 'usr/sbin'}:{os.environ.get('PATH', os.defpath)}"}  # runc
        environment = os.environ | own | dict(env or {})
        pid = os.posix_spawn(words[0], words, environment, file_actions=actions, setsid=True)
    (home.run / f"{name}.pid").write_text(str(pid))
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > deadline or running(home, name) is None:
            said = (home.run / f"{name}.log").read_text(errors="replace")[-2000:]
            raise Unavailable(f"{name} did not start: {said}")
        time.sleep(0.1)


def stop(home: Home, name: str) -> None:
    """Ends a daemon, and waits until it is gone; does nothing if it is not ours any more."""
    pid = running(home, name)
    if pid:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        while running(home, name) == pid and time.monotonic() < deadline:
            time.sleep(0.1)
    (home.run / f"{name}.pid").unlink(missing_ok=True)


def running(home: Home, name: str) -> int | None:
    """The pid; None where the process is gone, or the number is another program's by now."""
    try:
        pid = int((home.run / f"{name}.pid").read_text())
        program = Path(f"/proc/{pid}/exe").readlink()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return None
    return pid if program.is_relative_to(home.root.resolve()) and state != "Z" else None


def recorded(home: Home) -> list[str]:
    """The names of all that were started here."""
    return [path.stem for path in sorted(home.run.glob("*.pid"))]


def _handed_down() -> list[int]:
    """What this process was given open, a lock or a pipe: a daemon would hold on to it."""
    found = []
    for number in map(int, os.listdir("/proc/self/fd")):
        with suppress(OSError):  # the one of the listing is closed by now
            if number > 2 and os.get_inheritable(number):
                found.append(number)
    return found
