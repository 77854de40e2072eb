"""The comparison itself: what it must find, and what it must pass over. Needs no engine."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine.images import Entry, Image, compare, read_tree

APP = Entry("file", 0o644, 0, 0, "hash")
FOLDER = Entry("dir", 0o755, 0, 0)
TREE = {"app": FOLDER, "app/main.py": APP}


def image(tree: dict[str, Entry] | None = None, /, **config: Any) -> Image:
    return Image(TREE if tree is None else tree, {"config": config})


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ({}, "nothing but what was there"),
        (
            {"root": FOLDER, "root/.cache": FOLDER, "root/.cache/pip": FOLDER},
            "an empty mount point",
        ),
        ({"root/.npm": FOLDER, "root/.npm/_cacache": APP}, "contents of a dependency cache"),
        ({"var/log/apt": FOLDER, "var/log/apt/history.log": APP}, "a log of the build"),
        ({"app/.dockerignore": APP, "app/Dockerfile": APP}, "the files of the build itself"),
        ({"app/web/Dockerfile.dockerignore": APP}, "an ignore file of a named Dockerfile"),
    ],
)
def test_passed_over(tree: dict[str, Entry], why: str) -> None:
    assert compare(image(), image(TREE | tree)) == (), why


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"app/main.py": Entry("file", 0o755, 0, 0, "hash")}, "/app/main.py"),
        ({"app/main.py": Entry("file", 0o644, 1, 0, "hash")}, "/app/main.py"),
        ({"app/main.py": Entry("file", 0o644, 0, 1, "hash")}, "/app/main.py"),
        ({"app/main.py": Entry("file", 0o644, 0, 0, "other")}, "/app/main.py"),
        ({"app/main.py": Entry("link", 0o644, 0, 0, "hash")}, "/app/main.py"),
        ({"app/new": FOLDER}, "/app/new"),
        ({"root/.cached": APP}, "/root/.cached"),
        ({"app/node_modules/a.js": APP}, "/app/node_modules/a.js"),
        ({"app/Dockerfiles": APP}, "/app/Dockerfiles"),
    ],
    ids=["mode", "owner", "group", "content", "kind", "folder", "no-cache", "junk", "name"],
)
def test_found_in_the_tree(tree: dict[str, Entry], path: str) -> None:
    assert [found.what for found in compare(image(), image(TREE | tree))] == [path]


def test_a_file_beside_a_cache_is_found_with_its_folder() -> None:
    tree = TREE | {"root/.cache": FOLDER, "root/.cache/other": APP, "root/.cache/pip": FOLDER}
    found = [one.what for one in compare(image(), image(tree))]
    assert found == ["/root/.cache", "/root/.cache/other"]


def test_junk_is_what_the_caller_names_and_no_more() -> None:
    tree = TREE | {"app/dist": FOLDER, "app/dist/a.js": APP, "app/distant": APP}
    found = compare(image(tree), image(), junk=("app/dist",))
    assert [one.what for one in found] == ["/app/distant"]


@pytest.mark.parametrize("name", ["Env", "Cmd", "WorkingDir", "User", "OnBuild"])
def test_found_in_the_config(name: str) -> None:
    assert [one.what for one in compare(image(), image(None, **{name: ["x"]}))] == [
        f"config.{name}"
    ]


def test_the_order_of_the_environment_counts() -> None:
    assert compare(image(Env=["A=1", "B=2"]), image(Env=["B=2", "A=1"]))


def archive(path: Path, name: str, data: bytes, **fields: Any) -> Path:
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        for key, value in fields.items():
            setattr(member, key, value)
        tar.addfile(member, io.BytesIO(data))
    return path


def pyc(flags: int, stamp: bytes, code: bytes) -> bytes:
    return b"\xa7\r\r\n" + flags.to_bytes(4, "little") + stamp + b"size" + code


def jar(year: int, data: bytes, name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        ("a.py", b"x", b"x", True),
        ("a.py", b"x", b"y", False),
        ("a.pyc", pyc(0, b"1111", b"code"), pyc(0, b"2222", b"code"), True),
        ("a.pyc", pyc(0, b"1111", b"code"), pyc(0, b"1111", b"edoc"), False),
        ("a.pyc", pyc(1, b"1111", b"code"), pyc(1, b"2222", b"code"), False),
        ("a.jar", jar(2001, b"x"), jar(2002, b"x"), True),
        ("a.jar", jar(2001, b"x"), jar(2001, b"y"), False),
        ("a.jar", jar(2001, b"x"), jar(2001, b"x", "b.txt"), False),
        ("m/pom.properties", b"#Mon\nversion=1", b"#Tue\nversion=1", True),
        ("m/pom.properties", b"#Mon\nversion=1", b"#Mon\nversion=2", False),
    ],
)
def test_times_inside_files(
    name: str, one: bytes, other: bytes, same: bool, tmp_path: Path
) -> None:
    trees = [
        read_tree(archive(tmp_path / str(number), name, data))
        for number, data in enumerate((one, other))
    ]
    assert (trees[0] == trees[1]) is same


@pytest.mark.parametrize(
    "change",
    [
        lambda path: archive(path, "a", b"x", mode=0o600),
        lambda path: archive(path, "a", b"x", uid=7),
        lambda path: archive(path, "a", b"", type=tarfile.SYMTYPE, linkname="b"),
    ],
)
def test_the_archive_is_read_with_its_modes_owners_and_links(
    change: Callable[[Path], Path], tmp_path: Path
) -> None:
    plain = read_tree(archive(tmp_path / "plain", "./a", b"x", mode=0o644))
    assert set(plain) == {"a"}
    assert plain != read_tree(change(tmp_path / "changed"))


def test_the_time_of_an_entry_is_not_read(tmp_path: Path) -> None:
    trees = [read_tree(archive(tmp_path / str(time), "a", b"x", mtime=time)) for time in (1, 2)]
    assert trees[0] == trees[1]
