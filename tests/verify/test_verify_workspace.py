"""The copy that is built: what the builder would get, and the user's folder stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reorder.config import Options
from reorder.errors import InputError
from reorder.verify.pair import find_pair
from reorder.verify.workspace import Workspace, lay

TEXT = "FROM debian:12\nCOPY . /app/\nRUN unknown\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "src").mkdir(parents=True)
    (root / "Dockerfile").write_text(TEXT)
    (root / "src" / "run.sh").write_text("x\n")
    (root / "src" / "run.sh").chmod(0o755)
    (root / "junk").write_text("x\n")
    (root / ".dockerignore").write_text("junk\n")
    (root / "link").symlink_to("/etc/passwd")
    (root / "other").write_text(TEXT + "RUN more\n")
    return root


def sides(
    folder: Path, tmp_path: Path, dockerfile: str = "Dockerfile"
) -> tuple[Workspace, Workspace]:
    options = Options(history=False, context=folder)
    pair = find_pair(folder / dockerfile, options, folder / "other")
    return lay(pair, tmp_path / "work")


def test_each_side_has_its_own_dockerfile_and_the_files_that_are_sent(
    folder: Path, tmp_path: Path
) -> None:
    before, after = sides(folder, tmp_path)
    assert before.dockerfile.read_text() == TEXT
    assert after.dockerfile.read_text() == TEXT + "RUN more\n"
    for side in (before, after):
        found = {path.relative_to(side.root).as_posix() for path in side.root.rglob("*")}
        assert found == {"Dockerfile", ".dockerignore", "src", "src/run.sh", "link", "other"}
        assert os.readlink(side.root / "link") == "/etc/passwd"
        assert (side.root / "src" / "run.sh").stat().st_mode & 0o777 == 0o755


def test_times_are_kept(folder: Path, tmp_path: Path) -> None:
    os.utime(folder / "src" / "run.sh", (1, 1000000000))
    for side in sides(folder, tmp_path):
        assert (side.root / "src" / "run.sh").stat().st_mtime == 1000000000


def test_an_edit_of_one_side_is_none_of_the_other_nor_of_the_user(
    folder: Path, tmp_path: Path
) -> None:
    before, after = sides(folder, tmp_path)
    before.write("src/run.sh", b"new")
    assert after.read("src/run.sh") == b"x\n"
    assert (folder / "src" / "run.sh").read_text() == "x\n"
    assert (before.root / "src" / "run.sh").stat().st_mode & 0o777 == 0o755


def test_a_link_is_never_written_through(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "way").symlink_to(outside)
    before, _ = sides(folder, tmp_path)
    before.write("way/in", b"x")
    before.write("link", b"x")
    assert list(outside.iterdir()) == []
    assert (before.root / "link").read_bytes() == b"x"
    assert before.read("missing") is None


def test_a_removed_file_takes_its_empty_folders_along(folder: Path, tmp_path: Path) -> None:
    before, after = sides(folder, tmp_path)
    before.remove("src/run.sh")
    before.remove("src")
    before.remove("missing")
    assert not (before.root / "src").exists()
    assert (after.root / "src" / "run.sh").exists()


def test_a_dockerfile_outside_the_context_stays_outside(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "Outside").write_text(TEXT)
    (tmp_path / "Outside.dockerignore").write_text("src\n")
    before, _ = sides(folder, tmp_path, "../Outside")
    assert not before.dockerfile.is_relative_to(before.root)
    assert before.dockerfile.with_name("Outside.dockerignore").read_text() == "src\n"
    assert not (before.root / "src").exists()
    assert not (before.root / "Dockerfile.dockerignore").exists()


def test_git_comes_along_where_the_builder_gets_it(folder: Path, tmp_path: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("x")
    before, _ = sides(folder, tmp_path)
    assert (before.root / ".git" / "HEAD").read_text() == "x"


def test_not_where_it_is_ignored(folder: Path, tmp_path: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("x")
    (folder / ".dockerignore").write_text(".git\n")
    before, _ = sides(folder, tmp_path)
    assert not (before.root / ".git").exists()


def test_what_cannot_be_read_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shutil.copy2", unreadable)
    with pytest.raises(InputError, match="the context cannot be copied"):
        sides(folder, tmp_path)
