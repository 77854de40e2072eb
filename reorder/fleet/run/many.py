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

    `again` has what was in hand when it died.
    """

    workers: Workers
    window: int
    executor: Executor
    held: dict[Future[Done], Task] = field(default_factory=dict)
    again: list[Task] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    alone: bool = False

    def fill(self, waiting: Iterator[Task | None]) -> None:
        if not self.held:
            self.alone = bool(self.again)
        while len(self.held) < (1 if self.alone else self.window):
            task = self.again.pop() if self.again else next(waiting, None)
            if task is None:
                return
            try:
                self.held[self.executor.submit(confined, task)] = task
            except BrokenExecutor:  # it died between two of them
                self.again.append(task)
                self.renew()

    def renew(self) -> None:
        """After a death: a new executor, and all that was in hand is to be done again."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.workers()
        self.again += reversed(self.held.values())
        self.held.clear()


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
            if not hand.held:
                return
            ended, _ = wait(hand.held, return_when=FIRST_COMPLETED)
            for future in ended & hand.held.keys():
                yield from _ended(hand, future)
    finally:
        hand.executor.shutdown(wait=False, cancel_futures=True)


def _ended(hand: _Hand, future: Future[Done]) -> Iterator[Done]:
    if future not in hand.held:
        return  # it was put back when another one of them died
    task = hand.held[future]
    try:
        done = future.result()
    except BrokenExecutor:
        name = task.repository.name
        hand.lost[name] += hand.alone
        if hand.lost[name] >= MOST_LOST:
            del hand.held[future]
            yield _given_up(task, f"{MOST_LOST} processes died while they worked on it")
        hand.renew()
        return
    except Exception as error:  # of a cluster: one repository, not the run
        done = _given_up(task, f"its worker failed: {type(error).__name__}: {error}")
    del hand.held[future]
    yield done


def _given_up(task: Task, reason: str) -> Done:
    row = Row(task.repository.name, "error", reason, version=task.version, config=task.config)
    return Done(row)
