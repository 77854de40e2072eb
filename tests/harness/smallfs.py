"""A file system for the small engine: paths to files, folders and links, with owner and mode."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import NamedTuple


class Failed(Exception):
    """The build fails here."""


class Entry(NamedTuple):
    """What is at a path; `text` is the content of a file, or the target of a link."""

    kind: str  # "file", "dir" or "link"
    text: str = ""
    owner: str = "0"
    mode: str = "755"


@dataclass
class Files:
    """Entries by absolute path."""

    entries: dict[str, Entry] = field(default_factory=lambda: {"/": Entry("dir")})

    def copy(self) -> Files:
        return Files(dict(self.entries))

    def resolve(self, path: str, *, last: bool = True, links: int = 0) -> str:
        """The path behind every link on the way; the last part only if `last`."""
        if links > 8:
            raise Failed(f"{path}: too many links")
        at = "/"
        parts = [part for part in posixpath.normpath(path).split("/") if part]
        for depth, part in enumerate(parts):
            at = posixpath.join(at, part)
            entry = self.entries.get(at)
            if entry is None or entry.kind != "link":
                continue
            if depth == len(parts) - 1 and not last:
                return at
            there = posixpath.join(posixpath.dirname(at), entry.text)
            at = self.resolve(there, links=links + 1)
        return at

    def get(self, path: str) -> Entry | None:
        return self.entries.get(self.resolve(path))

    def kind(self, path: str) -> str | None:
        found = self.get(path)
        return None if found is None else found.kind

    def below(self, path: str) -> dict[str, Entry]:
        """A path and all below it, in order."""
        inside = path.rstrip("/") + "/"
        return {p: e for p, e in sorted(self.entries.items()) if p == path or p.startswith(inside)}

    def make_folders(self, path: str, owner: str = "0", mode: str = "755") -> str:
        """`mkdir -p`: only what is missing gets the owner and the mode."""
        path = self.resolve(path)
        parts = path.strip("/").split("/") if path != "/" else []
        for depth in range(len(parts)):
            at = "/" + "/".join(parts[: depth + 1])
            there = self.entries.get(at)
            if there is None:
                self.entries[at] = Entry("dir", "", owner, mode)
            elif there.kind != "dir":
                raise Failed(f"{at} is no folder")
        return path

    def put(self, path: str, entry: Entry) -> None:
        """A new entry where the parent is; nothing takes the place of a folder."""
        parent = self.entries.get(posixpath.dirname(path))
        if parent is None or parent.kind != "dir":
            raise Failed(f"{path}: no folder to put it in")
        there = self.entries.get(path)
        if there is not None and there.kind == "dir":
            raise Failed(f"{path} is a folder")
        self.entries[path] = entry

    def remove(self, path: str) -> None:
        for gone in self.below(path):
            del self.entries[gone]

    def take(self, path: str, entries: dict[str, Entry], source: str) -> None:
        """Put copies of a tree that was `source` at a path; raises Failed for another kind."""
        for old, entry in entries.items():
            new = posixpath.normpath(path + "/" + old[len(source) :].lstrip("/"))
            there = self.entries.get(new)
            if there is not None and (there.kind == "dir") != (entry.kind == "dir"):
                raise Failed(f"{new} is a {there.kind}")
            if entry.kind == "dir":
                self.entries[new] = entry
            else:
                self.put(new, entry)
