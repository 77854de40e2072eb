"""Commands whose output is new with every run: an image that keeps it says when it was built.

A step that stores such output is to be run as often as the author has it run, so that it keeps its
place. In the build log alone it does no harm.
Source: POSIX.1-2017 "Utilities", procps-ng.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import Final

from reorder.shell.chain import chain
from reorder.shell.nodes import Call, Opaque

_STAMPS: Final = frozenset("date dmesg free df hostname ps".split())
_KERNEL: Final = frozenset("-a --all -r --kernel-release -v --kernel-version -n --nodename".split())
_SAYING: Final = frozenset({"echo", "printf"})


def kept_stamp(call: Call, calls: Sequence[Call], script: str) -> str | None:
    """Why a call belongs where it is: its output differs from run to run and is not only logged."""
    name = posixpath.basename(call.name)
    words = {arg.text for arg in call.args[1:]}
    if name not in _STAMPS and not (name == "uname" and words & _KERNEL):
        return None
    if _is_logged(call, calls, script):
        return None
    return f"what `{name}` says is new with every run, and the step keeps it"


def _is_logged(call: Call, calls: Sequence[Call], script: str) -> bool:
    """Whether a call is a command of its own, or a word of an `echo` that is one."""
    links = chain(script)
    if isinstance(links, Opaque):
        return False
    link = next((link for link in links if _within(call, link.span)), None)
    if link is None:
        return False
    inside = [other for other in calls if _within(other, link.span)]
    if any(other.redirects for other in inside):
        return False
    text = script[slice(*link.span)]
    if link.plain:
        return text.startswith(call.name)
    first = text.split(None, 1)[0] if text else ""
    return first in _SAYING and not any(mark in text for mark in ("|", ">", "&", ";"))


def _within(call: Call, span: tuple[int, int]) -> bool:
    return span[0] <= call.span[0] and call.span[1] <= span[1]
