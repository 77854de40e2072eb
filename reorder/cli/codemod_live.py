"""Stand-in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reorder.cli import output
from reorder.fleet.row import Row


@contextmanager
def live(total: int | None) -> Iterator[Callable[[Row], None]]:
    def told(row: Row) -> None:
        output.note(f"{row.status:10} {row.repo}  {row.reason} {row.seconds:.1f}\n")

    yield told
