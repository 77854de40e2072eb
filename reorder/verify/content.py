"""What a file of an image says, without the times that tools write into it.

Python's `.pyc` (PEP 552), zip archives with what is in them (APPNOTE.TXT 4.4.6), gzip (RFC 1952
2.3.1), and the date in Maven's `pom.properties`. Anything else is its bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from typing import IO

CHUNK = 1 << 20
MOST_LOOKED_INTO = 1 << 26  # larger archives are compared byte by byte
MOST_INSIDE = 1 << 29  # bytes that an archive may grow to
MOST_NESTED = 3
_ZIPS = (".jar", ".war", ".ear", ".zip", ".whl", ".nupkg")


def digest(path: str, size: int, stream: IO[bytes]) -> str:
    """A hash of a file's content; `path` and `size` say how it is read."""
    if size > MOST_LOOKED_INTO or not _dated(path):
        total = hashlib.sha256()
        while chunk := stream.read(CHUNK):
            total.update(chunk)
        return total.hexdigest()
    return _undated(path, stream.read(), MOST_NESTED)


def is_dated(path: str) -> bool:
    """Whether the size of a file says nothing: its content may have been compressed anew."""
    return path.endswith((*_ZIPS, ".gz"))


def _dated(path: str) -> bool:
    return is_dated(path) or path.endswith((".pyc", "/pom.properties"))


def _undated(path: str, data: bytes, depth: int) -> str:
    if path.endswith(".pyc") and data[4:8] == bytes(4):
        return _sha(data[:8] + data[12:])
    if path.endswith("/pom.properties"):
        return _sha(b"\n".join(x for x in data.splitlines() if not x.startswith(b"#")))
    if path.endswith(_ZIPS) and depth:
        return _zip(data, depth) or _sha(data)
    if path.endswith(".gz") and data[4:8] != bytes(4):
        return _gzip(data) or _sha(data)
    return _sha(data)


def _zip(data: bytes, depth: int) -> str | None:
    """None for what is no zip archive, is broken, or is meant to fill the memory."""
    total = hashlib.sha256()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MOST_INSIDE:
                return None
            for info in infos:
                inner = _undated(f"/{info.filename}", archive.read(info), depth - 1)
                total.update(f"{info.filename}\0{info.external_attr}\0{inner}\n".encode())
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return None
    return total.hexdigest()


def _gzip(data: bytes) -> str | None:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            inner = stream.read(MOST_INSIDE + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return _sha(data[:4] + inner) if len(inner) <= MOST_INSIDE else None


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
