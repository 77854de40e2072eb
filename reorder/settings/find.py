"""The file that holds for a folder: the nearest one, up to the top of the repository."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reorder.context.git import toplevel

if TYPE_CHECKING:
    from reorder.settings.file import SettingsFile

    Read = Callable[[Path], SettingsFile | None]

OWN, SHARED = "reorder.toml", "pyproject.toml"


def read(path: Path) -> SettingsFile | None:
    """As `file.read`, which most runs need not load."""
    from reorder.settings.file import read as read_file

    return read_file(path)


def nearest(folder: Path, read: Read = read, top: Path | None = None) -> SettingsFile | None:
    """The settings for the Dockerfiles of a folder; None: there are none.

    It is searched upward to `top`, otherwise to the top of the repository, or to the root of the
    file system where there is no repository. In one folder reorder.toml comes before
    pyproject.toml. Raises InputError as `read` does.
    """
    folder = Path(os.path.abspath(folder))
    for at in _upward(folder, toplevel(folder) if top is None else Path(os.path.abspath(top))):
        for name in (OWN, SHARED):
            if os.path.lexists(at / name):
                found = read(shown(at / name))
                if found is not None:
                    return found
    return None


def shown(path: Path) -> Path:
    """As a user would write it: relative to the current folder, unless the way leads aside."""
    here = Path(os.path.abspath(os.curdir))
    straight = path.is_relative_to(here) or here.is_relative_to(path.parent)
    return Path(os.path.relpath(path, here)) if straight else path


def _upward(folder: Path, top: Path | None) -> Iterator[Path]:
    for at in (folder, *folder.parents):
        yield at
        if at == top:
            return
