"""Copies that may bring more than the listing of the context has today."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from reorder.context.gopath import has_wildcard
from reorder.context.ignore import Ignore
from reorder.ecosystems.paths import EVERYTHING, Paths, below, glob_root


@dataclass(frozen=True, slots=True)
class Open:
    """A folder or a pattern of the context, and where its files go."""

    source: str
    dest: str
    ignore: Ignore

    def brings(self, paths: Paths) -> str | None:
        """A path of a set that some build context may have here."""
        if paths == EVERYTHING:
            return self.dest
        trees = paths.trees | {glob_root(pattern) for pattern in paths.globs}
        for path in sorted(paths.files | trees):
            if path == self.dest:
                # The folder itself is made in any case; a pattern may become a file there.
                if has_wildcard(self.source) or path in trees:
                    return path
            elif below(path, self.dest):
                if not self._left_out(path):
                    return path
            elif path in trees and below(self.dest, path):
                return path
        return None

    def _left_out(self, path: str) -> bool:
        """Whether the ignore file keeps a path, and all below it, out of the context."""
        if has_wildcard(self.source) or any(line.exception for line in self.ignore.patterns):
            return False
        inner = posixpath.relpath(path, self.dest)
        return self.ignore.excluded(posixpath.join(self.source, inner))


def brought(opens: tuple[Open, ...], paths: Paths) -> str | None:
    """A path of a set that one of some copies may bring."""
    found = (copy.brings(paths) for copy in opens)
    return next((path for path in found if path is not None), None)
