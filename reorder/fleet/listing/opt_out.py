"""Repositories that are left alone because somebody asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate

from reorder.errors import InputError
from reorder.fleet.listing.files import patterns
from reorder.fleet.repository import Repository, repository

_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class OptOut:
    """The list of `--opt-out`; each pattern with the place it stands at."""

    rules: tuple[tuple[re.Pattern[str], str], ...] = ()

    def reason(self, repo: Repository) -> str | None:
        """Why a repository is left alone: `opted out (FILE:LINE)`; None: it is not in the list."""
        names = {repo.name, repo.slug, repo.slug.rpartition("/")[2]} - {""}
        for pattern, place in self.rules:
            if any(pattern.match(name) for name in names):
                return f"opted out ({place})"
        return None


def read(path: str) -> OptOut:
    """One repository a line: a folder, a clone URL, `host/owner/name`, `owner/name`, or `name`.

    `*` (also across `/`), `?` and `[…]` match as in `fnmatch`; case does not count, as it does not
    at a forge. Blank lines and lines that begin with `#` are left out. Raises InputError.
    """
    rules = []
    for number, word in patterns(path):
        if not word.isprintable():
            raise InputError(path, "has characters that no name of a repository has", number)
        name = word if _GLOB.search(word) else _name(word)
        rules.append((re.compile(translate(name), re.IGNORECASE), f"{path}:{number}"))
    return OptOut(tuple(rules))


def _name(word: str) -> str:
    """What a list calls the repository; a short name stays as it is."""
    try:
        return repository(word).name
    except InputError:
        return word.strip("/").removesuffix(".git")
