"""What a simulation found out. Plain values; every output format is made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from reorder.graph.facts import Facts
from reorder.result import Result
from reorder.simulate.builders import Profile


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the last stage, or of one that it needs."""

    at: int  # position in its file
    line: int  # in its own text, 1-based
    origin: int  # the line of the author's text that it is from
    text: str  # as it is written
    seconds: float  # of running it again
    again: tuple[bool, ...]  # whether it ran, for each replayed commit

    @property
    def reruns(self) -> int:
        """How often it ran."""
        return sum(self.again)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two Dockerfiles on one kind of builder, over all replayed commits."""

    steps: tuple[Step, ...]
    seconds: tuple[float, ...]  # of the whole build, for each replayed commit

    @property
    def mean(self) -> float:
        """Of a build."""
        return fmean(self.seconds) if self.seconds else 0.0

    @property
    def p95(self) -> float:
        """What 95 of 100 builds do not take longer than (nearest rank)."""
        ranked = sorted(self.seconds)
        return ranked[max(0, -(-95 * len(ranked) // 100) - 1)] if ranked else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Before and after."""

    before: Side
    after: Side

    @property
    def saved(self) -> float:
        """Seconds that a build takes less."""
        return self.before.mean - self.after.mean

    @property
    def percent(self) -> float:
        """The same as a part of the time before."""
        return 100 * self.saved / self.before.mean if self.before.mean else 0.0


@dataclass(frozen=True, slots=True)
class Builds:
    """How many there are in a year."""

    a_year: float
    words: str  # where the number comes from

    def hours(self, seconds: float) -> float:
        """What so many seconds of each build are in a year."""
        return seconds * self.a_year / 3600


@dataclass(frozen=True)
class Played:
    """One replayed commit."""

    name: str
    time: int  # Unix time


@dataclass(frozen=True)
class Simulated:
    """A Dockerfile whose history was replayed."""

    path: str
    commits: tuple[Played, ...]  # oldest first, without the cold build
    pairs: Mapping[Profile, Pair]
    fresh: Mapping[Profile, Pair]  # rewritten with `--builder ephemeral`; empty: that is the same
    builds: Builds
    facts: tuple[Facts, Facts]
    result: Result
    assumptions: tuple[str, ...]
