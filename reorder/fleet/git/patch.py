"""A commit as a file for `git am` and `git apply`."""

from __future__ import annotations

from reorder.fleet.git.run import git
from reorder.fleet.git.tree import Tree

# git-format-patch(1): what versions, configurations or dates could turn.
_FORMAT = (
    "format-patch", "-1", "--stdout", "--no-signature", "--zero-commit", "--full-index", "--binary",
    "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--no-base",
    "--no-thread", "--no-attach", "--no-signoff", "--no-notes", "--encode-email-headers",
    "--subject-prefix=PATCH", "--no-numbered", "--src-prefix=a/", "--dst-prefix=b/", "--unified=3",
    "--diff-algorithm=myers",
)  # fmt: skip


def patch_of(tree: Tree, commit: str) -> bytes:
    """The patch of a commit made by `commit_files`: the same commit, the same bytes.

    Files with CRLF line ends need `git am --keep-cr`. Raises GitError.
    """
    return git(*_FORMAT, commit, gitdir=tree.gitdir)
