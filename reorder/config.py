"""The options of a run. Plain values; the command line fills them in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Builder = Literal["persistent", "ephemeral"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose for a rewrite."""

    select: frozenset[str] | None = None  # only these transforms; None: all
    ignore: frozenset[str] = frozenset()
    unsafe: bool = False
    context: Path | None = None  # the build context; None: found
    builder: Builder = "persistent"

    def allows(self, transform: str) -> bool:
        """Whether a transform may run."""
        return transform not in self.ignore and (self.select is None or transform in self.select)
