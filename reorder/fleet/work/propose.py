"""What a repository would become: all its Dockerfiles, and with `--ci` its CI files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reorder.api import rewrite_file
from reorder.batch.edits import Edit, edits
from reorder.batch.find import find
from reorder.batch.rewrite import Outcome, rewrite_all
from reorder.config import Options, OptionsOf
from reorder.fleet.row import FileRow, Saving
from reorder.fleet.settings import Settings
from reorder.fleet.work.ci_files import ci_files
from reorder.fleet.work.saving import estimated, simulated
from reorder.fleet.work.task import Tell
from reorder.settings.foreign import foreign_options


@dataclass(frozen=True, slots=True)
class Proposal:
    """`edits` are relative to the repository's root, which is the current folder."""

    files: tuple[FileRow, ...]
    edits: tuple[Edit, ...]
    saving: Saving | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a repository besides its files."""

    branch: str  # the main one
    at_github: str = ""  # OWNER/NAME, where it is there


def propose(settings: Settings, origin: Origin, tell: Tell) -> Proposal:
    """Rewrite what is in the current folder, the root of a work tree of our own.

    CI files come first and are written there: which builder a Dockerfile is made for depends on
    them. Raises NoEngine when builds are asked for and nothing here can build.
    """
    told: tuple[FileRow, ...] = ()
    ci_edits: tuple[Edit, ...] = ()
    if settings.ci:
        tell("CI files")
        told, ci_edits = ci_files(origin.branch, origin.at_github)
    tell("rewriting")
    files, missing = find((".",))
    asked: dict[str, None] = {}  # what the repository's own settings ask for in vain

    def options_of(path: str) -> Options:
        found = foreign_options(Path(path), Path(), settings.options)
        asked.update(dict.fromkeys(found.notes))
        return found.options

    outcomes = (*missing, *rewrite_all(files, options_of, rewrite_file))
    if settings.verify and any(outcome.result.status == "changed" for outcome in outcomes):
        outcomes = _proved(outcomes, options_of, tell)
    rows = tuple(map(_file_row, outcomes))
    found = tuple(outcome.result for outcome in outcomes)
    saving = estimated(found, settings.options)
    notes: tuple[str, ...] = ()
    if settings.simulate and saving is not None:
        tell("simulating")
        saving, notes = simulated(found, options_of, saving)
    changed = (replace(edit, path=_plain(edit.path)) for edit in edits(found))
    return Proposal((*rows, *told), (*changed, *ci_edits), saving, (*asked, *notes))


def _proved(outcomes: Sequence[Outcome], options: OptionsOf, tell: Tell) -> tuple[Outcome, ...]:
    from reorder.verify.engines import find as engine
    from reorder.verify.process import share_group
    from reorder.verify.proof import proved

    share_group()  # a build ends with the process that works on the repository
    return proved(outcomes, options, engine("auto"), tell)


def _file_row(outcome: Outcome) -> FileRow:
    result = outcome.result
    error = result.error or ""
    if outcome.bug is not None:
        error = f"{error}: {outcome.bug}"
    return FileRow(
        path=_plain(result.path),
        status=result.status,
        changes=result.changes,
        refusals=result.refusals,
        estimate=result.estimate,
        ignore=_plain(result.ignore.path) if result.ignore is not None else "",
        error=error,
    )


def _plain(path: str) -> str:
    """A path relative to the repository's root, as git has it."""
    return os.path.relpath(path).replace(os.sep, "/")
