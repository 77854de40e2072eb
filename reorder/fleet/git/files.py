"""The files of a commit, counted before any of them is written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.run import run
from reorder.fleet.git.settings import GitSettings
from reorder.report.style import number, visible

_MOST_ROW = 256  # bytes of a row on average, more than any real repository has


@dataclass(frozen=True, slots=True)
class Listing:
    """`blobs` are the names of the objects; submodules have none. `size` is 0 where unasked.

    `lacking` are the files that a partial clone does not have: they are not on disk.
    """

    files: int
    size: int
    blobs: frozenset[str]
    lacking: tuple[str, ...] = ()


def listing(gitdir: Path, commit: str, settings: GitSettings, *, sizes: bool = False) -> Listing:
    """The files of a commit.

    Raises:
        GitError: objects lack, or there are more files or bytes than the settings allow.
    """
    many = f"has more than {settings.most_files:,} files"
    try:
        long = ("--long",) if sizes else ()
        ran = run(
            "ls-tree", "-r", "-z", "--full-tree", *long, commit,
            gitdir=gitdir, most=settings.most_files * _MOST_ROW,
        )  # fmt: skip
    except GitError as error:
        raise GitError("refused", many) if error.kind == "refused" else error from None
    if ran.code:
        raise GitError("broken", f"its objects lack files of the commit: {ran.said}")
    rows = [row.partition(b"\t") for row in ran.output.split(b"\0")[:-1]]
    if len(rows) > settings.most_files:
        raise GitError("refused", many)
    found = [(head.split(), path) for head, _, path in rows]
    blobs = [(words, path) for words, path in found if words[1] == b"blob"]
    names = frozenset(words[2].decode("ascii") for words, _ in blobs)
    if not sizes:
        return Listing(len(rows), 0, names)
    lacking = tuple(os.fsdecode(path) for words, path in blobs if not words[3].isdigit())
    if len(lacking) > settings.most_lacking:
        what = f"it lacks the content of {number(len(lacking), 'file')} of the commit, first of "
        raise GitError("broken", f"{what}`{visible(lacking[0])}`; fetch it, or name its URL")
    size = sum(int(words[3]) for words, _ in blobs if words[3].isdigit())
    if size > settings.most_bytes:
        raise GitError("refused", f"its files have more than {settings.most_bytes:,} bytes")
    return Listing(len(rows), size, names, lacking)
