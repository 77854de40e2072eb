"""A real BuildKit on this machine, from nothing, with base images under their public names."""

from __future__ import annotations

import fcntl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from engine import bases, daemons, machine, tools
from engine.builds import connect
from engine.home import Home, home


def start(*, jobs: int = 2) -> daemons.Daemons:
    """The engine, running and with its base images, from whatever state the machine is in.

    Raises:
        Unavailable: it cannot be had here; the message says what is missing.
    """
    place = home()
    place.root.mkdir(parents=True, exist_ok=True)
    with (place.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second start waits and then finds it running
        return _start(place, jobs)


def _start(place: Home, jobs: int) -> daemons.Daemons:
    with _timed("programs"):
        tools.install(place, jobs=jobs)
    with _timed("daemons"):
        machine.collect(place)
        running = daemons.up(place)
    connect(running)
    for name in bases.NAMES:
        with _timed(name):
            bases.provide(running, name)
    return running


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begin = time.monotonic()
    yield
    print(f"{time.monotonic() - begin:6.1f} s  {what}", file=sys.stderr, flush=True)
