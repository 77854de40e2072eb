"""Where a project's files come from: a folder on disk, or a made-up one in memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from reorder.context.git import Tracked, tracked_files
from reorder.context.reading import content

Kind = Literal["file", "dir", "link"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, folder or symbolic link. `path` is relative to the root, with `/`."""

    path: str
    kind: Kind
    executable: bool = False
    size: int = 0
    target: str | None = None  # of a link, as it is written

    @property
    def name(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]


class Tree(Protocol):
    """What a `Project` asks of its source. Paths are relative and free of links; "" is the root."""

    def children(self, folder: str) -> Mapping[str, Entry]:
        """What a folder holds, by path and in its order; empty for none, or an unreadable one."""

    def content(self, path: str, limit: int) -> bytes | None:
        """The bytes of a file; None when it cannot be read or is larger than the limit."""

    def tracked(self) -> Tracked | None:
        """What git tracks below the root; None without git."""


@dataclass(frozen=True, slots=True)
class DiskTree:
    """A folder on disk. Each folder is read once, when it is first asked for."""

    root: Path
    _known: dict[str, Mapping[str, Entry]] = field(default_factory=dict, repr=False, compare=False)

    def children(self, folder: str) -> Mapping[str, Entry]:
        known = self._known.get(folder)
        if known is None:
            try:
                with os.scandir(self.root / folder) as found:
                    entries = [entry for item in found if (entry := _entry(item, folder))]
            except OSError:
                entries = []
            known = {entry.path: entry for entry in sorted(entries, key=lambda entry: entry.path)}
            self._known[folder] = known
        return known

    def content(self, path: str, limit: int) -> bytes | None:
        try:
            return content(self.root / path, limit, follow=False)
        except OSError:
            return None

    def tracked(self) -> Tracked | None:
        return tracked_files(self.root)


def _entry(item: os.DirEntry[str], folder: str) -> Entry | None:
    """None for what is neither file, folder nor link, and for what vanished meanwhile."""
    path = f"{folder}/{item.name}" if folder else item.name
    try:
        if item.is_symlink():
            return Entry(path, "link", target=os.readlink(item.path))
        if item.is_dir(follow_symlinks=False):
            return Entry(path, "dir")
        status = item.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Entry(path, "file", bool(status.st_mode & 0o111), status.st_size)


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """Entries and contents that were given; see `memory_tree`."""

    _folders: Mapping[str, Mapping[str, Entry]]
    _contents: Mapping[str, bytes]
    _tracked: Tracked | None

    def children(self, folder: str) -> Mapping[str, Entry]:
        return self._folders.get(folder, {})

    def content(self, path: str, limit: int) -> bytes | None:
        content = self._contents.get(path)
        return None if content is None or len(content) > limit else content

    def tracked(self) -> Tracked | None:
        return self._tracked


def memory_tree(
    files: Mapping[str, str],
    executable: Iterable[str] = (),
    links: Mapping[str, str] | None = None,
    folders: Iterable[str] = (),
    tracked: Iterable[str] | None = None,
) -> MemoryTree:
    """A tree from texts, link targets and empty folders; the folders between are implied."""
    contents = {path: text.encode(errors="surrogateescape") for path, text in files.items()}
    runs = frozenset(executable)
    entries = {path: Entry(path, "file", path in runs, len(contents[path])) for path in files}
    entries |= {path: Entry(path, "link", target=to) for path, to in (links or {}).items()}
    entries |= {path: Entry(path, "dir") for path in folders}
    for path in tuple(entries):
        while "/" in path:
            path = path.rpartition("/")[0]
            entries.setdefault(path, Entry(path, "dir"))
    below: dict[str, dict[str, Entry]] = {}
    for path in sorted(entries):
        below.setdefault(path.rpartition("/")[0], {})[path] = entries[path]
    index = None if tracked is None else Tracked(frozenset(tracked), frozenset())
    return MemoryTree(below, contents, index)
