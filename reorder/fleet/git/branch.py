"""Whose a branch is: ours to replace, or somebody else's.

Ours is what nobody else put a commit on: each since the commit at hand has our trailer, one
parent, one person as author and committer, and its parent's date. Whoever amends, rebases or adds
to it makes another (git-commit(1): the committer and his date change).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reorder.errors import InputError
from reorder.fleet.git.commit import VERSION, date_after
from reorder.fleet.git.network import is_ref
from reorder.fleet.git.run import run

MOST_COMMITS = 16  # of ours on one branch; we make one
_FIELDS = (
    f"%H%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%(trailers:key={VERSION},valueonly)"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a branch. `unchanged`: the commit was there already, and nothing was done.

    `refused` and `failed` come with the reason, and nothing was changed.
    """

    status: Literal["created", "updated", "unchanged", "refused", "failed"]
    reason: str = ""
    before: str | None = None  # the tip that was there


def branch_name(name: str) -> str:
    """The name, if git takes it for a branch. Raises InputError otherwise."""
    if name.startswith(("-", "refs/")) or name == "HEAD" or not is_ref(f"refs/heads/{name}"):
        raise InputError("--branch", f"{name!r} is not a name that git takes for a branch")
    return name


def foreign(gitdir: Path, tip: str, base: str) -> str:
    """Why a branch is not ours to replace; empty: it is. `base` is the commit at hand."""
    words = ("--no-show-signature", "--date=raw", f"--format=tformat:%x01{_FIELDS}")
    many = f"--max-count={MOST_COMMITS + 1}"
    ran = run("log", *words, many, tip, f"^{base}", gitdir=gitdir)
    last = run("log", "-1", *words, tip, gitdir=gitdir)
    if ran.code or last.code:
        return f"cannot be read: {ran.said if ran.code else last.said}"
    commits = (ran.output or last.output).split(b"\x01")[1:]
    if len(commits) > MOST_COMMITS or not all(_ours(gitdir, text) for text in commits):
        return "has commits that are not reorder's"
    return ""


def _ours(gitdir: Path, text: bytes) -> bool:
    _, parents, *who, trailer = os.fsdecode(text).split("\0")
    if not trailer.strip() or len(parents.split()) != 1 or who[:3] != who[3:]:
        return False
    return date_after(gitdir, parents) == who[2]
