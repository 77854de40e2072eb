"""The one place that writes: whole files, all of them or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from reorder.context.git import toplevel
from reorder.context.reading import UnfitError, content
from reorder.errors import InputError


@dataclass(frozen=True, slots=True)
class Write:
    """New bytes for a file. `before` is what it must still hold; None: it must not exist."""

    path: Path
    after: bytes
    before: bytes | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    write: Write
    target: Path  # the file itself, where `write.path` is a link
    temporary: Path


def write_atomic(path: Path, after: bytes, before: bytes | None) -> None:
    """Replace one file, or create it. See `write_all`."""
    write_all([Write(path, after, before)])


def write_all(writes: Sequence[Write]) -> None:
    """Write several files so that either all of them change or none.

    Each is put beside its target, flushed to disk and renamed over it; mode and, where allowed,
    owner stay. A link is followed if it stays in its repository (without git: in its folder).
    Raises InputError, with nothing changed, when a file is not what it was or cannot be written.
    """
    prepared: list[_Prepared] = []
    done: list[_Prepared] = []
    try:
        for write in writes:
            with _explained(write.path):
                prepared.append(_prepare(write))
        for item in prepared:
            with _explained(item.write.path):
                _expect(item)
                done.append(item)  # before the rename, so that no interrupt falls between
                os.replace(item.temporary, item.target)
    except BaseException:
        for item in reversed(done):
            _restore(item)
        raise
    finally:
        for item in prepared:
            item.temporary.unlink(missing_ok=True)
    for folder in {item.target.parent for item in prepared}:
        _flush_folder(folder)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(str(path), f"cannot be written: {error.strerror}") from error


def _prepare(write: Write) -> _Prepared:
    import tempfile

    target = _target(write.path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    item = _Prepared(write, target, Path(name))
    try:
        with os.fdopen(handle, "wb") as file:
            _copy_metadata(target, handle)
            file.write(write.after)
            file.flush()
            os.fsync(handle)
        _expect(item)
    except BaseException:
        item.temporary.unlink()
        raise
    return item


def _target(path: Path) -> Path:
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    root = toplevel(path.parent) or path.parent
    if not target.is_relative_to(os.path.realpath(root)):
        raise InputError(str(path), f"is a link that leads out of its repository, to {target}")
    return target


def _copy_metadata(target: Path, handle: int) -> None:
    try:
        status = target.stat()
    except FileNotFoundError:
        os.fchmod(handle, 0o644 & ~_umask())
        return
    if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(PermissionError):
            os.fchown(handle, status.st_uid, status.st_gid)
    os.fchmod(handle, stat.S_IMODE(status.st_mode))


def _umask() -> int:
    # There is no way to ask without setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _expect(item: _Prepared) -> None:
    before = item.write.before
    there = True
    try:
        same = content(item.target, len(before or b"")) == before
    except FileNotFoundError:
        there, same = False, before is None
    except UnfitError:
        same = False
    if not same:
        what = "exists now" if before is None else "changed" if there else "is gone"
        raise InputError(str(item.write.path), f"{what} since it was read; run again")


def _restore(item: _Prepared) -> None:
    """Best effort: an error here must not hide the one that led here."""
    with suppress(OSError):
        if item.write.before is None:
            item.target.unlink()
        else:
            item.temporary.write_bytes(item.write.before)
            item.temporary.chmod(stat.S_IMODE(item.target.stat().st_mode))
            os.replace(item.temporary, item.target)


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # the files themselves are safe; some file systems cannot do this
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
