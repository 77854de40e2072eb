"""The contract between a forge and everything that asks it for repositories and pull requests.

A forge only finds, opens and rewrites; what may be done to a pull request that is there already is
decided in one place for all of them, `ensure.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

State = Literal["open", "closed", "merged"]
Deed = Literal["created", "updated", "unchanged", "left"]
Reason = Literal[
    "no permission",
    "not found",
    "archived",
    "exists",
    "moved",
    "validation",
    "rate limit",
    "unreachable",
    "stopped",
]


class Refused(Exception):
    """The forge did not do it. Concerns one repository; a run goes on."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class About:
    """What a forge knows of a repository."""

    slug: str  # as the forge spells it now: a repository may have been renamed
    clone_url: str = field(repr=False)
    default_branch: str | None  # None: it is empty
    archived: bool = False
    fork: bool = False
    empty: bool = False
    mirror: bool = False  # what is pushed to it is lost at the next update
    may_push: bool | None = None  # None: the forge does not say

    @property
    def skip(self) -> str | None:
        """Why nothing is done to it, in the words of a result row."""
        for reason in ("archived", "fork", "empty", "mirror"):
            if getattr(self, reason):
                return reason
        return None


@dataclass(frozen=True, slots=True)
class PullText:
    """Title in one line, body in Markdown."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class PullOptions:
    """How a pull request is opened. A reviewer `org/team` is a team."""

    draft: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A pull request as it is at the forge."""

    number: int
    url: str
    state: State
    title: str  # without `prefix`
    body: str
    created: datetime  # aware
    prefix: str = ""  # `Draft: `, where a draft is one by its title


@dataclass(frozen=True, slots=True)
class Pull:
    """What `ensure` did. `left`: a person closed it, so it stays closed."""

    url: str
    number: int
    state: State
    did: Deed
    created: datetime
    notes: tuple[str, ...] = ()  # what was left as it is, or could not be set, and why


class Forge(Protocol):
    """One server. Every method may raise Refused; a slug is `owner/name`, or deeper at GitLab."""

    @property
    def host(self) -> str:
        """As in `host/owner/name`."""

    @property
    def most_body(self) -> int:
        """Characters that a body may have."""

    def about(self, slug: str) -> About | None:
        """None: there is none that the token may see."""

    def owned(self, owner: str) -> Iterator[About]:
        """All of an organisation, a group with its subgroups, or a user, in a fixed order."""

    def search(self, slug: str, branch: str) -> Seen | None:
        """The open pull request from that branch of the repository itself, else the newest one."""

    def create(self, slug: str, branch: str, base: str, text: PullText, draft: bool) -> Seen:
        """Opens one; `exists` where there is an open one already."""

    def decorate(self, slug: str, number: int, options: PullOptions) -> tuple[str, ...]:
        """Sets labels and reviewers; tells what could not be set."""

    def rewrite(self, slug: str, seen: Seen, text: PullText) -> None:
        """Gives it another title and body; a draft stays one."""
