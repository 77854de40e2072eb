"""Who works: processes on this machine, or a Dask cluster. Both are `concurrent.futures`."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Protocol, cast

from reorder.errors import InputError
from reorder.fleet.work.confined import GRACE, Stopped
from reorder.fleet.work.limits import end_with

CONNECT_SECONDS = 20
# What nearly every repository needs; each is otherwise loaded when it is first called.
PRELOADED = (
    "difflib",
    "dockerfile_parse",
    "reorder.ci.run",
    "reorder.fleet.work.one",
    "tree_sitter",
    "tree_sitter_bash",
    "yaml",
)


class Workers(Protocol):
    """Makes an executor again whenever the one before it broke."""

    def __call__(self) -> Executor: ...


def processes(jobs: int) -> Workers:
    """A pool of processes here, each of which starts the real work in a child of its own."""

    def start() -> Executor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, context, _prepare, (os.getpid(),))

    return start


def stop_processes() -> None:
    """End the pool's processes, and what they started, before anything else is done."""
    running = multiprocessing.active_children()
    for process in running:
        process.terminate()
    end = monotonic() + 2 * GRACE
    for process in running:
        process.join(max(0.0, end - monotonic()))
        process.kill()


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """A Dask cluster by its scheduler's address. Raises InputError when it does not answer."""
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(address, f"no scheduler answers there: {error}") from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise InputError(address, "the scheduler has no workers; start `dask worker` first")
        yield lambda: cast(Executor, client.get_executor(pure=False))


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def _prepare(parent: int) -> None:
    """In each worker: load what every repository needs, once, before anything is forked."""
    import gc
    from importlib import import_module

    for name in PRELOADED:
        import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process says when to end
    signal.signal(signal.SIGTERM, _stop)
    end_with(parent, lambda: os._exit(1))
    gc.collect()
    gc.freeze()
