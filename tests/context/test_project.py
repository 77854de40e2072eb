"""A project is a snapshot that is taken lazily and never left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reorder.context.project import MAX_READ, Project


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "root"
    root.mkdir()
    (root / "up").symlink_to("../secret")
    (root / "absolute").symlink_to(tmp_path / "secret")
    (root / "folder").symlink_to(tmp_path)
    project = Project.open(root)
    assert project.read("up") is None
    assert project.read("absolute") is None
    assert project.read("folder/secret") is None
    assert project.read("../secret") is None
    assert not project.exists("up")
    assert [entry.kind for entry in project.entries.values()] == ["link"] * 3


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (MAX_READ + 1))
    (tmp_path / "folder").mkdir()
    project = Project.open(tmp_path)
    assert project.read("large") is None
    assert project.read("folder") is None
    assert project.read("gone") is None
    assert project.read("") is None


def test_a_root_that_is_gone_is_empty(tmp_path: Path) -> None:
    assert Project.open(tmp_path / "gone").entries == {}


def test_an_unreadable_folder_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list(Project.open(tmp_path).entries) == ["closed"]


@pytest.mark.parametrize("text", ["", "a\r\nb", "é", "\udcff", "x" * 300_000])
def test_texts_come_as_they_are(tmp_path: Path, text: str) -> None:
    (tmp_path / "file").write_bytes(text.encode(errors="surrogateescape"))
    (tmp_path / "link").symlink_to("file")
    assert Project.open(tmp_path).read("file") == text
    assert Project.open(tmp_path).read("link") == text
    assert Project.of({"file": text}).read("file") == text


def test_git_data_is_one_entry() -> None:
    project = Project.of({".git/HEAD": "", "sub/.git/HEAD": "", "a": ""})
    assert sorted(project.entries) == [".git", "a", "sub", "sub/.git"]
    assert project.entry(".git/HEAD") is None
    assert project.read("sub/.git/HEAD") is None


def test_only_accepted_folders_are_walked() -> None:
    project = Project.of({"a/x": "", "b/x": ""})
    assert [entry.path for entry in project.walk(lambda folder: folder == "b")] == ["a", "b", "b/x"]


def test_an_entry_is_found_without_a_listing_and_links_stay_links() -> None:
    project = Project.of({"a/x": ""}, links={"l": "a"})
    entry = project.entry("a/x")
    assert entry is not None
    assert entry.name == "x"
    assert project.entry("l/x") is None
    assert project.entry("a/x/y") is None


def test_tracked_is_unknown_without_git() -> None:
    project = Project.of({"a": ""})
    assert project.tracked is None
    assert project.is_tracked("a") is None


def test_tracked_files() -> None:
    project = Project.of({"a": "", "b": ""}, tracked=["a"])
    assert project.tracked == frozenset({"a"})
    assert project.is_tracked("a") is True
    assert project.is_tracked("b") is False
