"""Changed files as a commit on top of the one at hand: the same input, the same bytes.

By plumbing alone: no hook, filter, signature or index of the work tree has a part in it. The dates
are those of the commit below. The trailers tell our commits from others (see branch.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.run import git, run
from reorder.fleet.git.tree import Tree

VERSION, CONFIG = "Reorder-Version", "Reorder-Config"
_DATE = re.compile(r"[0-9]{1,11} [+-](?:0[0-9]|1[0-4])[0-5][0-9]")
_NEW = "100644"
_EDITED = ("100644", "100755")


def signed(message: str, version: str, config: str) -> str:
    """A message with our trailers at its end: git-interpret-trailers(1)."""
    return f"{message.rstrip()}\n\n{VERSION}: {version}\n{CONFIG}: {config}\n"


def commit_files(tree: Tree, files: Mapping[str, bytes], message: str) -> str:
    """A commit with these files changed or added, on top of `tree.commit`; its name.

    Paths are relative to the repository. Modes stay; a new file is 100644. No ref moves and no
    file on disk changes. `message` is one of `signed`.

    Raises:
        GitError: a path is a link, a submodule or a folder in the commit, or not one at all.
    """
    index = {"GIT_INDEX_FILE": str(tree.gitdir / "index.commit")}
    try:
        git("read-tree", tree.commit, gitdir=tree.gitdir, extra=index)
        rows = b"".join(
            f"{mode} {_blob(tree, files[path])}\t".encode() + os.fsencode(path) + b"\0"
            for path, mode in _modes(tree, sorted(files)).items()
        )
        update = ("update-index", "-z", "--add", "--index-info")
        git(*update, gitdir=tree.gitdir, extra=index, stdin=rows)
        top = git("write-tree", gitdir=tree.gitdir, extra=index).decode("ascii").strip()
    finally:
        Path(index["GIT_INDEX_FILE"]).unlink(missing_ok=True)
    if top == git("rev-parse", f"{tree.commit}^{{tree}}", gitdir=tree.gitdir).decode().strip():
        raise GitError("refused", "the files are what the commit has already")
    text = message.encode("utf-8", "surrogateescape")
    words = ("commit-tree", "--no-gpg-sign", top, "-p", tree.commit)
    made = git(*words, gitdir=tree.gitdir, extra=_identity(tree), stdin=text)
    return made.decode("ascii").strip()


def _modes(tree: Tree, paths: list[str]) -> dict[str, str]:
    found = dict.fromkeys(paths, _NEW)
    for path in paths:
        ran = run("ls-tree", "-z", "--full-tree", tree.commit, "--", path, gitdir=tree.gitdir)
        row = ran.output.partition(b"\t")[0].decode("ascii")
        if ran.code or (row and row.split(" ")[0] not in _EDITED):
            raise GitError("refused", f"{path!r} is not an ordinary file of the repository")
        found[path] = row.split(" ")[0] if row else _NEW
    return found


def _blob(tree: Tree, data: bytes) -> str:
    made = git("hash-object", "-w", "--no-filters", "--stdin", gitdir=tree.gitdir, stdin=data)
    return made.decode("ascii").strip()


def _identity(tree: Tree) -> dict[str, str]:
    who = {}
    for role in ("AUTHOR", "COMMITTER"):
        who[f"GIT_{role}_NAME"] = tree.settings.author
        who[f"GIT_{role}_EMAIL"] = tree.settings.email
        who[f"GIT_{role}_DATE"] = "@" + date_after(tree.gitdir, tree.commit)
    return who


def date_after(gitdir: Path, commit: str) -> str:
    """The date of a commit of ours on top of another: that one's, where git can make it again.

    Seconds and zone, as `--date=raw` has them. Raises GitError.
    """
    words = ("log", "-1", "--no-show-signature", "--format=%cd", "--date=raw")
    date = os.fsdecode(git(*words, commit, gitdir=gitdir)).strip()
    return date if _DATE.fullmatch(date) else "0 +0000"
