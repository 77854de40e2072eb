"""What is known of a tool that installs packages by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tool:
    """What is known of one tool. Verbs are the first words of a call, options left aside."""

    installs: tuple[str, ...]  # verbs that take names of packages and download them
    changes: tuple[str, ...] = ()  # verbs that change its own settings and caches
    flags: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()  # options with a value that is no path
    folders: frozenset[str] = frozenset()  # options with a folder that it fills
    homes: tuple[tuple[str, str], ...] = ()  # a variable that moves a folder, and its default
    near: tuple[str, ...] = ()  # files that it looks for in the working folder and above
    patterns: tuple[str, ...] = ()  # files that it looks for in the working folder only
    env: frozenset[str] = frozenset()
    archives: str = ""  # `VARIABLE/folder` where it keeps what it downloads


def words(text: str) -> frozenset[str]:
    """A set of words as one string."""
    return frozenset(text.split())


COMPILERS: Final = words(
    "CC CXX AR LD CFLAGS CXXFLAGS CPPFLAGS LDFLAGS MAKEFLAGS MAKE PKG_CONFIG* OPENSSL_* CPATH "
    "LIBRARY_PATH JAVA_HOME"
)
