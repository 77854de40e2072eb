"""Package lists: which calls fetch them, and which install by them.

A list of an earlier day names packages that may be gone: it belongs to its install.
Source: apt-get(8), apk(8), dnf(8), zypper(8).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from typing import Final

from reorder.ecosystems.system import apt, system_packages
from reorder.shell.nodes import Call

_FETCHES: Final = frozenset("update makecache check-update refresh ref".split())
_INSTALLS: Final = frozenset(
    "install add upgrade dist-upgrade full-upgrade build-dep satisfy reinstall groupinstall in up "
    "distro-sync builddep".split()
)
_OWN_LISTS: Final = frozenset("--no-cache -U --update --update-cache".split())  # apk(8)
_DOWNLOADS: Final = ("/var/lib/apt/", "/var/cache/", "/tmp/*", "/var/tmp/*")
_REMOVES: Final = frozenset("clean autoclean purge autoremove del remove rm erase".split())


def family(name: str) -> str | None:
    """The package manager that a command is part of: `/usr/bin/apt-get` -> `apt`."""
    name = posixpath.basename(name)
    if name in apt.COMMANDS:
        return apt.NAME
    return name if name in system_packages.COMMANDS else None


def left_by(calls: Iterable[Call]) -> frozenset[str]:
    """The package managers whose lists are fetched and not used yet after some calls."""
    found: set[str] = set()
    for call in calls:
        name = family(call.name)
        words = frozenset(arg.text for arg in call.args[1:])
        if name is not None and not _FETCHES.isdisjoint(words):
            found.add(name)
        elif name is not None and _REMOVES.isdisjoint(words):
            found.discard(name)
    return frozenset(found)


def fetched_by(calls: Iterable[Call]) -> frozenset[str]:
    """The package managers whose lists some calls fetch."""
    names = {family(c.name) for c in calls if not _FETCHES.isdisjoint(a.text for a in c.args[1:])}
    return frozenset(name for name in names if name is not None)


def installed_by(calls: Iterable[Call]) -> frozenset[str]:
    """The package managers that some calls surely install with, by the lists that are there."""
    names = {family(c.name) for c in calls if _installs([arg.text for arg in c.args[1:]])}
    return frozenset(name for name in names if name is not None)


def tends(call: Call) -> str | None:
    """The package manager that a call installs with, or whose downloads it removes; else None."""
    words = [arg.text for arg in call.args[1:]]
    if call.name == "rm":
        plain = [word for word in words if not word.startswith("-")]
        return "" if plain and all(word.startswith(_DOWNLOADS) for word in plain) else None
    found = family(call.name)
    return found if _installs(words) or "clean" in words or "autoremove" in words else None


def _installs(words: Sequence[str]) -> bool:
    return not _INSTALLS.isdisjoint(words) and _OWN_LISTS.isdisjoint(words)


def used_by(calls: Iterable[Call]) -> frozenset[str]:
    """The package managers that some calls install with, or may install with."""
    names = {family(c.name) for c in calls if _REMOVES.isdisjoint(arg.text for arg in c.args)}
    return frozenset(name for name in names if name is not None)


def named_in(text: str) -> frozenset[str]:
    """The package managers that a shell text names, where no more is known of it."""
    names = {family(word) for word in re.split(r"[\s;&|()`\"']+", text)}
    return frozenset(name for name in names if name is not None)
