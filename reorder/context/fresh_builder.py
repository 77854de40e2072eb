"""Whether a CI file says that its builders are new each time, and begin with an imported cache.

Who imports a layer cache has none of their own; cache mounts are never in it (BuildKit
`docs/reference/buildctl.md`, "cache mounts are not exported"). A hint, not a proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_IMPORT = re.compile(r"""cache[-_]from["']?\s*[:=\s]\s*(?P<value>.*)""")
_NOTHING = re.compile(r"""^["'\[]*(?:type=local\b|$|["'\]]+$)""")
_BLOCK = re.compile(r"^[|>][-+]?$")
# Keep the mounts, or name a builder that lives on.
_KEPT = re.compile(
    r"buildkit-cache-dance|uses:\s*(?:depot|useblacksmith|namespacelabs)/"
    r"|\bdriver:\s*[\"']?(?:remote|kubernetes)\b|--driver[=\s]+(?:remote|kubernetes)\b"
)


@dataclass(frozen=True, slots=True)
class Imports:
    """What one file says. `where`: a layer cache is imported; `kept`: mounts outlive a build."""

    where: str | None = None
    kept: bool = False


def imports_in(path: str, lines: list[tuple[int, str]]) -> Imports:
    """The first line that imports a layer cache from elsewhere than a local folder."""
    kept = any(_KEPT.search(line) for _, line in lines)
    for at, (number, line) in enumerate(lines):
        found = _IMPORT.search(line)
        if found is None:
            continue
        value = found["value"].strip()
        if _BLOCK.match(value) or not value:  # a list, or a block: its first line
            value = lines[at + 1][1].strip().lstrip("- ") if at + 1 < len(lines) else ""
        if not _NOTHING.search(value):
            return Imports(f"{path}:{number} imports a layer cache", kept)
    return Imports(None, kept)
