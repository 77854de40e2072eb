"""A real BuildKit on this machine, from nothing, and base images under their public names."""

from __future__ import annotations

import fcntl
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from engine import bases, daemons, machine, tools
from engine.builds import connect
from engine.home import Home, home

_WORTH_SAYING = 0.2  # seconds


def start(*, jobs: int = 2, worker: str = "") -> daemons.Daemons:
    """The engine, running, from whatever state the machine is in; each worker has its own builder.

    Raises:
        Unavailable: it cannot be had here; the message says what is missing.
    """
    place = home()
    place.root.mkdir(parents=True, exist_ok=True)
    with _alone(place):  # a second start waits and then finds it running
        return _start(place, jobs, worker)


def provide(running: daemons.Daemons, dockerfiles: Iterable[str]) -> None:
    """The base images that the builds of these texts need. Raises Unavailable."""
    with _alone(running.home):
        for base in bases.named_in(dockerfiles):
            with _timed(base.name):
                bases.provide(running, base)


def stop(running: daemons.Daemons) -> None:
    """Ends what `start` started; what was running before stays."""
    if running.started:
        with _alone(running.home):
            daemons.release(running)


def _start(place: Home, jobs: int, worker: str) -> daemons.Daemons:
    with _timed("programs"):
        tools.install(place, jobs=jobs)
    with _timed("daemons"):
        machine.collect(place)
        running = daemons.up(place, worker)
    connect(running)
    return running


@contextmanager
def _alone(place: Home) -> Iterator[None]:
    with (place.root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _timed(what: str) -> Iterator[None]:
    begin = time.monotonic()
    yield
    took = time.monotonic() - begin
    if took > _WORTH_SAYING:
        print(f"{took:6.1f} s  {what}", file=sys.stderr, flush=True)
