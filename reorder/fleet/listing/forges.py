"""`host/owner/*`: all repositories of an organisation, a group with its subgroups, or a user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reorder.errors import InputError
from reorder.fleet.listing.files import Entry
from reorder.fleet.pulls.contract import About, Forge, Refused
from reorder.fleet.repository import Repository, repository

_QUERY = re.compile(r"(?:https?://)?(?P<host>[\w.-]+(?::\d+)?)/(?P<owner>[\w.~-]+(?:/[\w.-]+)*)/\*")


@dataclass(frozen=True, slots=True)
class Query:
    """What a forge is asked for, and where it was asked."""

    host: str
    owner: str  # `group/subgroup` at GitLab
    entry: Entry


def query(entry: Entry) -> Query | None:
    """None: the word is no query. Raises InputError for a `*` that stands elsewhere."""
    if "*" not in entry.word or entry.word.startswith(("/", ".", "~")):
        return None
    found = _QUERY.fullmatch(entry.word)
    if found is None:
        raise InputError(entry.word, "`*` stands for all of an owner, as in github.com/owner/*")
    return Query(found["host"].lower(), found["owner"], entry)


def owned(query: Query, forge: Forge) -> Iterator[tuple[About, Repository]]:
    """What the forge has, in its order; fetched by its clone URL, named as in the list.

    Raises:
        InputError: there is no such owner, or the forge did not answer.
    """
    try:
        for about in forge.owned(query.owner):
            at_its_url = repository(about.clone_url)
            name = f"{query.host}/{about.slug}"
            yield about, Repository(name, None, at_its_url.url, query.host, about.slug)
    except Refused as refused:
        entry = query.entry
        where = entry.path or entry.word
        what = f"{query.host}/{query.owner}/* could not be listed: {refused}"
        raise InputError(where, what, entry.line) from None
