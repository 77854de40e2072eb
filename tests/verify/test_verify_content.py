"""Times inside files do not count, anything else does."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from reorder.verify import content


def pyc(flags: int, stamp: bytes, code: bytes) -> bytes:
    return b"\xa7\r\r\n" + flags.to_bytes(4, "little") + stamp + b"size" + code


def jar(year: int, data: bytes, name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def digest(name: str, data: bytes) -> str:
    return content.digest(name, len(data), io.BytesIO(data))


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("/a.py", b"x", b"x", True),
        ("/a.py", b"x", b"y", False),
        ("/a.py", pyc(0, b"1111", b"code"), pyc(0, b"2222", b"code"), False),
        ("/a.pyc", pyc(0, b"1111", b"code"), pyc(0, b"2222", b"code"), True),
        ("/a.pyc", pyc(0, b"1111", b"code"), pyc(0, b"1111", b"edoc"), False),
        ("/a.pyc", pyc(1, b"1111", b"code"), pyc(1, b"2222", b"code"), False),
        ("/a.jar", jar(2001, b"x"), jar(2002, b"x"), True),
        ("/a.jar", jar(2001, b"x"), jar(2001, b"y"), False),
        ("/a.jar", jar(2001, b"x"), jar(2001, b"x", "b.txt"), False),
        ("/a.jar", jar(2001, jar(2001, b"x"), "b.jar"), jar(2002, jar(2003, b"x"), "b.jar"), True),
        ("/a.jar", jar(2001, jar(2001, b"x"), "b.jar"), jar(2001, jar(2001, b"y"), "b.jar"), False),
        ("/a.jar", b"no zip", b"no zip", True),
        ("/a.jar", b"no zip", b"no  zip", False),
        ("/m/pom.properties", b"#Mon\nversion=1", b"#Tue\nversion=1", True),
        ("/m/pom.properties", b"#Mon\nversion=1", b"#Mon\nversion=2", False),
        ("/a.gz", gzip.compress(b"x", mtime=1), gzip.compress(b"x", mtime=2), True),
        ("/a.gz", gzip.compress(b"x", mtime=1), gzip.compress(b"y", mtime=1), False),
        ("/a.gz", gzip.compress(b"x", mtime=1)[:-3], gzip.compress(b"x", mtime=2)[:-3], False),
    ],
)
def test_times_inside_files(name: str, one: bytes, other: bytes, same: bool) -> None:
    assert (digest(name, one) == digest(name, other)) is same


def test_an_archive_that_would_fill_the_memory_is_its_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(content, "MOST_INSIDE", 100)
    assert digest("/a.jar", jar(2001, b"x" * 200)) != digest("/a.jar", jar(2002, b"x" * 200))
    packed = [gzip.compress(b"x" * 200, mtime=time) for time in (1, 2)]
    assert digest("/a.gz", packed[0]) != digest("/a.gz", packed[1])


def test_archives_in_archives_end_somewhere() -> None:
    one, other = jar(2001, b"x"), jar(2002, b"x")
    for _ in range(content.MOST_NESTED):
        one, other = jar(2001, one, "b.jar"), jar(2001, other, "b.jar")
    assert digest("/a.jar", one) != digest("/a.jar", other)


def test_what_is_too_large_to_look_into_is_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_LOOKED_INTO", 10)
    assert digest("/a.jar", jar(2001, b"x")) != digest("/a.jar", jar(2002, b"x"))
