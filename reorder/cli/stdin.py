"""`-`: the Dockerfile comes on stdin."""

from __future__ import annotations

import sys

STDIN = "-"


def read() -> str:
    """All of stdin, line ends kept; bytes that are not UTF-8 become surrogate escapes."""
    return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
