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
from reorder.fleet.git.run import git
from reorder.fleet.git.tree import Tree

VERSION, CONFIG = "Reorder-Version", "Reorder-Config"
_DATE = re.compile(r"[0-9]{1,11} [+-](?:0[0-9]|1[0-4])[0-5][0-9]")
_FOLDER, _EDITED = "040000", ("100644", "100755")
_NO_NAMES = ("", ".", "..", ".git")
_BLOB = ("hash-object", "-w", "--no-filters", "--stdin")


def signed(message: str, version: str, config: str) -> str:
    """A message with our trailers at its end: git-interpret-trailers(1)."""
    return f"{message.rstrip()}\n\n{VERSION}: {version}\n{CONFIG}: {config}\n"


def commit_files(tree: Tree, files: Mapping[str, bytes], message: str) -> str:
    """A commit with these files changed or added, on top of `tree.commit`; its name.

    Paths are relative to the repository, with `/`. Modes stay; a new file is 100644. No ref moves
    and no file on disk changes. `message` is one of `signed`.

    Raises:
        GitError: a path is a link, a submodule or a folder in the commit, or leads through a file;
            or nothing would change.
    """
    before = git("rev-parse", f"{tree.commit}^{{tree}}", gitdir=tree.gitdir).decode("ascii").strip()
    parts = {tuple(path.split("/")): data for path, data in files.items()}
    after = _folder(tree, before, parts)
    if after == before:
        raise GitError("refused", "the files are what the commit has already")
    who = f"{_plain(tree.settings.author)} <{_plain(tree.settings.email)}>"
    who += f" {date_after(tree.gitdir, tree.commit)}"
    head = f"tree {after}\nparent {tree.commit}\nauthor {who}\ncommitter {who}\n\n"
    return _write(tree, "hash-object", "-t", "commit", "-w", "--stdin", data=_raw(head + message))


def _folder(tree: Tree, before: str | None, files: Mapping[tuple[str, ...], bytes]) -> str:
    """The tree object of a folder with some files changed below it; `before` is what it was."""
    rows = _rows(tree, before) if before is not None else {}
    inner: dict[str, dict[tuple[str, ...], bytes]] = {}
    for (name, *rest), data in sorted(files.items()):
        if name.lower() in _NO_NAMES or "\0" in name:
            raise GitError("refused", f"{name!r} is no name that git takes for a file")
        if rest:
            inner.setdefault(name, {})[tuple(rest)] = data
            continue
        mode, _ = rows.get(name, ("100644", ""))
        if mode not in _EDITED:
            raise GitError("refused", f"{name!r} is not an ordinary file of the repository")
        rows[name] = mode, _write(tree, *_BLOB, data=data)
    for name, below in inner.items():
        mode, folder = rows.get(name, (_FOLDER, None))
        if mode != _FOLDER:
            raise GitError("refused", f"{name!r} is not a folder of the repository")
        rows[name] = _FOLDER, _folder(tree, folder, below)
    kinds = {_FOLDER: "tree", "160000": "commit"}
    text = "".join(f"{m} {kinds.get(m, 'blob')} {at}\t{name}\0" for name, (m, at) in rows.items())
    return _write(tree, "mktree", "-z", "--missing", data=_raw(text))


def _rows(tree: Tree, folder: str) -> dict[str, tuple[str, str]]:
    """The entries of a tree object: name -> mode and object."""
    found = {}
    for row in os.fsdecode(git("ls-tree", "-z", folder, gitdir=tree.gitdir)).split("\0")[:-1]:
        words, _, name = row.partition("\t")
        mode, _, at = words.split(" ")
        found[name] = mode, at
    return found


def _write(tree: Tree, *arguments: str, data: bytes) -> str:
    """An object, written where no other repository's are seen.

    Git touches the file of an object that it is to write and finds, also in an alternate.
    """
    place = {"GIT_OBJECT_DIRECTORY": str(tree.made)}
    made = git(*arguments, gitdir=tree.gitdir, extra=place, stdin=data)
    return made.decode("ascii").strip()


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _plain(who: str) -> str:
    """A name without what ends one in a commit: git-commit-tree(1)."""
    return " ".join("".join(char for char in who if char not in "<>").split())


def date_after(gitdir: Path, commit: str) -> str:
    """The date of a commit of ours on top of another: that one's, where git can make it again.

    Seconds and zone, as `--date=raw` has them. Raises GitError.
    """
    words = ("log", "-1", "--no-show-signature", "--format=%cd", "--date=raw")
    date = os.fsdecode(git(*words, commit, gitdir=gitdir)).strip()
    return date if _DATE.fullmatch(date) else "0 +0000"
