"""The generation of Yarn a project asks for, and the version of a package manager it pins."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any, Final

from reorder.ecosystems.contract import Image

_PINNED: Final = re.compile(r"([a-z]+)@v?(\d+)\.(\d+)")
Version = tuple[int, int]


def pinned(data: Mapping[str, Any], tool: str) -> Version | None:
    """Major and minor version in `packageManager` of a package.json (Node documentation)."""
    text = data.get("packageManager")
    found = _PINNED.match(text) if isinstance(text, str) else None
    if found is None or found[1] != tool:
        return None
    return int(found[2]), int(found[3])


def is_ci(env: Mapping[str, str | None]) -> bool | None:
    """Whether tools take the build for a CI server; None: not known (`ci-info`, `is-ci`)."""
    value = env.get("CI", "")
    if value is None:
        return None
    return value not in ("", "false", "0")


def told(tool: str, image: Image) -> Mapping[str, str | None] | None:
    """What `yarn config set` or `pnpm config set` said in earlier steps; None: not known.

    A value is None where it is not a literal; a setting that was deleted is "".
    """
    found: dict[str, str | None] = {}
    for call in image.told:
        if call is None:
            return None
        if posixpath.basename(call.name) != tool:
            continue
        args = [arg for arg in call.args[1:] if not arg.text.startswith("-")]
        words = [arg.text for arg in args]
        if words[:2] == ["config", "set"] and len(args) > 2:
            key, equals, value = words[2].partition("=")
            literal = args[2].kind == "literal" and (equals or args[-1].kind == "literal")
            value = value if equals else words[3] if len(words) > 3 else "true"
            found[key] = value if literal else None
        elif words[:2] == ["config", "delete"] and len(args) > 2:
            found[words[2]] = ""
    return found
