"""What git could not do to a repository, in words."""

from __future__ import annotations

from typing import Literal

from reorder.errors import ReorderError

Kind = Literal[
    "missing",  # no such repository, or it may not be read
    "empty",  # it has no commit
    "refused",  # it is there, and not to be worked on, for the reason given
    "timeout",
    "broken",  # git cannot read it, or failed
]


class GitError(ReorderError):
    """One line without secrets or control characters; `kind` is for rows and counts."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(kind, reason)  # both, so that it can be pickled
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        return self.reason
