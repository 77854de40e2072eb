"""The pull request of a repository whose branch was pushed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reorder.errors import InputError
from reorder.fleet.pulls.contract import Forge, PullOptions, PullText, Refused
from reorder.fleet.pulls.ensure import ensure
from reorder.fleet.pulls.pace import Pace
from reorder.fleet.row import Row
from reorder.fleet.settings import Settings
from reorder.fleet.work.message import TITLE, pull_text


def opens(
    forge: Callable[[str], Forge], settings: Settings, options: PullOptions, pace: Pace
) -> Callable[[Row], Row]:
    """A function that opens or updates the pull request of a row, and says in the row what it did.

    What the forge refuses is a note: the branch is there all the same.
    """

    def open_one(row: Row) -> Row:
        host, _, slug = row.remote.partition("/")
        try:
            at = forge(host)
            about = at.about(slug)
            if about is None or about.default_branch is None:
                return _noted(row, "not found at its forge, or empty there")
            text = PullText(TITLE, pull_text(row, settings))
            pull = ensure(
                at, about.slug, row.branch, about.default_branch, text, options, pace.wait
            )
        except (Refused, InputError) as error:
            return _noted(row, str(error))
        pace.note(pull)
        return replace(
            row, pr=pull.url, opened=pull.created.isoformat(), notes=(*row.notes, *pull.notes)
        )

    return open_one


def _noted(row: Row, why: str) -> Row:
    return replace(row, notes=(*row.notes, f"no pull request: {why}"))
