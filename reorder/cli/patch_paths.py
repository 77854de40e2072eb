"""Where a file is inside a patch."""

from __future__ import annotations

import os

from reorder.cli.stdin import STDIN


def patch_path(path: str) -> str:
    """The path of a file from the top of its git repository, as `git diff` has it.

    Without a repository: from the current folder, or from the root of the disk when it is not below
    that. Links are followed, as git patches no file through one.
    """
    if path == STDIN:
        return "Dockerfile"
    real = os.path.realpath(path)
    top = _repository(os.path.dirname(real)) or os.path.realpath(os.curdir)
    inside = os.path.relpath(real, top)
    if inside.startswith(os.pardir):
        inside = os.path.splitdrive(real)[1].lstrip(os.sep)
    return inside.replace(os.sep, "/")


def _repository(folder: str) -> str | None:
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder
