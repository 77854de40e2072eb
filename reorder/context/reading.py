"""The one place that opens a file nobody vetted: regular, of a bounded size, not waited for.

Source: open(2). O_NONBLOCK keeps the opening of a pipe from waiting for a writer; for a regular
file it means nothing. What was opened is what is looked at, so nothing can be put in its place.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from reorder.errors import InputError


class UnfitError(OSError):
    """What was opened is no regular file, or has too many bytes; the message says which."""


def content(path: Path | str, most: int, *, follow: bool = True) -> bytes:
    """The bytes of a regular file of at most `most` bytes. Raises OSError, UnfitError among them.

    `follow`: whether the last part of the path may be a link.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    handle = os.open(path, flags if follow else flags | os.O_NOFOLLOW)
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(status.st_mode):
            raise UnfitError(errno.EINVAL, "it is a device, a pipe or a socket")
        if status.st_size > most:
            raise UnfitError(errno.EFBIG, too_large(most, status.st_size))
        with open(handle, "rb", closefd=False) as file:
            found = file.read(most + 1)
    finally:
        os.close(handle)
    if len(found) > most:  # it grows, or its size is not told (/proc)
        raise UnfitError(errno.EFBIG, too_large(most))
    return found


def named_content(path: Path, most: int) -> bytes:
    """The same for a file that the user named: raises InputError with the reason."""
    try:
        return content(path, most)
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from None


def named_text(path: Path, most: int) -> str:
    """The same as text; bytes that are not UTF-8 become surrogate escapes."""
    return named_content(path, most).decode("utf-8", "surrogateescape")


def too_large(most: int, size: int | None = None) -> str:
    """What a refusal says of a text with too many bytes; `size` None: nobody knows how many."""
    known = f"more than {most:,} bytes" if size is None else f"{size:,} bytes"
    return f"it has {known}, and at most {most:,} are read"
