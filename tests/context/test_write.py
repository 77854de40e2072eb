"""Files change as a whole and together, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from context.repository import repository

from reorder.context.write import Write, write_all, write_atomic
from reorder.errors import InputError


def _state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"theirs")
    with pytest.raises(InputError, match="changed since it was read"):
        write_atomic(tmp_path / "f", b"ours", b"before")
    assert _state(tmp_path) == {"f": b"theirs"}


def test_a_file_that_came_meanwhile_is_left(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"theirs")
    with pytest.raises(InputError, match="exists now"):
        write_atomic(tmp_path / "f", b"ours", None)
    assert _state(tmp_path) == {"f": b"theirs"}


def test_a_file_that_went_meanwhile_stays_away(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is gone"):
        write_atomic(tmp_path / "f", b"ours", b"before")
    assert _state(tmp_path) == {}


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_atomic(tmp_path / "gone/f", b"ours", None)


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_atomic(tmp_path / "f", b"ours", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize("with_git", [False, True])
def test_a_link_that_leads_out_is_refused(tmp_path: Path, with_git: bool) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    if with_git:
        repository(inner)
    (tmp_path / "f").write_bytes(b"before")
    (inner / "link").symlink_to("../f")
    with pytest.raises(InputError, match="leads out"):
        write_atomic(inner / "link", b"ours", b"before")
    assert (tmp_path / "f").read_bytes() == b"before"


def test_the_second_file_is_stale_so_the_first_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"theirs")
    with pytest.raises(InputError):
        write_all([Write(tmp_path / "a", b"A", b"a"), Write(tmp_path / "b", b"B", b"b")])
    assert _state(tmp_path) == {"a": b"a", "b": b"theirs"}


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), KeyboardInterrupt()])
def test_what_was_renamed_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "a").chmod(0o754)
    (tmp_path / "c").write_bytes(b"c")
    replace = os.replace

    def fail_for_c(source: Path, target: Path) -> None:
        if target.name == "c" and source.read_bytes() == b"C":
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_for_c)
    writes = [("a", b"A", b"a"), ("new", b"N", None), ("c", b"C", b"c")]
    with pytest.raises(InputError if isinstance(error, OSError) else KeyboardInterrupt):
        write_all([Write(tmp_path / name, after, before) for name, after, before in writes])
    assert _state(tmp_path) == {"a": b"a", "c": b"c"}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o754


def test_mode_and_bytes_are_kept(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"before\r\n\xff")
    (tmp_path / "f").chmod(0o640)
    write_atomic(tmp_path / "f", b"after\r\n\xff", b"before\r\n\xff")
    assert _state(tmp_path) == {"f": b"after\r\n\xff"}
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_has_the_usual_mode(tmp_path: Path, mask: int, mode: int) -> None:
    old = os.umask(mask)
    try:
        write_atomic(tmp_path / "f", b"new", None)
        assert os.umask(mask) == mask
    finally:
        os.umask(old)
    assert (tmp_path / "f").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(("name", "target"), [("link", "sub/f"), ("sub/up", "../g")])
def test_a_link_in_the_repository_is_written_through(
    tmp_path: Path, name: str, target: str
) -> None:
    repository(tmp_path, "sub/f", "g")
    (tmp_path / name).symlink_to(target)
    write_atomic(tmp_path / name, b"after", b"")
    assert (tmp_path / name).is_symlink()
    assert (tmp_path / name).read_bytes() == b"after"


def test_two_files_together(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"a")
    write_all(
        [
            Write(tmp_path / "Dockerfile", b"A", b"a"),
            Write(tmp_path / ".dockerignore", b"B", None),
        ]
    )
    assert _state(tmp_path) == {"Dockerfile": b"A", ".dockerignore": b"B"}
