"""An image that an engine can only keep under a name: named, written to a file, and removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from reorder.verify.engine import BuildFailed
from reorder.verify.process import GRACE, Ended, run

SAVE_SECONDS = 1800.0


def scratch_name() -> str:
    """A name that no image has, and that says whose it is."""
    return f"localhost/reorder-verify:{uuid4().hex[:12]}"


@contextmanager
def kept_for_now(argv: Sequence[str]) -> Iterator[None]:
    """Runs at the end, whatever happened, what removes the image."""
    try:
        yield
    finally:
        remove(argv)


def remove(argv: Sequence[str]) -> None:
    """Runs what removes an image; it may not be there."""
    run(argv, seconds=6 * GRACE)


def save(argv: Sequence[str], failure: Callable[[Ended], tuple[str, ...]]) -> None:
    """Runs what writes an image to a file. Raises BuildFailed."""
    ended = run(argv, seconds=SAVE_SECONDS)
    if ended.code:
        raise BuildFailed(failure(ended))
