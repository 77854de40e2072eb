"""Files that are never sources, whatever the language; `.dockerignore` patterns.

What package managers leave behind is declared by each ecosystem (`JUNK`).
"""

from __future__ import annotations

from typing import Final

EDITORS: Final = ("**/.idea", "**/.vscode", "**/*.swp")
SYSTEMS: Final = ("**/.DS_Store",)
EVERYWHERE: Final = (*EDITORS, *SYSTEMS)

# The history of the sources. A build may ask it for a version, so it is never left out unasked.
HISTORY: Final = ("**/.git", "**/.hg", "**/.svn")

# What tools keep only to be faster next time; no program misses it.
CACHES: Final = (
    "**/__pycache__",
    "**/*.pyc",
    "**/*.pyo",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    "**/.tox",
    "**/.nox",
    "**/.cache",
    "**/.parcel-cache",
    "**/.turbo",
    "**/.npm",
    "**/.eslintcache",
    "**/.gradle",
    "**/.coverage",
)
