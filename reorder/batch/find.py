"""The Dockerfiles that the PATH arguments name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from reorder.batch.rewrite import Outcome, error_row
from reorder.context.discover import discover
from reorder.errors import InputError, visible


def find(paths: Sequence[str]) -> tuple[tuple[str, ...], tuple[Outcome, ...]]:
    """Every Dockerfile once, in order, and an error row for each PATH that cannot be searched."""
    files: dict[str, str] = {}  # real path -> path as found; two names of one file are one file
    missing: list[Outcome] = []
    for path in paths:
        try:
            if not path:
                raise InputError("''", "is no path; use . for the current folder")
            found = discover(Path(path))
        except InputError as error:
            missing.append(Outcome(error_row(path, str(error))))
            continue
        except OSError as error:
            missing.append(
                Outcome(error_row(path, f"{visible(path)}: cannot be read: {error.strerror}"))
            )
            continue
        for file in found:
            files.setdefault(os.path.realpath(file), str(file))
    return tuple(files.values()), tuple(missing)
