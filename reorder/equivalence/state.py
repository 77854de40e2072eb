"""The files of a stage on the abstract machine: exact cells, and events that changed trees."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths, below, glob_root
from reorder.equivalence.values import fold


class Cell(NamedTuple):
    """What is at one path. `origin` is the context entry it is, else None."""

    kind: Literal["file", "dir", "link", "changed"]
    value: str
    line: int
    origin: str | None = None
    neutral: bool = False  # a folder made on the way, root's and 0755


class Event(NamedTuple):
    """A step that may have changed every path in `writes`."""

    id: str
    writes: Paths
    line: int
    base: bool = False  # the image that a stage starts from


class Open(NamedTuple):
    """A copy of a folder or a pattern: it may bring more than the listing of today has."""

    source: str
    dest: str
    pattern: bool
    flags: str

    @property
    def id(self) -> str:
        """What tells it from others."""
        return fold("open", *self[:2], self.flags)

    def covers(self, other: Open) -> bool:
        """Whether all that another one may bring comes with this one too."""
        if self.pattern or self.flags != other.flags:
            return False
        if other.pattern or not (not self.source or below(other.source, self.source)):
            return self == other
        inner = posixpath.relpath(other.source or ".", self.source or ".")
        return posixpath.normpath(posixpath.join(self.dest, inner)) == other.dest

    def brings(self, paths: Paths, excluded: Callable[[str], bool]) -> bool:
        """Whether some context has one of some paths here; the ignore file keeps others out."""
        trees = paths.trees | {glob_root(pattern) for pattern in paths.globs}
        return any(
            (self.pattern or path in trees)
            if path == self.dest
            else (below(path, self.dest) and not self._left_out(path, excluded))
            or (path in trees and below(self.dest, path))
            for path in paths.files | trees
        )

    def _left_out(self, path: str, excluded: Callable[[str], bool]) -> bool:
        inner = posixpath.relpath(path, self.dest)
        return not self.pattern and excluded(posixpath.join(self.source, inner))


# No slots: what is derived from the cells is kept once it was asked for.
@dataclass(frozen=True)
class State:
    """Equal cells and equal sets of events: equal files. Independent events have no order."""

    cells: Mapping[str, Cell] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    checks: frozenset[str] = frozenset()  # steps that change nothing, in the state they ran in
    links: Paths = NOTHING  # where commands have made symbolic links
    opens: frozenset[Open] = frozenset()

    def with_cells(self, cells: Mapping[str, Cell]) -> State:
        """The state after writing cells."""
        return replace(self, cells={**self.cells, **cells})

    def with_open(self, copies: Iterable[Open]) -> State:
        """The state after copies that may bring more than is listed."""
        kept = set(self.opens)
        for copy in copies:
            if not any(other.covers(copy) for other in kept):
                kept = {other for other in kept if not copy.covers(other)} | {copy}
        return replace(self, opens=frozenset(kept))

    def opened(self, paths: Paths, excluded: Callable[[str], bool]) -> list[str]:
        """The ids of the copies that may have brought some path of a set, sorted."""
        named = replace(
            paths, all_but=None, files=frozenset(p for p in paths.files if p not in self.cells)
        )
        return sorted(copy.id for copy in self.opens if copy.brings(named, excluded))

    def with_event(self, event: Event) -> State:
        """The state after an event: the cells it may have changed are no longer known."""
        if event.writes == EVERYTHING:
            return State({}, {event.id: event}, frozenset(), self.links)
        member = Members(event.writes)
        changed = {
            path: Cell("changed", fold(cell.value, event.id), cell.line)
            for path, cell in self.cells.items()
            if member.has(path, cell)
        }
        return replace(
            self, cells={**self.cells, **changed}, events={**self.events, event.id: event}
        )

    def touching(self, paths: Paths) -> list[str]:
        """The ids of the events that may have changed some path of a set, sorted."""
        return sorted(e.id for e in self.events.values() if e.writes.overlaps(paths))

    def digest(self) -> str:
        """Everything."""
        cells = (f"{path}\0{cell.value}" for path, cell in sorted(self.cells.items()))
        opens = sorted(copy.id for copy in self.opens)
        return fold("state", fold(*cells), *sorted(self.events), *sorted(self.checks), *opens)

    def digest_below(self, tree: str) -> str:
        """What is known of a path and all below it, with the paths relative to it."""
        cells = (
            f"{path[len(tree) :]}\0{cell.value}"
            for path, cell in sorted(self.cells.items())
            if below(path, tree)
        )
        opens = sorted(c.id for c in self.opens if below(c.dest, tree) or below(tree, c.dest))
        return fold("tree", fold(*cells), *self.touching(Paths(trees=frozenset({tree}))), *opens)

    @cached_property
    def folders(self) -> frozenset[str]:
        """The paths that surely are folders."""
        return frozenset(path for path, cell in self.cells.items() if cell.kind == "dir")


class Members:
    """Which cells are in a set of paths; answers are kept, as cells come in thousands."""

    __slots__ = ("_folders", "_named", "_paths")

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._named = replace(paths, all_but=None)
        self._folders: dict[str, bool] = {}

    def has(self, path: str, cell: Cell) -> bool:
        """Whether a step with these paths reads or changes what a cell holds."""
        paths = self._paths
        if cell.neutral:
            # Tools of the system leave a folder that holds the application's as it is.
            return self._named.contains(path) or paths == EVERYTHING
        if path in paths.files or path in paths.trees:
            return True
        if paths.globs and self._named.contains(path):
            return True
        if paths.all_but is not None and path in paths.all_but:
            return self._below(_parent(path), paths.trees)
        return self._inside(_parent(path))

    def _inside(self, folder: str) -> bool:
        """Whether what is in a folder and named nowhere itself is in the set."""
        known = self._folders.get(folder)
        if known is None:
            everywhere = self._paths.all_but
            known = self._below(folder, self._paths.trees) or (
                everywhere is not None and not self._below(folder, everywhere)
            )
            self._folders[folder] = known
        return known

    def _below(self, folder: str, trees: frozenset[str]) -> bool:
        while folder not in trees:
            if folder == "/":
                return False
            folder = _parent(folder)
        return True


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def named_overlap(event: Event, paths: Paths) -> bool:
    """Whether an event names such a path, or may do anything; not "all but the application"."""
    if event.writes == EVERYTHING:
        return True
    return replace(event.writes, all_but=None).overlaps(paths)


def named_touching(events: Iterable[Event], paths: Paths) -> list[str]:
    """The ids of such events, sorted."""
    return sorted(event.id for event in events if named_overlap(event, paths))
