"""How the steps of one file are weighed, from what its repository and its user say."""

from __future__ import annotations

from pathlib import Path

from reorder.config import Options
from reorder.context.git import toplevel
from reorder.context.history import History, NoHistory, history
from reorder.context.project import Project
from reorder.context.reading import named_content
from reorder.context.volatile import Volatile, volatile_arguments
from reorder.cost.model import Costs
from reorder.cost.rebuilds import by_class, by_history
from reorder.cost.timings import Timings, read_timings

MOST_LOG = 1 << 26  # a log of 64 MiB is one of a hundred thousand steps


def weighed(path: Path | None, text: str, root: Path, options: Options) -> Costs:
    """The costs for a Dockerfile with a build context at `root`; path None: it is no file.

    Raises InputError when the file with the measured times cannot be used.
    """
    top = toplevel(root)
    volatile = volatile_arguments(Project.open(top)) if top is not None else Volatile({})
    known = _history(path, text, root, options)
    note = known.reason if isinstance(known, NoHistory) else ""
    return Costs(
        by_class(volatile, note),
        None if isinstance(known, NoHistory) else by_history(known, volatile),
        _timings(options.timings),
        options.min_percent,
        options.min_seconds,
        elsewhere=isinstance(known, NoHistory) and known.elsewhere,
    )


def _history(path: Path | None, text: str, root: Path, options: Options) -> History | NoHistory:
    if not options.history:
        return NoHistory("history is not used")
    if path is None:
        return NoHistory("the Dockerfile is not a file of a repository")
    return history(root, path, text, options.commits)


def _timings(path: Path | None) -> Timings | None:
    if path is None:
        return None
    return read_timings(named_content(path, MOST_LOG).decode("utf-8", "replace"), str(path))
