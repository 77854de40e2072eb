"""The options of a run. Plain values; the command line fills them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Builder = Literal["auto", "persistent", "ephemeral"]
ManifestStyle = Literal["auto", "explicit", "parents"]

ON_REQUEST = frozenset({"precise-copy"})  # transforms whose every rewrite is unsafe


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose for a rewrite."""

    select: frozenset[str] | None = None  # only these transforms; None: all
    ignore: frozenset[str] = frozenset()
    unsafe: bool = False
    context: Path | None = None  # the build context; None: found
    builder: Builder = "auto"  # whether cache mounts live on; auto: as the CI files tell
    check: bool = False  # what only the history prefers is advice, not a change
    history: bool = True  # whether the repository's history is asked
    commits: int = 500  # how far back
    timings: Path | None = None  # a BuildKit progress log with measured steps
    manifest_style: ManifestStyle = "auto"  # whether a list of manifests may be `COPY --parents`
    min_percent: float = 1.0  # a move that saves less than this part of its stage is not made
    min_seconds: float = 0.5  # nor one that saves less than this for each rebuild
    off: str = ""  # who wants every file left alone, and where; "": nobody

    def allows(self, transform: str) -> bool:
        """Whether a transform may run."""
        return transform not in self.ignore and (self.select is None or transform in self.select)

    def asks(self, transform: str) -> bool:
        """Whether what is not safe may be done: all of it, or this, which is never safe."""
        named = self.select is not None and transform in self.select
        return self.unsafe or (named and transform in ON_REQUEST)


OptionsOf = Callable[[str], Options]  # of a Dockerfile, by its path; may raise InputError
