"""A commit of ours on a branch of a local repository; its HEAD, index and files stay."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from reorder.fleet.git.branch import Placed, branch_name, foreign
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.gitdir import GitFolder, checked_out
from reorder.fleet.git.run import git, run
from reorder.fleet.git.shadow import Shadow
from reorder.fleet.git.tree import Tree


def place_branch(tree: Tree, name: str, commit: str) -> Placed:
    """Creates or replaces a branch in the local repository that a tree was opened from.

    Only a branch that is ours (see branch.py) or absent, and on which no work tree is. The objects
    come as one pack; the ref moves only if it still is what it was when it was looked at.

    Raises:
        InputError: `name` is no name for a branch.
        ValueError: the repository is not a local one.
    """
    if tree.local is None:
        raise ValueError("a branch is placed in a local repository only")
    ref = f"refs/heads/{branch_name(name)}"
    try:
        return _place(tree, tree.local, ref, commit)
    except GitError as error:
        return Placed("failed", error.reason)


def _place(tree: Tree, local: Shadow, ref: str, commit: str) -> Placed:
    gitdir = local.gitdir
    ran = run("rev-parse", "--verify", "--quiet", ref, gitdir=gitdir)
    tip = ran.output.decode("ascii").strip() or None
    if tip == commit:
        return Placed("unchanged", before=tip)
    name = ref.removeprefix("refs/heads/")
    reason = "is the default branch" if name in _defaults(tree) else ""
    reason = reason or _not_writable(local.source, local, ref)
    if tip is not None:
        reason = reason or foreign(gitdir, tip, tree.commit)
    if reason:
        return Placed("refused", f"branch {name} {reason}", tip)
    given = f"{commit}\n^{tree.commit}\n".encode("ascii")
    pack = git("pack-objects", "--revs", "--stdout", "-q", gitdir=tree.gitdir, stdin=given)
    named = git("index-pack", "--stdin", gitdir=gitdir, stdin=pack)
    none = "0" * len(commit)
    git("update-ref", "--no-deref", ref, commit, tip or none, gitdir=gitdir)
    _give_back(local.source, named.split()[-1].decode("ascii"), ref)
    return Placed("created" if tip is None else "updated", before=tip)


def _defaults(tree: Tree) -> tuple[str, ...]:
    return (tree.default,) if tree.default else ("main", "master")


def _give_back(source: GitFolder, pack: str, ref: str) -> None:
    """What root made in another's repository becomes that one's, who could not change it else."""
    owner = source.common.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    packs = source.common.joinpath("objects/pack").glob(f"pack-{pack}.*")
    for path in (*packs, *_way(source, ref)):
        with suppress(OSError):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _way(source: GitFolder, ref: str) -> list[Path]:
    """A ref's file and the folders above it, below `refs`."""
    parts = ref.split("/")
    return [source.common.joinpath(*parts[:end]) for end in range(2, len(parts) + 1)]


def _not_writable(source: GitFolder, local: Shadow, ref: str) -> str:
    if ("refstorage", "reftable") in local.extensions and (source.common / "worktrees").exists():
        return "is in a repository with reftable and several work trees"
    taken = checked_out(source.common)
    if taken is None:
        return "is in a repository with too many work trees to look at"
    if ref in taken or ref == local.branch:
        return "is checked out there"
    if any(at.is_symlink() for at in (source.common / "objects/pack", *_way(source, ref))):
        return "cannot be written: a link would lead out of the repository"
    return ""
