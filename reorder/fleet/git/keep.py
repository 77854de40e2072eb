"""A clone of a remote repository that stays, because its branch is nowhere else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from reorder.fleet.git.branch import Placed, branch_name, foreign
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.run import git, run
from reorder.fleet.git.tree import Tree, remove, settle


def keep_clone(tree: Tree, name: str, commit: str, place: Path) -> Placed:
    """Makes the branch in the clone itself and moves that to `place`; the tree is gone then.

    An earlier clone there is replaced, unless its branch has commits of somebody else.

    Raises:
        InputError: `name` is no name for a branch.
    """
    ref = f"refs/heads/{branch_name(name)}"
    tip = None
    try:
        if os.path.lexists(place):
            ran = run("rev-parse", "--verify", "--quiet", ref, gitdir=place / ".git")
            tip = ran.output.decode("ascii").strip() or None
            if tip == commit:
                return Placed("unchanged", before=tip)
            reason = foreign(place / ".git", tip, tree.commit) if tip is not None else ""
            if reason:
                return Placed("refused", f"branch {name} {reason} in {place.name}", tip)
        if name == tree.branch:
            return Placed("refused", f"branch {name} is the default branch there")
        settle(tree)
        git("update-ref", ref, commit, gitdir=tree.gitdir)
        place.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(place):
            remove(place)
        shutil.move(tree.root, place)
    except (GitError, OSError) as error:
        return Placed("failed", str(error))
    return Placed("created" if tip is None else "updated", before=tip)
