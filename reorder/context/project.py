"""A folder as it is, read-only and never left: what it holds and what its files say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from reorder.context.git import Tracked
from reorder.context.links import resolve
from reorder.context.tree import DiskTree, Entry, Tree, memory_tree
from reorder.errors import InputError

MAX_READ = 4 << 20  # no manifest is larger; anything that is stays unread
MOST_ENTRIES = 500_000  # about 600 MiB of listing; Linux has 90,000, and Chromium 450,000
_KEEP = 1 << 18  # texts up to this size are kept once read


# No slots: cached_property keeps what is expensive and not always asked for.
@dataclass(frozen=True)
class Project:
    """A snapshot of a folder, taken piece by piece as it is asked for.

    Paths are relative to the root, with `/`, without `.` and `..`. `.git` is one entry: what is
    below it is never listed. Devices, pipes and sockets are left out.
    """

    root: Path
    tree: Tree = field(repr=False)
    _texts: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def open(root: Path) -> Project:
        """The folder `root` on disk. Nothing is read yet."""
        return Project(root, DiskTree(root))

    @staticmethod
    def of(
        files: Mapping[str, str],
        *,
        executable: Iterable[str] = (),
        links: Mapping[str, str] | None = None,
        folders: Iterable[str] = (),
        tracked: Iterable[str] | None = None,
    ) -> Project:
        """A folder in memory: texts by path, link targets by path, empty folders."""
        return Project(Path("project"), memory_tree(files, executable, links, folders, tracked))

    def children(self, folder: str) -> Mapping[str, Entry]:
        """What a folder holds, by path; empty for what is no folder, or unreadable."""
        return {} if ".git" in folder.split("/") else self.tree.children(folder)

    def walk(self, enter: Callable[[str], bool] = lambda _: True) -> Iterator[Entry]:
        """Every entry, folders before what they hold; `enter` says which folders to read.

        Raises InputError when there are more than MOST_ENTRIES.
        """
        todo, seen = [""], 0
        while todo:
            for entry in self.children(todo.pop()).values():
                seen += 1
                if seen > MOST_ENTRIES:
                    what = f"has more than {MOST_ENTRIES:,} files and folders, and is not listed"
                    raise InputError(str(self.root), what)
                yield entry
                if entry.kind == "dir" and entry.name != ".git" and enter(entry.path):
                    todo.append(entry.path)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Every entry by its path."""
        return {entry.path: entry for entry in self.walk()}

    def entry(self, path: str) -> Entry | None:
        """The entry at exactly this path, links not followed; does not list the whole folder."""
        at = ""
        entry = None
        for name in path.split("/"):
            if entry is not None and entry.kind != "dir":
                return None
            folder, at = at, f"{at}/{name}" if at else name
            entry = self.children(folder).get(at)
            if entry is None:
                return None
        return entry

    def exists(self, path: str) -> bool:
        """Whether a path leads to something in the root, links followed."""
        return resolve(path, self.entry) is not None

    def read(self, path: str) -> str | None:
        """The text of a file, links followed within the root.

        None: no such file, unreadable, or larger than MAX_READ. Bytes that are no UTF-8 are
        surrogates (`surrogateescape`); line endings stay.
        """
        if path in self._texts:
            return self._texts[path]
        at = resolve(path, self.entry)
        content = self.tree.content(at, MAX_READ) if at else None
        text = None if content is None else content.decode(errors="surrogateescape")
        if text is None or len(text) <= _KEEP:
            self._texts[path] = text
        return text

    @cached_property
    def _index(self) -> Tracked | None:
        return self.tree.tracked()

    @property
    def tracked(self) -> frozenset[str] | None:
        """The files git tracks, submodules as one path each; None without git."""
        return None if self._index is None else self._index.files | self._index.submodules

    def is_tracked(self, path: str) -> bool | None:
        """Whether git tracks a file; all that is in a submodule counts as tracked. None: no git."""
        if self._index is None:
            return None
        return path in self._index.files or any(
            path == module or path.startswith(module + "/") for module in self._index.submodules
        )
