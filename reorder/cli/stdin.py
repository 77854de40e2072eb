"""`-`: the Dockerfile comes on stdin."""

from __future__ import annotations

import sys

from reorder.context.reading import too_large
from reorder.errors import InputError
from reorder.opened import MOST_BYTES

STDIN = "-"


def read() -> str:
    """All of stdin, line ends kept; bytes that are not UTF-8 become surrogate escapes.

    Raises InputError when there is more than a Dockerfile may have.
    """
    found = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise InputError(STDIN, too_large(MOST_BYTES))
    return found.decode("utf-8", "surrogateescape")
