"""What an instruction reads or writes: paths, environment names, parts of the config."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from reorder.ecosystems.paths import NOTHING, Paths

Names = frozenset[str] | None  # names and `PREFIX_*` patterns; None: every name


@dataclass(frozen=True, slots=True)
class Resources:
    """A set of resources. `config` holds words such as "workdir", "user", "label a", "cmd"."""

    paths: Paths = NOTHING
    env: Names = frozenset()
    config: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Effects:
    """What one instruction reads and writes."""

    reads: Resources = Resources()
    writes: Resources = Resources()


def conflict(first: Effects, second: Effects) -> str | None:
    """Why two instructions may not change places: the resource in words; None when they may."""
    pairs = (
        (first.writes, second.reads),
        (first.reads, second.writes),
        (first.writes, second.writes),
    )
    for ours, theirs in pairs:
        shared = ours.config & theirs.config
        if shared:
            return sorted(shared)[0]
        if (names := _names_in_both(ours.env, theirs.env)) is not None:
            return names
        if ours.paths.overlaps(theirs.paths):
            return _path_in_both(ours.paths, theirs.paths)
    return None


def _names_in_both(a: Names, b: Names) -> str | None:
    if a is not None and b is not None:
        for x in sorted(a):
            for y in sorted(b):
                if fnmatchcase(x, y) or fnmatchcase(y, x):
                    return f"${x}"
        return None
    known = a if a is not None else b
    if known is None:
        return "the environment"
    return f"${sorted(known)[0]}" if known else None


def _path_in_both(a: Paths, b: Paths) -> str:
    for ours, theirs in ((a, b), (b, a)):
        for path in sorted(ours.files | ours.trees):
            if theirs.contains(path):
                return path
    return "files of the image"
