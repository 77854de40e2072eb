"""Many tasks through an executor that may break."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from reorder.fleet.repository import Repository
from reorder.fleet.row import Row
from reorder.fleet.run import many
from reorder.fleet.run.executors import processes, stop_processes
from reorder.fleet.run.many import work_through
from reorder.fleet.settings import Settings
from reorder.fleet.work.task import Done, Task


def task(name: str) -> Task:
    return Task(Repository(name), Settings(Path("nowhere")), "1")


def tasks(count: int) -> list[Task]:
    return [task(f"r{number}") for number in range(count)]


def fine(task: Task) -> Done:
    return Done(Row(task.repository.name, "unchanged"))


class Breaking(Executor):
    """Runs at once, and dies over what `over` says; after that nothing works any more."""

    def __init__(self, over: Callable[[Task], bool]) -> None:
        self.over, self.broken = over, False

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if self.broken:
            raise BrokenExecutor
        found: Future[Done] = Future()
        if self.over(args[0]):
            self.broken = True
            found.set_exception(BrokenExecutor())
        else:
            found.set_result(fine(args[0]))
        return found


def names(found: Iterator[Done]) -> dict[str, str]:
    rows = [done.row for done in found]
    assert len({row.repo for row in rows}) == len(rows)
    return {row.repo: row.status for row in rows}


def test_nothing_to_do() -> None:
    assert list(work_through([], lambda: ThreadPoolExecutor(1), 2)) == []


def test_a_repository_that_workers_die_over_is_given_up() -> None:
    asked: Counter[str] = Counter()

    def over(task: Task) -> bool:
        asked[task.repository.name] += 1
        return task.repository.name == "r3"

    found = names(work_through(tasks(8), lambda: Breaking(over), 3))
    assert found == {f"r{n}": "error" if n == 3 else "unchanged" for n in range(8)}
    assert asked["r3"] <= 1 + many.MOST_LOST


def test_what_was_in_hand_when_a_worker_died_is_done() -> None:
    left = [True]

    def over(task: Task) -> bool:
        return task.repository.name == "r1" and bool(left and left.pop())

    found = names(work_through(tasks(5), lambda: Breaking(over), 5))
    assert set(found.values()) == {"unchanged"}
    assert len(found) == 5


def test_workers_that_never_start_are_no_endless_loop() -> None:
    broken = Breaking(lambda _: True)
    broken.broken = True
    found = names(work_through(tasks(4), lambda: broken, 2))
    assert found == {f"r{n}": "error" for n in range(4)}


def test_a_failure_of_the_cluster_costs_one_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(task: Task) -> Done:
        if task.repository.name == "r1":
            raise ValueError("lost")
        return fine(task)

    monkeypatch.setattr(many, "confined", work)
    found = {d.row.repo: d.row for d in work_through(tasks(3), lambda: ThreadPoolExecutor(2), 2)}
    assert found["r1"].reason == "its worker failed: ValueError: lost"
    assert len(found) == 3


def test_none_is_begun_while_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "confined", fine)
    ended: list[str] = []

    def waiting() -> Iterator[Task | None]:
        yield task("a")
        while not ended:
            yield None
        yield task("b")

    for done in work_through(waiting(), lambda: ThreadPoolExecutor(1), 4):
        ended.append(done.row.repo)
    assert ended == ["a", "b"]


def test_never_more_in_hand_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "confined", fine)
    begun = 0

    def waiting() -> Iterator[Task]:
        nonlocal begun
        for one in tasks(20):
            begun += 1
            yield one

    for ended, _ in enumerate(work_through(waiting(), lambda: ThreadPoolExecutor(2), 3), start=1):
        assert begun - ended <= 3


def test_a_killed_process_of_the_pool_is_replaced(tmp_path: Path) -> None:
    import multiprocessing

    settings = Settings(tmp_path, timeout=20.0, work=tmp_path / "work")
    repositories = [Repository(f"{tmp_path}/{n}", tmp_path / str(n)) for n in range(6)]
    todo = [Task(one, settings, "1") for one in repositories]
    try:
        found = work_through(todo, processes(1), 2)
        first = next(found)
        for process in multiprocessing.active_children():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
        rows = [first.row, *(done.row for done in found)]
    finally:
        stop_processes()
    assert sorted(row.repo for row in rows) == sorted(one.name for one in repositories)
    assert {row.status for row in rows} == {"error"}  # there is nothing at those places
    assert not any("died" in row.reason for row in rows)
