"""The Dockerfiles whose cache mounts a registry cache does not carry, and what that costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reorder.config import OptionsOf
from reorder.context.reading import content
from reorder.errors import InputError
from reorder.opened import MOST_BYTES
from reorder.report.words import listed, seconds

_MARK: Final = "type=cache"
_FILES: Final = 3  # that are replayed; the others are only named
_COMMITS: Final = 50
_SAID: Final = "cache mounts are not exported with the cache"


def mounts(root: Path, options: OptionsOf) -> Iterator[str]:
    """A line for each where a rewrite helps, and one for all others of a kind.

    In seconds of a build on a fresh runner, as `reorder simulate --profile ci` counts them over
    the last commits; without a history there are none.
    """
    from reorder.context.discover import discover

    alike: list[str] = []  # as they are, whatever the builder
    open_: list[str] = []  # not replayed
    replayed = 0
    for path in discover(root):
        line = _line(path)
        if line is None:
            continue
        effects = _effects(path, options) if replayed < _FILES else None
        replayed += 1
        place = f"{path}:{line}"
        if effects:
            yield f"{place}: {_SAID}; {effects}"
        else:
            (open_ if effects is None else alike).append(place)
    if open_:
        offer = "`reorder --builder ephemeral` keeps dependencies in layers instead"
        yield f"{listed(open_)}: {_SAID}; {offer}"
    if alike:
        yield f"{listed(alike)}: {_SAID}; `reorder --builder ephemeral` would change nothing there"


def _line(path: Path) -> int | None:
    """The first line of a Dockerfile that mounts a cache."""
    try:
        text = content(path, MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return None
    lines = enumerate(text.split("\n"), 1)
    found = (n for n, line in lines if _MARK in line and not line.lstrip().startswith("#"))
    return next(found, None)


def _effects(path: Path, options: OptionsOf) -> str | None:
    """What a build takes, now and rewritten; "" if that is the same, None if it is not known."""
    from reorder.simulate.run import Asked, simulate

    try:
        found = simulate(path, Asked(options(str(path)), _COMMITS))
    except InputError:
        return None
    pair, other = found.pairs["registry"], found.fresh.get("registry")
    now, kept = seconds(pair.before.mean), seconds(pair.after.mean)
    takes = f"a build on a fresh runner takes {now}, rewritten by `reorder` {kept}"
    if other is not None:
        return f"{takes}, by `reorder --builder ephemeral` {seconds(other.after.mean)}"
    return f"{takes}, and `--builder ephemeral` changes no more" if now != kept else ""
