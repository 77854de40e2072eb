"""What an instruction reads or writes: paths, environment names, parts of the config."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.graph.open_copies import Open, brought

Names = frozenset[str] | None  # names and `PREFIX_*` patterns; None: every name


@dataclass(frozen=True, slots=True)
class Resources:
    """A set of resources. `config` holds words such as "workdir", "user", "label a", "cmd"."""

    paths: Paths = NOTHING
    env: Names = frozenset()
    config: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Effects:
    """What one instruction reads and writes.

    `makes` are folders that it leaves alone where they are, and else makes as root with mode 0755:
    two instructions that do so may change places, but not with one that looks for the folder.
    """

    reads: Resources = Resources()
    writes: Resources = Resources()
    makes: frozenset[str] = frozenset()
    opens: tuple[Open, ...] = ()  # of a COPY: what may come that is not listed today
    named: Paths = NOTHING  # what orders with such copies


@lru_cache(maxsize=1 << 16)  # every step of the pipeline asks again for most pairs
def conflict(first: Effects, second: Effects, there: frozenset[str] = frozenset()) -> str | None:
    """Why two instructions may not change places: the resource in words; None when they may.

    `there` are the folders that exist before both, whichever comes first.
    """
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
    made = _folder_in_both(first, second, there) or _folder_in_both(second, first, there)
    return made or brought(first.opens, second.named) or brought(second.opens, first.named)


def _folder_in_both(maker: Effects, other: Effects, there: frozenset[str]) -> str | None:
    for path in sorted(maker.makes):
        reads, writes = other.reads.paths, other.writes.paths
        if path in STANDARD_FOLDERS:
            # Every tool of the system uses them as they are; who names one may change it.
            reads, writes = replace(reads, all_but=None), replace(writes, all_but=None)
        if writes.changes_folder(path) if path in there else (writes | reads).contains(path):
            return path
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
    """The path, or the folder that holds those that are in both."""
    for ours, theirs in ((a, b), (b, a)):
        shared = [path for path in ours.files | ours.trees if theirs.contains(path)]
        known = [path for path in shared if path.startswith("/")]  # `~`: a home nobody knows
        folder = posixpath.commonpath(known) if len(known) > 2 else "/"
        if shared:
            return folder if folder != "/" else min(shared)
    return "files of the image"
