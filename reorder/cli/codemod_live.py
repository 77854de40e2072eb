"""How far a run over many repositories is: a bar on a terminal, and otherwise lines to grep."""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Final

from reorder.cli import output
from reorder.fleet.row import Row
from reorder.report.words import seconds, shortened

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress

RECENT: Final = 6  # rows above the bar
_LONGEST = 200  # characters of a reason
_COLOURS = {"changed": "green", "refused": "yellow", "error": "red", "timeout": "red"}


@dataclass(slots=True)
class _Tally:
    """What has been counted so far."""

    total: int | None
    done: int = 0
    status: Counter[str] = field(default_factory=Counter)
    hours: float = 0.0

    def add(self, row: Row) -> None:
        self.done += 1
        self.status[row.status] += 1
        self.hours += row.saving.hours_a_year if row.saving is not None else 0.0

    @property
    def place(self) -> str:
        return f"{self.done:,}" if self.total is None else f"{self.done:,} of {self.total:,}"

    @property
    def words(self) -> str:
        failed = self.status["error"] + self.status["timeout"]
        parts = [self.place, f"{self.status['changed']:,} changed"]
        parts += [f"{failed:,} failed"] if failed else []
        return ", ".join([*parts, f"{self.hours:,.0f} h a year saved"])


@contextmanager
def live(total: int | None, stream: IO[str] | None = None) -> Iterator[Callable[[Row], None]]:
    """A function to call with each row that is done; `total`: how many there will be, if known.

    The bar is shown where stderr (or `stream`) is a terminal that can be written over, and rich is
    there, which the extra `progress` installs; it is gone afterwards, and what failed stays.
    Otherwise each row is a line: `changed  host/owner/name  59.9 s -> 2.2 s  (12 of 50)`.
    """
    stream = stream or sys.stderr
    tally = _Tally(total)
    if not (output.rewritable(stream) and find_spec("rich")):

        def tell(row: Row) -> None:
            tally.add(row)
            output.note(f"{line(row)}  ({tally.place})\n")

        yield tell
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    progress = _progress(console)
    task = progress.add_task(tally.words, total=total)
    recent: deque[Row] = deque(maxlen=RECENT)
    with Live(console=console, transient=True, refresh_per_second=8) as shown:
        shown.update(_view(recent, progress))

        def show(row: Row) -> None:
            tally.add(row)
            if row.done:
                recent.append(row)
            else:
                console.print(line(row), style=_COLOURS[row.status])
            progress.update(task, advance=1, description=tally.words)
            shown.update(_view(recent, progress))

        yield show


def line(row: Row) -> str:
    """`changed  host/owner/name  59.9 s -> 2.2 s`; the reason where nothing changed."""
    said = row.reason
    if row.status == "changed":
        saving = row.saving
        before_after = saving and (seconds(saving.seconds_before), seconds(saving.seconds_after))
        said = " -> ".join(before_after) if before_after else ""
    words = (row.status, shortened(row.repo, _LONGEST), shortened(said, _LONGEST))
    return "  ".join(filter(None, words))


def _progress(console: Console) -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    said = TextColumn("{task.description}", markup=False)
    left = TimeRemainingColumn(compact=True)
    return Progress(BarColumn(bar_width=20), said, left, console=console, auto_refresh=False)


def _view(recent: deque[Row], progress: Progress) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    rows = (
        Text(line(row), style=_COLOURS.get(row.status, "dim"), no_wrap=True, overflow="ellipsis")
        for row in recent
    )
    return Group(*rows, progress)
