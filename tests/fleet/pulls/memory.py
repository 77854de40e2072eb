"""A forge in memory, for what is decided above the client libraries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from reorder.fleet.pulls.contract import About, PullOptions, PullText, Refused, Seen

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@dataclass
class Memory:
    host: str = "forge.example"
    most_body: int = 1000
    owners: dict[str, list[About]] = field(default_factory=dict)
    pulls: list[Seen] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    refusing: list[Refused] = field(default_factory=list)  # by `create`
    failing: list[Refused] = field(default_factory=list)  # by `decorate`

    def about(self, slug: str) -> About | None:
        found = (one for all_ in self.owners.values() for one in all_ if one.slug == slug)
        return next(found, None)

    def owned(self, owner: str) -> Iterator[About]:
        if owner not in self.owners:
            raise Refused("not found", f"{self.host} answered 404: Not Found")
        yield from self.owners[owner]

    def search(self, slug: str, branch: str) -> Seen | None:
        newest = self.pulls[::-1]
        return next((p for p in newest if p.state == "open"), newest[0] if newest else None)

    def create(self, slug: str, branch: str, base: str, text: PullText, draft: bool) -> Seen:
        self.done.append("create")
        if self.refusing:
            raise self.refusing.pop(0)
        number = len(self.pulls) + 1
        url, prefix = f"https://{self.host}/{slug}/{number}", "WIP: " if draft else ""
        self.pulls.append(Seen(number, url, "open", text.title, text.body, NOON, prefix))
        return self.pulls[-1]

    def decorate(self, slug: str, number: int, options: PullOptions) -> tuple[str, ...]:
        self.done.append("decorate")
        if self.failing:
            raise self.failing.pop(0)
        return self.notes

    def rewrite(self, slug: str, seen: Seen, text: PullText) -> None:
        self.done.append("rewrite")
        self.pulls[seen.number - 1] = replace(seen, title=text.title, body=text.body)

    def change(self, number: int, **what: object) -> None:
        """What a person does to a pull request."""
        self.pulls[number - 1] = replace(self.pulls[number - 1], **what)  # type: ignore[arg-type]
