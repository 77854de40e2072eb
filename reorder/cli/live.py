"""What a long build is at: the step itself on a terminal, and otherwise what is built, in lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING

from reorder.cli import output
from reorder.report.words import shortened
from reorder.verify.now import begun

if TYPE_CHECKING:
    from rich.progress import Progress

_REST = 12  # columns for the spinner and the time


@dataclass(frozen=True, slots=True)
class Watcher:
    """`tell` takes what is built now, in words; `on_line` a line of the engine's log."""

    tell: Callable[[str], None]
    on_line: Callable[[str], None]


@contextmanager
def watched(stream: IO[str] | None = None) -> Iterator[Watcher]:
    """A watcher for as long as builds run; what it showed of single steps is gone afterwards.

    Steps are shown where stderr (or `stream`) is a terminal that can be written over, and rich is
    there, which the extra `progress` installs.
    """
    stream = stream or sys.stderr
    if not (output.rewritable(stream) and find_spec("rich")):
        yield Watcher(lambda said: output.note(f"{said}\n"), lambda _: None)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _on(progress)


def _on(progress: Progress) -> Watcher:
    """What is built stays, line by line; the step and its time stand below the last of them."""
    task = progress.add_task("", total=None)

    def tell(said: str) -> None:
        progress.console.print(said)
        progress.reset(task, description="", total=None)

    def on_line(line: str) -> None:
        if step := begun(line):
            most = max(progress.console.width - _REST, 10)
            progress.reset(task, description=shortened(step, most), total=None)

    return Watcher(tell, on_line)
