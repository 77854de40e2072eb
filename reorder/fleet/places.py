"""Where things are in the output folder. A repository's name becomes a path that is safe."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

RESULTS: Final = "results.jsonl"
LOCK: Final = ".lock"
WORK: Final = ".work"
_ODD: Final = re.compile(r"[^A-Za-z0-9._+-]")


def patch_path(name: str) -> str:
    """The patch of a repository, relative to the output folder."""
    return f"patches/{_safe(name)}.patch"


def clone_folder(output: Path, name: str) -> Path:
    """Where the clone of a remote repository stays that got a branch and was not pushed."""
    return output / "clones" / _safe(name)


def _safe(name: str) -> str:
    """`host/owner/name` as it is; of a local path its last part, and a hash of the whole."""
    if not name.startswith("/"):
        parts = [_ODD.sub("_", part) for part in name.split("/")]
        if "/".join(parts) == name and not any(part.startswith(".") for part in parts):
            return name
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{_ODD.sub('_', name.rstrip('/').rpartition('/')[2]).lstrip('.')[:80]}-{mark}"
