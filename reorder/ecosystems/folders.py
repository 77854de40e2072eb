"""Folders that must be there, or are made, for a command to make a file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import NOTHING, Paths, below, paths


def folder_needed(path: str, cwd: str) -> Paths:
    """The folder that must be there before a file can be made in it.

    Left out where it surely is: in any image, or because the shell is in it or below it.
    """
    folder = posixpath.dirname(path) or "/"
    return NOTHING if folder in STANDARD_FOLDERS or below(cwd, folder) else paths(folder)


def above_mounts(targets: Iterable[str], home: str | None) -> Paths:
    """The folders that the runtime makes above mount points, where they are missing.

    Left out is what every image has, and the home of whoever runs the step. Those that stay empty
    are taken away after the step (BuildKit executor/stubs.go, since 0.11).
    """
    found = NOTHING
    for target in targets:
        path = posixpath.dirname(target)
        while path not in STANDARD_FOLDERS and not (home and below(home, path)):
            found |= paths(path)
            path = posixpath.dirname(path)
    return found


def created(path: str, cwd: str) -> Paths:
    """A folder and those above it that a command makes on the way, like `mkdir -p`."""
    found = NOTHING
    while path not in STANDARD_FOLDERS and not below(cwd, path):
        found |= paths(path)
        path = posixpath.dirname(path)
    return found
