"""Paths as the user would write them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from reorder.result import Result


def shown(result: Result) -> Result:
    """The result with its context and ignore file relative to the current folder.

    They stay absolute where the Dockerfile was named so, or where the way would lead aside.
    """
    if os.path.isabs(result.path):
        return result
    ignore = result.ignore
    if ignore is not None:
        folder, name = os.path.split(ignore.path)
        ignore = replace(ignore, path=os.path.normpath(os.path.join(_short(folder), name)))
    return replace(result, context=_short(result.context), ignore=ignore)


def _short(folder: str) -> str:
    if not os.path.isabs(folder):
        return folder
    here, real = Path(os.path.realpath(os.curdir)), Path(os.path.realpath(folder))
    straight = real.is_relative_to(here) or here.is_relative_to(real)
    return os.path.relpath(real, here) if straight else folder
