"""From the words of a list to its repositories, each once, with why some are left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reorder.errors import InputError
from reorder.fleet.listing.files import Entry
from reorder.fleet.listing.forges import Query, owned, query
from reorder.fleet.listing.opt_out import OptOut
from reorder.fleet.pulls.contract import About, Forge
from reorder.fleet.pulls.hosts import KNOWN
from reorder.fleet.repository import Repository, repository

_MOST_NAMED = 10  # lines that one message names


@dataclass(frozen=True, slots=True)
class Listed:
    """One repository of a run. `skip`: why nothing is done to it, and its row says so.

    `about` is what the forge said when it was asked for all of an owner's.
    """

    repository: Repository
    skip: str | None = None
    about: About | None = None


def rows(
    entries: Iterable[Entry], opt_out: OptOut, forge: Callable[[str], Forge]
) -> tuple[Listed, ...]:
    """Every repository of the list once, in its order; `host/owner/*` stands for all of the owner.

    One that is named, and found again by a query, counts as named: a fork that somebody names is
    meant. `forge` is asked for the host of a query only (`pulls.opening.opener`).

    Raises:
        InputError: lines that are no repository, or a query that the forge did not answer.
    """
    parsed = list(_parsed(entries))
    forges = {*KNOWN, *(one.host for one in parsed if isinstance(one, Query))}

    def key(repo: Repository) -> str:  # at a forge, case does not count
        return repo.name.casefold() if repo.host in forges else repo.name

    named = {key(one) for one in parsed if isinstance(one, Repository)}
    found: dict[str, Listed] = {}
    for one in parsed:
        if isinstance(one, Repository):
            found.setdefault(key(one), Listed(one, opt_out.reason(one)))
            continue
        for about, repo in owned(one, forge(one.host)):
            if key(repo) not in named:
                skip = opt_out.reason(repo) or about.skip
                found.setdefault(key(repo), Listed(repo, skip, about))
    return tuple(found.values())


def looked_up(listed: Listed, forge: Forge) -> Listed:
    """One that was named, with what its forge says; a fork that somebody names is meant.

    Raises:
        Refused: the forge did not answer.
    """
    if listed.about is not None or listed.skip is not None:
        return listed
    about = forge.about(listed.repository.slug)
    if about is None:
        return replace(listed, skip="not found")
    return replace(listed, skip=replace(about, fork=False).skip, about=about)


def _parsed(entries: Iterable[Entry]) -> Iterator[Repository | Query]:
    wrong: list[tuple[Entry, InputError]] = []
    for entry in entries:
        try:
            yield query(entry) or repository(entry.word)
        except InputError as error:
            wrong.append((entry, error))
    if wrong:
        raise _error(wrong)


def _error(wrong: Sequence[tuple[Entry, InputError]]) -> InputError:
    """The first of them, and where the others are."""
    entry, first = wrong[0]
    more = ""
    if len(wrong) > 1:
        lines = [str(other.line) for other, _ in wrong[1 : _MOST_NAMED + 1] if other.line]
        more = f"; {len(wrong) - 1} more like it"
        more += f", on lines {', '.join(lines)}" if lines else ""
    if entry.line:
        return InputError(entry.path, f"{first.path}: {first.message}{more}", entry.line)
    return InputError(first.path, f"{first.message}{more}")
