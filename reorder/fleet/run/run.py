"""A whole run: every repository of the list gets its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock

from reorder import __version__
from reorder.context.write import write_atomic
from reorder.fleet.listing.rows import Listed
from reorder.fleet.places import patch_path
from reorder.fleet.row import Row, mapped
from reorder.fleet.run.executors import Workers
from reorder.fleet.run.many import work_through
from reorder.fleet.run.results import Results, writing
from reorder.fleet.secrets import redacted
from reorder.fleet.settings import Settings, fingerprint
from reorder.fleet.work.task import Done, Task

OnRow = Callable[[Row], None]
Open = Callable[[Row], Row]  # opens or updates the pull request, and says so in the row


@dataclass(frozen=True, slots=True)
class Run:
    """`limit`: repositories that are worked on at most; what is known already does not count.

    `retry`: whether what failed in an earlier run is done again.
    """

    settings: Settings
    workers: Workers
    jobs: int
    limit: int | None = None
    retry: bool = False
    open_pull: Open | None = None
    look: Callable[[Listed], Listed] | None = None  # asks the forge before anything is cloned
    stopped: Event = field(default_factory=Event)  # set when the run ends early


def codemod(listed: Iterable[Listed], run: Run, found: Results, on_row: OnRow) -> None:
    """Work through a list; each row is on disk, and told, as soon as its repository is done."""
    lock = Lock()

    def keep(row: Row) -> None:
        with lock:
            found.append(row)

    begun: Counter[str] = Counter()

    def tasks() -> Iterator[Task | None]:
        for task in _tasks(listed, run, found, keep, on_row):
            while run.limit is not None and begun.total() >= run.limit:
                yield None
            begun[task.repository.name] += 1
            yield task

    with ExitStack() as stack:
        opener = stack.enter_context(_one_at_a_time(run.stopped)) if run.open_pull else None

        def opened(row: Row) -> None:
            assert run.open_pull is not None
            row = _clean(run.open_pull(row))
            keep(row)
            on_row(row)

        opening: list[Future[None]] = []
        for done in work_through(tasks(), run.workers, run.jobs + 1):
            row = done.row
            if done.kept:
                del begun[row.repo]
                if row != found.rows.get(row.repo):
                    keep(row)
            else:
                row = _stored(done, run.settings.output)
                keep(row)
            if opener is not None and row.status == "changed" and row.branch and not row.pr:
                opening.append(opener.submit(opened, row))
            else:
                on_row(row)
        for future in opening:
            future.result()


@contextmanager
def _one_at_a_time(stopped: Event) -> Iterator[ThreadPoolExecutor]:
    """A thread beside the run. A run that ends early waits for what it does now, for no more."""
    opener = ThreadPoolExecutor(1)
    try:
        yield opener
    except BaseException:
        stopped.set()
        raise
    finally:
        opener.shutdown(wait=True, cancel_futures=stopped.is_set())


def _tasks(
    listed: Iterable[Listed], run: Run, found: Results, keep: OnRow, on_row: OnRow
) -> Iterator[Task]:
    """What is left to do; what needs no work gets its row on the way."""
    config, output = fingerprint(run.settings), run.settings.output
    for one in listed:
        name = one.repository.name
        earlier = found.rows.get(name)
        same = earlier is not None and (earlier.version, earlier.config) == (__version__, config)
        if not one.skip and earlier is not None and same and not earlier.done and not run.retry:
            on_row(earlier)
            continue
        lost = earlier is not None and earlier.patch and not (output / earlier.patch).exists()
        task = Task(one.repository, run.settings, __version__, None if lost else earlier)
        if run.look is not None and task.still is None:
            one = run.look(one)
        if not one.skip:
            yield task
            continue
        row = Row(name, "refused", one.skip, version=__version__, config=config)
        with writing(output):
            (output / patch_path(name)).unlink(missing_ok=True)
        if row != earlier:
            keep(row)
        on_row(row)


def _stored(done: Done, output: Path) -> Row:
    """The row without secrets; its patch is a file now, or gone if there is none."""
    row = _clean(done.row)
    relative = patch_path(row.repo)
    path = output / relative
    with writing(output):
        if not done.patch:
            path.unlink(missing_ok=True)
            return row
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        if before != done.patch:
            write_atomic(path, done.patch, before)
    return replace(row, patch=relative)


def _clean(row: Row) -> Row:
    return mapped(row, redacted)
