"""One pull request for a branch: opened, brought up to date, or left to people."""

from __future__ import annotations

from collections.abc import Callable

from reorder.fleet.pulls import marks
from reorder.fleet.pulls.contract import (
    Deed,
    Forge,
    Pull,
    PullOptions,
    PullText,
    Refused,
    Seen,
)

EDITED = "a person changed its title or text, which stay as they are"
CLOSED = "it was closed without being merged, and is not opened again; reopen it to have it updated"
CUT = "its text was too long for the forge, and was cut"


def ensure(
    forge: Forge,
    slug: str,
    branch: str,
    base: str,
    text: PullText,
    options: PullOptions,
    before_creating: Callable[[], None] = lambda: None,
) -> Pull:
    """The pull request of `branch`, which was pushed to the repository itself.

    Never a second one beside an open one; title and text are only rewritten while they are ours, a
    draft that became ready stays ready, and one that was closed without a merge stays closed.
    Labels and reviewers are set when it is opened, and not again. `slug` is as `About` has it;
    `before_creating` may wait (`Pace.wait`).

    Raises:
        Refused: the forge did not do it.
    """
    signed = marks.signed(text, forge.most_body)
    found = forge.search(slug, branch)
    did: Deed = "unchanged"
    if found is None or found.state == "merged":
        before_creating()
        pending = marks.signed(text, forge.most_body, pending=True)
        first = pending if options.labels or options.reviewers else signed
        found, did = _created(forge, slug, branch, base, first, options.draft)
    if found.state != "open":
        return Pull(found.url, found.number, found.state, "left", found.created, (CLOSED,))
    notes: tuple[str, ...] = ()
    mark = marks.read(found)
    if mark is not None and mark.ours and mark.pending:
        notes = forge.decorate(slug, found.number, options)
    if mark is None or not mark.ours:
        notes = (*notes, EDITED)
    elif not marks.same(found, signed):
        forge.rewrite(slug, found, signed)
        did = "created" if did == "created" else "updated"
    if marks.cut(text, forge.most_body):
        notes = (*notes, CUT)
    return Pull(found.url, found.number, "open", did, found.created, notes)


def _created(
    forge: Forge, slug: str, branch: str, base: str, text: PullText, draft: bool
) -> tuple[Seen, Deed]:
    try:
        return forge.create(slug, branch, base, text, draft), "created"
    except Refused as refused:  # a request that was sent twice, or somebody was faster
        found = forge.search(slug, branch) if refused.reason == "exists" else None
        if found is None or found.state != "open":
            raise
        return found, "unchanged"
