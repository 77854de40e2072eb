"""`results.jsonl`: a row for each repository, on disk as soon as the repository is done."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reorder.errors import InputError
from reorder.fleet.places import LOCK, RESULTS
from reorder.fleet.row import Row, as_line, from_line


class Results:
    """The rows so far, the last one of each repository, in the order in which they came."""

    def __init__(self, folder: Path, rows: Mapping[str, Row]) -> None:
        self._path = folder / RESULTS
        self._rows = dict(rows)
        with writing(folder):
            self._handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    @property
    def rows(self) -> Mapping[str, Row]:
        """By the repository's name."""
        return self._rows

    def append(self, row: Row) -> None:
        """Add a row, flushed to the disk; it replaces an earlier one of that repository.

        Raises InputError when the disk does not take it.
        """
        raw = as_line(row).encode("ascii")
        self._rows[row.repo] = row  # first, so that an interrupt costs nothing
        with writing(self._path.parent):
            while raw:
                raw = raw[os.write(self._handle, raw) :]
            os.fsync(self._handle)

    def close(self) -> None:
        """Leave exactly one row of each repository in the file."""
        os.close(self._handle)
        replace_all(self._path, self._rows)


@contextmanager
def results(folder: Path, *, resume: bool) -> Iterator[Results]:
    """The results of a run into a folder, which no other run may use at the same time.

    With `resume` the rows of earlier runs stand; a last line that was cut short is dropped.
    Without, they are put aside. Raises InputError.
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise InputError(str(folder), f"cannot be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(str(folder), "is used by another run; choose another") from None
        path = folder / RESULTS
        if path.exists() and not resume:
            with writing(folder):
                os.replace(path, path.with_suffix(".jsonl.old"))
        known = read(path) if resume else {}
        if resume and path.exists():
            replace_all(path, known)  # what is appended must not follow half a line
        found = Results(folder, known)
        try:
            yield found
        finally:
            found.close()
    finally:
        os.close(lock)


def read(path: Path) -> dict[str, Row]:
    """The rows of a file, the last one of each repository; {} where there is none.

    Raises InputError for a line that is no row, unless it is the last and was cut short.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from None
    rows: dict[str, Row] = {}
    lines = raw.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = from_line(line.decode("utf-8"))
        except ValueError:
            if number == len(lines):
                break
            raise InputError(str(path), "is no row of results", number) from None
        rows[row.repo] = row
    return rows


def replace_all(path: Path, rows: Mapping[str, Row]) -> None:
    """Write a whole file of rows at once. Raises InputError."""
    from reorder.context.write import write_atomic

    after = "".join(map(as_line, rows.values())).encode("ascii")
    with writing(path.parent):
        before = path.read_bytes() if path.exists() else None
        if after != before:
            write_atomic(path, after, before)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What the system says of writing to the output folder, as an InputError."""
    try:
        yield
    except OSError as error:
        what = f"cannot be written: {error.strerror}; once it can, go on with --resume"
        raise InputError(str(folder), what) from None
