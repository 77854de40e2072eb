"""`--max-prs-per-hour`: no more pull requests opened in any hour than people can take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Event

from reorder.fleet.pulls.contract import Pull, Refused

HOUR = 3600.0


class Pace:
    """Counts what was opened in the last hour, by the time that the forge has for each.

    So it survives a kill: rows of an earlier run say when theirs were opened, and one that has no
    row yet is met again, and noted, when its repository is done again.
    """

    def __init__(
        self,
        most: int | None,
        earlier: Iterable[tuple[str, datetime]] = (),
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] | None = None,
        stopped: Event | None = None,
    ) -> None:
        """`most` in an hour, None: any number; `earlier` has address and time of each.

        Nothing is opened, or waited for, once `stopped` is set.
        """
        self._most = most
        self._opened = {url: created.timestamp() for url, created in earlier}
        self._clock, self._stopped = clock, stopped or Event()
        self._sleep = sleep or self._stopped.wait

    def delay(self) -> float:
        """Seconds until the next one may be opened."""
        if self._most is None:
            return 0.0
        times = sorted(self._opened.values())
        if len(times) < self._most:
            return 0.0
        return max(0.0, times[-self._most] + HOUR - self._clock())

    def wait(self) -> None:
        """Sleeps for as long as that is. Raises Refused when the run ends."""
        while not self._stopped.is_set() and (left := self.delay()) > 0:
            self._sleep(left)
        if self._stopped.is_set():
            raise Refused("stopped", "the run ended before its turn")

    def note(self, pull: Pull) -> None:
        """Counts one, whoever opened it and when; the same one counts once."""
        self._opened[pull.url] = pull.created.timestamp()
