"""`docker-bake.json`: told, not changed."""

from __future__ import annotations

import json
from typing import Final

from reorder.ci.contract import Found, Planned, Settings

_REFUSED: Final = (
    "A condition on the branch is hard to read in JSON; give the caches with --set, or use HCL."
)


def plan(path: str, text: str, settings: Settings) -> Planned | None:
    """The targets with an image name."""
    try:
        targets = json.loads(text)["target"].items()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    found = []
    for name, target in targets:
        if not isinstance(target, dict) or "tags" not in target:
            continue
        line = next((n for n, one in enumerate(text.split("\n"), 1) if f'"{name}"' in one), 1)
        fine = "cache-to" in target
        reason = "It has a cache." if fine else _REFUSED
        found.append(Found(line, f"target {name}", "fine" if fine else "refused", reason))
    return Planned(path, text, text, tuple(found)) if found else None
