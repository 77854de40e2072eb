"""Files that a command makes out of its closure alone, as the commands after it see them.

`poetry export -o requirements.txt`: what the file says follows from the lockfile, and it names no
other file. So whoever reads it reads nothing more of the context.
"""

from __future__ import annotations

from dataclasses import dataclass

from reorder.ecosystems.contract import CommandEffects, Files
from reorder.ecosystems.paths import Paths


@dataclass(frozen=True, slots=True)
class WithMade:
    """`Files` with some more files, which name no others: they read as empty."""

    files: Files
    made: frozenset[str]

    def read(self, path: str) -> str | None:
        """See `Files.read`."""
        return "" if path in self.made else self.files.read(path)

    def exists(self, path: str) -> bool | None:
        """See `Files.exists`."""
        return True if path in self.made else self.files.exists(path)

    def under(self, tree: str) -> tuple[str, ...]:
        """See `Files.under`."""
        return self.files.under(tree)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """See `Files.glob`."""
        return self.files.glob(pattern)

    def written(self, path: str) -> bool:
        """See `Files.written`."""
        return path in self.made or self.files.written(path)

    def executable(self, path: str) -> bool:
        """See `Files.executable`."""
        return path not in self.made and self.files.executable(path)

    def origin(self, path: str) -> str | None:
        """See `Files.origin`."""
        return None if path in self.made else self.files.origin(path)


def with_made(files: Files, effects: CommandEffects) -> Files:
    """The files after a command."""
    if isinstance(files, WithMade):
        left = frozenset(path for path in files.made if not effects.writes.contains(path))
        return WithMade(files.files, left | effects.made) if left | effects.made else files.files
    return WithMade(files, effects.made) if effects.made else files


def changes(effects: CommandEffects) -> Paths:
    """What a command writes, without what it makes in a way that is known."""
    written = effects.writes
    return Paths(written.files - effects.made, written.trees, written.globs, written.all_but)
