"""A command that takes one Dockerfile: by its path, or by a folder that has only one."""

from __future__ import annotations

import os
from pathlib import Path

from reorder.context.discover import discover
from reorder.errors import InputError

MOST = 5  # files that a message names


def one_file(path: str) -> Path:
    """The Dockerfile that is meant. Raises InputError when there is none, or more than one."""
    if not path:
        raise InputError('""', "an empty path; use . for the current folder")
    try:
        found = [str(file) for file in discover(Path(path))]
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from None
    distinct = {os.path.realpath(file): file for file in reversed(found)}
    if not distinct:
        raise InputError(path, "no Dockerfile found")
    if len(distinct) > 1:
        names = sorted(distinct.values())
        more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
        raise InputError(path, f"name one of its Dockerfiles: {', '.join(names[:MOST])}{more}")
    return Path(next(iter(distinct.values())))
