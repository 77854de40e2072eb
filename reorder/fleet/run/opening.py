"""The pull request of a repository whose branch was pushed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reorder.errors import InputError
from reorder.fleet.pulls.contract import Forge, PullOptions, PullText, Refused
from reorder.fleet.pulls.ensure import ensure
from reorder.fleet.pulls.pace import Pace
from reorder.fleet.row import Row, noted, unnoted
from reorder.fleet.settings import Settings
from reorder.fleet.work.message import TITLE, pull_text

NONE = "no pull request"


def opens(
    forge: Callable[[str], Forge], settings: Settings, options: PullOptions, pace: Pace
) -> Callable[[Row], Row]:
    """A function that opens or updates the pull request of a row, and says in the row what it did.

    What the forge refuses, or a library fails at, is a note: the branch is there all the same.
    """

    def open_one(row: Row) -> Row:
        host, _, slug = row.remote.partition("/")
        row = unnoted(row, NONE)
        try:
            at = forge(host)
            about = at.about(slug)
            if about is None or about.default_branch is None:
                return noted(row, NONE, "not found at its forge, or empty there")
            text = PullText(TITLE, pull_text(row, settings))
            pull = ensure(
                at, about.slug, row.branch, about.default_branch, text, options, pace.wait
            )
        except (Refused, InputError) as error:
            return noted(row, NONE, str(error))
        except Exception as error:  # a bug, or a library's: one pull request, not the run
            return noted(row, NONE, f"internal error ({type(error).__name__}: {error})"[:500])
        pace.note(pull)
        notes = dict.fromkeys((*row.notes, *pull.notes))
        return replace(row, pr=pull.url, opened=pull.created.isoformat(), notes=tuple(notes))

    return open_one
