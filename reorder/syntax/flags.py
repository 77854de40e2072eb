"""Which flags an instruction takes.

Facts: BuildKit frontend/dockerfile/instructions/bflag.go (`Parse`) and parse.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reorder.syntax.nodes import Flag

Kind = Literal["bool", "string", "strings"]  # "strings" may be repeated

FLAGS: Mapping[str, Mapping[str, Kind]] = {
    "from": {"platform": "string"},
    "run": {"mount": "strings", "network": "string", "security": "string", "device": "strings"},
    "copy": {
        "from": "string",
        "chown": "string",
        "chmod": "string",
        "link": "bool",
        "parents": "bool",
        "exclude": "strings",
    },
    "add": {
        "chown": "string",
        "chmod": "string",
        "link": "bool",
        "keep-git-dir": "bool",
        "checksum": "string",
        "unpack": "bool",
        "exclude": "strings",
    },
    "healthcheck": {
        "interval": "string",
        "timeout": "string",
        "start-period": "string",
        "start-interval": "string",
        "retries": "string",
    },
}

# Their flags are never looked at (as are those of HEALTHCHECK NONE).
UNCHECKED = frozenset({"arg", "stopsignal"})


def problem(keyword: str, flags: tuple[Flag, ...]) -> str | None:
    """Why BuildKit rejects the flags, or None."""
    known = FLAGS.get(keyword, {})
    used: set[str] = set()
    for flag in flags:
        kind = known.get(flag.name)
        if kind is None:
            return f"unknown flag: --{flag.name}"
        if flag.name in used and kind != "strings":
            return f"duplicate flag specified: --{flag.name}"
        used.add(flag.name)
        if kind == "bool":
            if flag.value == "":
                return f"missing a value on flag: --{flag.name}"
            if flag.value is not None and flag.value.lower() not in ("true", "false"):
                return f"expecting boolean value for flag --{flag.name}, not: {flag.value}"
        elif flag.value is None:
            return f"missing a value on flag: --{flag.name}"
    return None


def is_true(value: str | None) -> bool:
    """The value of a boolean flag; `value` is "" for the bare form, None when it is absent."""
    return value is not None and value.lower() in ("", "true")
