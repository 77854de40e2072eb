"""The numbers of a run, computed once; every page is made from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from reorder.fleet.row import STATUSES, Row, Status
from reorder.report.kinds import Kind, Said, kinds
from reorder.report.style import visible


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of the run itself. `command`: as it was typed, free of secrets."""

    command: str = ""
    output: str = ""  # the output folder, as the user can open it
    finished: str = ""  # when, in words; no page asks a clock
    seconds: float | None = None  # of the whole run


@dataclass(frozen=True, slots=True)
class Gain:
    """The hours a year of one repository; negative where it would take longer."""

    row: Row
    hours: float


@dataclass(frozen=True, slots=True)
class Use:
    """A transform: how many changes it made in how many repositories, and what it left."""

    id: str
    changes: int
    repos: int
    refusals: int
    refused_repos: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`status`: all five, in their order. Gains: the largest first."""

    rows: tuple[Row, ...]  # by name
    status: tuple[tuple[Status, int], ...]
    files: int
    changed_files: int
    broken_files: tuple[Kind, ...]  # single files that could not be read
    hours: float
    middle: float  # of the repositories that have a number
    gains: tuple[Gain, ...]
    measured: int  # gains from a replay of the history; the rest are estimates
    uses: tuple[Use, ...]
    refused: tuple[Kind, ...]
    failed: tuple[Kind, ...]
    slow: tuple[Kind, ...]  # that ran out of time
    notes: tuple[Kind, ...]
    left: tuple[Kind, ...]  # single changes that were not made, in any repository
    unsafe: tuple[Row, ...]
    pulls: int
    branches: int
    patches: int
    slowest: tuple[Row, ...]
    versions: tuple[str, ...]  # of the tool, more than one after an upgrade in the middle
    configs: tuple[str, ...]

    def count(self, status: Status) -> int:
        """How many repositories have a status."""
        return dict(self.status)[status]


def figures(rows: Sequence[Row]) -> Figures:
    """The numbers of some rows, in whatever order they come."""
    rows = sorted(rows, key=lambda row: row.repo)
    files = [file for row in rows for file in row.files]
    changed = [row for row in rows if row.status == "changed"]
    gains = [Gain(row, row.saving.hours_a_year) for row in changed if row.saving is not None]
    return Figures(
        rows=tuple(rows),
        status=tuple((name, sum(row.status == name for row in rows)) for name in STATUSES),
        files=len(files),
        changed_files=sum(file.status == "changed" for file in files),
        broken_files=kinds(
            Said(row.repo, file.error, file.path)
            for row in rows
            for file in row.files
            if file.status == "error"
        ),
        hours=sum(gain.hours for gain in gains),
        middle=median(gain.hours for gain in gains) if gains else 0.0,
        gains=tuple(sorted(gains, key=lambda gain: (-gain.hours, gain.row.repo))),
        measured=sum(row.saving is not None and row.saving.source != "estimate" for row in changed),
        uses=_uses(rows),
        refused=_reasons(rows, "refused"),
        failed=_reasons(rows, "error"),
        slow=_reasons(rows, "timeout"),
        notes=kinds(Said(row.repo, note) for row in rows for note in row.notes),
        left=kinds(_left(rows)),
        unsafe=tuple(row for row in changed if _unsafe(row)),
        pulls=sum(bool(row.pr) for row in rows),
        branches=sum(bool(row.branch) for row in rows),
        patches=sum(bool(row.patch) for row in rows),
        slowest=tuple(sorted(rows, key=lambda row: (-row.seconds, row.repo))),
        versions=tuple(sorted({row.version for row in rows if row.version})),
        configs=tuple(sorted({row.config for row in rows if row.config})),
    )


def _reasons(rows: Sequence[Row], status: Status) -> tuple[Kind, ...]:
    return kinds(Said(row.repo, row.reason) for row in rows if row.status == status)


def _left(rows: Sequence[Row]) -> Iterator[Said]:
    for row in rows:
        for file in row.files:
            for one in file.refusals:
                yield Said(row.repo, one.reason, f"{visible(file.path)}:{one.line}", one.id)


def _unsafe(row: Row) -> bool:
    return any(change.safety == "unsafe" for file in row.files for change in file.changes)


def _uses(rows: Sequence[Row]) -> tuple[Use, ...]:
    made = [(c.id, row.repo) for row in rows for file in row.files for c in file.changes]
    left = [(r.id, row.repo) for row in rows for file in row.files for r in file.refusals]
    found = []
    for name in sorted({name for name, _ in (*made, *left)}):
        ours, theirs = ([one for one in some if one[0] == name] for some in (made, left))
        found.append(Use(name, len(ours), len(set(ours)), len(theirs), len(set(theirs))))
    return tuple(sorted(found, key=lambda use: (-use.changes, -use.refusals, use.id)))
