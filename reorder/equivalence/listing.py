"""What a COPY can see of the build context, and how it names files (BuildKit, fsutil/copy)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

Kind = Literal["file", "dir", "link"]


# No slots: the sorted list is made when it is first asked for.
@dataclass(frozen=True)
class Listing:
    """Entries by path relative to the root of the context; "" is not among them."""

    kinds: Mapping[str, Kind]
    read: Callable[[str], str | None]
    executable: Callable[[str], bool]
    complete: bool = True  # False: there is no context, so no source can be listed
    traced: frozenset[str] = frozenset()  # entries whose places in the image are wanted
    excluded: Callable[[str], bool] = field(default=lambda _: False)  # with all that lies below

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """What each folder holds, sorted."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.kinds):
            found.setdefault(path.rpartition("/")[0], []).append(path)
        return {folder: tuple(paths) for folder, paths in found.items()}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for path, kind in sorted(self.kinds.items()):
            if kind == "file":
                found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def named(self, name: str) -> tuple[str, ...]:
        """The files of a name, in whatever folder."""
        return self._by_name.get(name, ())

    def kind(self, path: str) -> Kind | None:
        """What an entry is; None: there is none. The root is a folder."""
        return "dir" if path == "" else self.kinds.get(path)

    def below(self, folder: str) -> list[str]:
        """Everything below a folder, folders before what they hold."""
        found: list[str] = []
        todo = [folder]
        while todo:
            for path in self.children.get(todo.pop(), ()):
                found.append(path)
                if self.kinds[path] == "dir":
                    todo.append(path)
        return found

    def matches(self, pattern: str) -> list[str]:
        """The entries a wildcard source names: each segment is matched on its own."""
        found = [""]
        for segment in pattern.split("/"):
            found = [
                path
                for folder in found
                for path in self.children.get(folder, ())
                if _segment(segment).fullmatch(path.rpartition("/")[2])
            ]
        return found


def normal_source(text: str) -> str:
    """A source path taken from the root of the context, without a leading slash."""
    return posixpath.normpath("/" + text).lstrip("/")


def is_pattern(text: str) -> bool:
    """Whether a source has wildcards."""
    return any(char in text for char in "*?[")


def is_odd(text: str) -> bool:
    """Whether a wildcard has a form that is left to BuildKit."""
    return "[" in text or "\\" in text


@lru_cache(maxsize=512)
def _segment(pattern: str) -> re.Pattern[str]:
    parts = {"*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(parts.get(char) or re.escape(char) for char in pattern), re.DOTALL)
