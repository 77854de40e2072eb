"""Many tasks through an executor: always a few in hand, none lost when a worker dies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field

from reorder.fleet.row import Row
from reorder.fleet.run.executors import Workers
from reorder.fleet.work.confined import confined
from reorder.fleet.work.task import Done, Task

MOST_LOST = 2  # processes that may die over one repository before it is given up


@dataclass
class _Hand:
    """What is being worked on. After a worker has died, one at a time: then it is known over what.

    `again` has what was in hand when it died; `dead` what is given up.
    """

    workers: Workers
    window: int
    executor: Executor
    held: dict[Future[Done], Task] = field(default_factory=dict)
    again: list[Task] = field(default_factory=list)
    dead: list[Task] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    alone: bool = False
    idle: bool = False  # there was nothing to take on

    def fill(self, waiting: Iterator[Task | None]) -> None:
        """Take on as much as may be in hand; stops early when a worker dies meanwhile."""
        self.alone = self.alone and bool(self.held or self.again)
        while len(self.held) < (1 if self.alone else self.window):
            task = self.again.pop() if self.again else next(waiting, None)
            self.idle = task is None
            if task is None:
                return
            try:
                self.held[self.executor.submit(confined, task)] = task
            except BrokenExecutor:
                self.died(task)
                return

    def died(self, task: Task) -> None:
        """A worker died while this one, and all that is held, was in hand."""
        name = task.repository.name
        self.lost[name] += self.alone
        (self.dead if self.lost[name] >= MOST_LOST else self.again).append(task)
        self.again += self.held.values()
        self.stop()
        self.executor = self.workers()
        self.alone = True

    def stop(self) -> None:
        """Forget what is in hand. Not every executor's `shutdown` cancels (Dask's does not)."""
        for future in self.held:
            future.cancel()
        self.held.clear()
        self.executor.shutdown(wait=False)


def work_through(tasks: Iterable[Task | None], workers: Workers, window: int) -> Iterator[Done]:
    """What became of each task, as they end. At most `window` of them are in hand at a time.

    None among the tasks: there is none as long as nothing ends. A worker that dies takes nothing
    with it: what was in hand is done again. The repository that `MOST_LOST` of them died over
    becomes an error.
    """
    hand = _Hand(workers, window, workers())
    waiting = iter(tasks)
    try:
        while True:
            hand.fill(waiting)
            while hand.dead:
                reason = f"{MOST_LOST} processes died while they worked on it"
                yield _given_up(hand.dead.pop(), reason)
            if not hand.held:
                if hand.idle:
                    return
                continue
            ended, _ = wait(hand.held, return_when=FIRST_COMPLETED)
            for future in ended:
                task = hand.held.pop(future, None)
                if task is None:
                    continue  # it was put back when another one died
                try:
                    done = future.result()
                except BrokenExecutor:
                    hand.died(task)
                    continue
                except Exception as error:  # of a cluster: one repository, not the run
                    done = _given_up(task, f"its worker failed: {type(error).__name__}: {error}")
                yield done
    finally:
        hand.stop()


def _given_up(task: Task, reason: str) -> Done:
    row = Row(task.repository.name, "error", reason, version=task.version, config=task.config)
    return Done(row)
