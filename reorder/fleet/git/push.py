"""A commit of ours on a branch of a remote; what others put there is never overwritten."""

from __future__ import annotations

import os

from reorder.fleet.git.branch import Placed, branch_name, foreign
from reorder.fleet.git.clone import fetch_branch
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.heads import remote_refs
from reorder.fleet.git.network import network
from reorder.fleet.git.tree import Tree
from reorder.fleet.repository import Repository
from reorder.fleet.secrets import redacted
from reorder.report.style import visible

_TIP = "refs/reorder/tip"
_MOST = 1 << 20


def push_branch(tree: Tree, name: str, commit: str) -> Placed:
    """Creates or replaces a branch of `tree.remote` by a push with a lease on what it was.

    Never the default branch. A lease that is lost to somebody else's push is a refusal.

    Raises:
        InputError: `name` is no name for a branch.
    """
    branch_name(name)
    if tree.remote is None:
        return Placed("refused", f"not pushed: {tree.no_remote}")
    try:
        return _push(tree, tree.remote, name, commit)
    except GitError as error:
        return Placed("failed", error.reason)


def _push(tree: Tree, remote: Repository, name: str, commit: str) -> Placed:
    head, tip = remote_refs(remote, tree.settings, name)
    if name == head.branch:
        return Placed("refused", f"branch {name} is the default branch there")
    if tip == commit:
        return Placed("unchanged", before=tip)
    if tip is not None:
        fetched = fetch_branch(remote, tree.gitdir, name, _TIP, tree.settings)
        reason = foreign(tree.gitdir, fetched, tree.commit) if fetched == tip else "is moving"
        if reason:
            return Placed("refused", f"branch {name} {reason}", tip)
    ran = network(
        "push", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags",
        "--recurse-submodules=no", f"--force-with-lease=refs/heads/{name}:{tip or ''}",
        "origin", f"{commit}:refs/heads/{name}",
        repository=remote, settings=tree.settings, gitdir=tree.gitdir, push=True, most=_MOST,
    )  # fmt: skip
    if ran.code == 0:
        return Placed("created" if tip is None else "updated", before=tip)
    return _rejected(os.fsdecode(ran.output), ran.said, name, tip)


def _rejected(output: str, said: str, name: str, tip: str | None) -> Placed:
    """What `--porcelain` says of the one ref: `!<TAB>from:to<TAB>summary (reason)`."""
    for row in output.splitlines():
        flag, _, rest = row.partition("\t")
        if flag == "!":
            summary = visible(redacted(rest.partition("\t")[2]))
            if "stale info" in summary:
                return Placed("refused", f"branch {name} was pushed to by somebody else", tip)
            return Placed("failed", f"branch {name} was not taken: {summary}; {said}", tip)
    return Placed("failed", f"git push failed: {said}", tip)
