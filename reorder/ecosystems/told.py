"""What earlier commands of the build told a tool: `bundle config set …`, `corepack enable`, ….

A tool that keeps such settings in a file of its own asks for the calls that made them. Whether the
file is still as they left it is a matter of the paths that each call reads and writes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Final

from reorder.shell.nodes import Call

HINTS: Final = ("config",)
_TOOLS: Final = frozenset("bundle bundler conda mamba micromamba pdm pnpm poetry yarn".split())

Told = tuple[Call | None, ...]  # None: a script that is not understood may have told it something


def told_after(known: Told, calls: Iterable[Call]) -> Told:
    """The calls that change settings, after some more calls."""
    return (*known, *(call for call in calls if _tells(call)))


def may_tell(script: str) -> bool:
    """Whether a script that is not understood seems to change such settings."""
    if "corepack enable" in script or "go work" in script:
        return True
    return "config" in script and any(f"{name} config" in script for name in _TOOLS)


def _tells(call: Call) -> bool:
    name = posixpath.basename(call.name)
    if name == "corepack":
        return any(arg.text == "enable" for arg in call.args[1:])
    if name == "go":
        return [arg.text for arg in call.args[1:2]] == ["work"]
    return name in _TOOLS and any(arg.text == "config" for arg in call.args[1:])
