"""The files of a commit, counted before any of them is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.run import run
from reorder.fleet.git.settings import GitSettings

_MOST_ROW = 400  # bytes of a row on average, more than any real repository has


@dataclass(frozen=True, slots=True)
class Listing:
    """`blobs` are the names of the objects; submodules have none. `size` is 0 where unasked."""

    files: int
    size: int
    blobs: frozenset[str]


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
    rows = ran.output.split(b"\0")[:-1]
    if len(rows) > settings.most_files:
        raise GitError("refused", many)
    fields = [row.partition(b"\t")[0].split() for row in rows]
    if sizes and any(words[1] == b"blob" and not words[3].isdigit() for words in fields):
        raise GitError("broken", "its objects lack files of the commit")
    blobs = frozenset(words[2].decode("ascii") for words in fields if words[1] == b"blob")
    size = sum(int(words[3]) for words in fields if words[1] == b"blob") if sizes else 0
    if size > settings.most_bytes:
        raise GitError("refused", f"its files have more than {settings.most_bytes:,} bytes")
    return Listing(len(rows), size, blobs)
