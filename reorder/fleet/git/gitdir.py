"""Where the git folder of a local checkout is, and whether it is really its own.

Read here, not by git, so that nothing of the checkout is in force yet: gitrepository-layout(5).
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.run import run

MOST_BYTES = 1 << 16  # of a file that holds a line or a few
MOST_CONFIG = 1 << 20
MOST_PATHS = 10_000  # worktrees of one repository
_SYMREF = re.compile(r"ref: (refs/heads/[^\s\x00-\x1f\x7f]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class GitFolder:
    """`own` holds HEAD and the index of this checkout; `common` the objects, refs and config.

    They are the same but for a linked worktree.
    """

    own: Path
    common: Path


def git_folder(checkout: Path) -> GitFolder:
    """The git folder of a checkout's root, or of a bare repository.

    A `.git` file (linked worktree, submodule) is followed only if what it names knows this
    checkout: else a file from a stranger would make us work on another repository.

    Raises:
        GitError: there is none, it is another's, or a link in it leads elsewhere.
    """
    entry = checkout / ".git"
    if not os.path.lexists(checkout):
        raise GitError("missing", "no such folder")
    if not os.path.lexists(entry):
        if not all(map(os.path.lexists, (checkout / "HEAD", checkout / "objects"))):
            raise GitError("missing", "not a git repository, or not the root of one")
        return _checked(GitFolder(checkout, checkout))
    if entry.is_symlink():
        raise GitError("refused", ".git is a symbolic link: whose it is cannot be told")
    if entry.is_dir():
        return _checked(GitFolder(entry, _common(entry)))
    return _checked(_named(checkout, entry))


def line_of(path: Path) -> str | None:
    """The text of a small file without its line end; None: no such file, or not an ordinary one."""
    text = small_file(path)
    return None if text is None else text.decode("utf-8", "surrogateescape").rstrip("\n")


def small_file(path: Path, most: int = MOST_BYTES) -> bytes | None:
    """The bytes of an ordinary file of a bounded size; never waits for a FIFO or a device."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        data = file.read(most + 1)
    return data if len(data) <= most else None


def settings_of(folder: Path) -> dict[str, str]:
    """The last value of each key of a git folder's config; what it includes is not read.

    Keys are as git lists them: section and variable in lower case. Raises GitError.
    """
    config = folder / "config"
    if not os.path.lexists(config):
        return {}
    if small_file(config, MOST_CONFIG) is None:
        raise GitError("refused", "its config is not an ordinary file of less than 1 MiB")
    ran = run("config", "--file", str(config), "--no-includes", "--null", "--list")
    if ran.code:
        raise GitError("broken", f"its config cannot be read: {ran.said}")
    rows = (row.partition("\n") for row in os.fsdecode(ran.output).split("\0"))
    return {key: value for key, _, value in rows if key}


def branch_of_head(head: str) -> str | None:
    """`refs/heads/…` of the text of a HEAD file; None: detached, or not a HEAD."""
    found = _SYMREF.fullmatch(head)
    return found[1] if found else None


def is_commit(text: str) -> bool:
    """Whether it is the whole name of an object."""
    return _COMMIT.fullmatch(text) is not None


def checked_out(common: Path) -> frozenset[str] | None:
    """The refs of branches that some work tree of a repository is on, or in the middle of.

    git-worktree(1); None when there are too many worktrees to look at.
    """
    worktrees = common / "worktrees"
    folders = [common]
    if worktrees.is_dir():
        folders += sorted(worktrees.iterdir())[: MOST_PATHS + 1]
    if len(folders) > MOST_PATHS:
        return None
    found = set()
    for folder in folders:
        head = branch_of_head(line_of(folder / "HEAD") or "")
        found |= {head} if head else set()
        for name in ("rebase-merge/head-name", "rebase-apply/head-name"):
            text = line_of(folder / name) or ""
            found |= {text} if text.startswith("refs/heads/") else set()
        started = line_of(folder / "BISECT_START")
        found |= {f"refs/heads/{started}"} if started else set()
    return frozenset(found)


def _named(checkout: Path, entry: Path) -> GitFolder:
    text = line_of(entry) or ""
    if not text.startswith("gitdir: "):
        raise GitError("refused", ".git is neither a folder nor a file that names one")
    own = Path(os.path.realpath(checkout / text.removeprefix("gitdir: ")))
    if not own.is_dir():
        raise GitError("missing", ".git names a folder that is not there")
    here = os.path.realpath(entry)
    back = line_of(own / "gitdir")
    if back is not None:
        if os.path.realpath(own / back) != here:
            raise GitError("refused", ".git names a worktree of another checkout")
        return GitFolder(own, _common(own))
    work = settings_of(own).get("core.worktree")
    if work is None or os.path.realpath(own / work) != os.path.realpath(checkout):
        raise GitError("refused", ".git names a repository that does not know this checkout")
    return GitFolder(own, own)


def _common(own: Path) -> Path:
    if not os.path.lexists(own / "commondir"):
        return own
    text = line_of(own / "commondir")
    common = Path(os.path.realpath(own / text)) if text else own
    # A worktree of git's own making lies in its repository.
    if own.parent != common / "worktrees":
        raise GitError("refused", "its commondir names a repository that does not know it")
    return common


def _checked(folder: GitFolder) -> GitFolder:
    for name in ("objects", "refs"):
        place = folder.common / name
        if place.is_symlink():
            raise GitError("refused", f"{name} is a symbolic link: whose it is cannot be told")
        if not place.is_dir():
            raise GitError("missing", f"not a git repository: it has no folder {name}")
    return folder
