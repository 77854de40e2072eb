"""What a run says of one Dockerfile. Plain values; every output format is made from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Safety = Literal["safe", "unsafe"]
Status = Literal["changed", "unchanged", "skipped", "error"]


@dataclass(frozen=True, slots=True)
class Change:
    """A rewrite that was proved and kept. `line` is 1-based, in the text that was read."""

    id: str
    line: int
    safety: Safety
    message: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rewrite that was not made. `reason` is one sentence for the user."""

    id: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What only the repository's history asks for: `rewrite` makes it, `--check` does not."""

    id: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class IgnoreChange:
    """The new ignore file of the context; `before` is None where there was none."""

    path: str  # as the user can open it, relative to the current folder where that is possible
    before: str | None
    after: str
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Expected seconds per rebuild, over `commits` commits of history.

    Without history `commits` is 0, `note` says why, and the stability tiers stand in for it.
    """

    seconds_before: float
    seconds_after: float
    commits: int
    exact: bool = True  # whether no legal order of the result's steps can be cheaper
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One Dockerfile. `after == before` unless something was kept; errors keep both empty."""

    path: str
    context: str
    status: Status
    before: str = ""
    after: str = ""
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    advice: tuple[Advice, ...] = ()
    ignore: IgnoreChange | None = None
    estimate: Estimate | None = None
    error: str | None = None  # `path:line: what, and what to do`
    lines: tuple[int, ...] = ()  # for each instruction of `after`, the line of `before` it is from
