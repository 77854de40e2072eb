"""Where a repository stands: the commit at hand and the branch it is on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from reorder.fleet.git.errors import GitError
from reorder.fleet.git.gitdir import is_commit
from reorder.fleet.git.network import failed, is_ref, network, plain_url
from reorder.fleet.git.run import run
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.shadow import shadow
from reorder.fleet.repository import Repository

_HEADS = "refs/heads/"
_MOST = 1 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """`branch` is short (`main`), and empty where a local HEAD is on none."""

    commit: str
    branch: str


def head_of(repository: Repository, settings: GitSettings | None = None) -> Head:
    """The commit to start from, as cheaply as it can be told: for a remote by ls-remote.

    Raises:
        GitError: there is no such repository, it has no commit, or it is not one to work on.
    """
    return head_and_tip(repository, settings or GitSettings())[0]


def head_and_tip(
    repository: Repository, settings: GitSettings, branch: str = ""
) -> tuple[Head, str | None]:
    """The same, and the tip of a branch there; None: it has no such branch. Raises GitError."""
    if repository.path is None:
        return remote_refs(repository, settings, branch)
    with TemporaryDirectory(prefix="reorder-") as folder:
        found = shadow(repository.path, Path(folder, "git"))
        head = Head(found.commit, found.branch.removeprefix(_HEADS))
        return head, tip_in(found.gitdir, branch) if branch else None


def tip_in(gitdir: Path, branch: str) -> str | None:
    """The tip of a branch in a git folder of ours; None: there is none. Raises GitError."""
    if not gitdir.is_dir():
        return None
    ran = run("rev-parse", "--verify", "--quiet", _HEADS + branch, gitdir=gitdir)
    return ran.output.decode("ascii").strip() or None


def remote_refs(
    repository: Repository, settings: GitSettings, branch: str = ""
) -> tuple[Head, str | None]:
    """Where a remote's HEAD is, and the tip of a branch; None: it has no such branch.

    Raises:
        GitError: there is no such repository, it has no commit, or its HEAD is on no branch.
    """
    asked = ("HEAD", _HEADS + branch) if branch else ("HEAD",)
    words = ("ls-remote", "--symref", "--quiet", "--", plain_url(repository), *asked)
    ran = network(*words, repository=repository, settings=settings, most=_MOST)
    if ran.code:
        raise failed("ls-remote", ran)
    return _head(ran.output), _tip(ran.output, _HEADS + branch)


def _head(output: bytes) -> Head:
    commit = branch = ""
    for row in os.fsdecode(output).splitlines():
        value, _, name = row.partition("\t")
        if name == "HEAD" and value.startswith("ref: "):
            branch = value.removeprefix("ref: ")
        elif name == "HEAD":
            commit = value
    if not commit:
        raise GitError("empty", "it has no commit yet")
    if not is_commit(commit) or not branch.startswith(_HEADS) or not is_ref(branch):
        raise GitError("refused", "its HEAD is not on a branch whose name can be used")
    return Head(commit, branch.removeprefix(_HEADS))


def _tip(output: bytes, ref: str) -> str | None:
    for row in os.fsdecode(output).splitlines():
        value, _, name = row.partition("\t")
        if name == ref and is_commit(value):
            return value
    return None
