"""What a process may use while it works on a repository that nobody vetted."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from types import FrameType
from typing import Final

MOST_FILE: Final = 4 << 30  # bytes of one file, a pack included
MOST_OPEN: Final = 1024
WATCHED: Final = 1.0  # seconds between two looks at whether anyone still waits for the result


def limit(memory: int, seconds: float) -> None:
    """Bound this process and all that it starts; it leads a group of its own from now on."""
    os.setsid()
    _at_most(resource.RLIMIT_AS, memory)
    _at_most(resource.RLIMIT_FSIZE, MOST_FILE)
    _at_most(resource.RLIMIT_NOFILE, MOST_OPEN)
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_CPU, int(seconds) + 60)  # the clock on the wall comes first


def end_with(parent: int, leave: Callable[[], None]) -> None:
    """Leave as soon as the parent is gone: nobody waits for the result then."""

    def look(number: int, frame: FrameType | None) -> None:
        if os.getppid() != parent:
            leave()

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, WATCHED, WATCHED)


def _at_most(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
