"""What a worker is given for one repository, and what it gives back."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from reorder.fleet.repository import Repository
from reorder.fleet.row import Row, as_line, from_line
from reorder.fleet.settings import Settings, fingerprint

Tell = Callable[[str], None]  # takes what is being done now, in two or three words


@dataclass(frozen=True, slots=True)
class Task:
    """`earlier`: the row of a run before, which stands if nothing has changed since."""

    repository: Repository
    settings: Settings
    version: str
    earlier: Row | None = None

    @property
    def config(self) -> str:
        """The hash of the settings."""
        return fingerprint(self.settings)

    @property
    def still(self) -> Row | None:
        """The earlier row, if only a new commit could make it stale."""
        row = self.earlier
        known = row is not None and row.commit and row.done and not row.unplaced
        return row if known and row and self._same(row) else None

    def _same(self, row: Row) -> bool:
        return (row.version, row.config) == (self.version, self.config)


@dataclass(frozen=True, slots=True)
class Done:
    """`patch` is b"" where there is none; `kept`: the earlier row stands."""

    row: Row
    patch: bytes = b""
    kept: bool = False


def packed(done: Done) -> bytes:
    """As plain data: what a child process says is not trusted with more."""
    patch = base64.b64encode(done.patch).decode("ascii")
    return json.dumps({"row": as_line(done.row), "patch": patch, "kept": done.kept}).encode()


def unpacked(raw: bytes) -> Done:
    """Raises ValueError for anything else."""
    data = json.loads(raw)
    try:
        return Done(from_line(data["row"]), base64.b64decode(data["patch"]), data["kept"] is True)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no result: {error}") from None
