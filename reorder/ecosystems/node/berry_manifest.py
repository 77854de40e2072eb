"""The form in which Yarn 2 or later writes every package.json at the end of an install.

Source: `Manifest.exportTo` and `Workspace.persistManifest` of `@yarnpkg/core` 3 and 4: dependencies
sorted by name, empty tables gone, one indentation. A package.json in another form is written again,
with `--immutable` too; found by a real build, where a later COPY undid it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_INDENT: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_SORTED: Final = (
    *("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"),
    *("dependenciesMeta", "peerDependenciesMeta"),
)
_GONE_IF_EMPTY: Final = (*_SORTED, "resolutions", "scripts")


def is_kept(text: str) -> bool:
    """Whether Yarn leaves a package.json as it is; False where that is not sure."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(data, dict):
        return False
    for name in _SORTED:
        table = data.get(name)
        if isinstance(table, dict):
            data[name] = {key: table[key] for key in sorted(table)}
    if any(name in data and not data[name] for name in _GONE_IF_EMPTY):
        return False
    found = _INDENT.search(text)
    indent = found[0] if found is not None else "  "
    written = json.dumps(data, indent=indent, ensure_ascii=False) + "\n"
    return written == text.replace("\r\n", "\n") and not _odd(data)


def _odd(data: dict[str, Any]) -> bool:
    """Fields that are written in another way than they may be read."""
    name = str(data.get("name", "")).rpartition("/")[2]
    commands = data.get("bin")
    own = isinstance(commands, dict) and list(commands) == [name]
    regular, optional = data.get("dependencies"), data.get("optionalDependencies")
    twice = (
        isinstance(regular, dict) and isinstance(optional, dict) and set(regular) & set(optional)
    )
    return own or bool(twice) or "\\" in str(data.get("main", ""))
