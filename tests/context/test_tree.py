"""The two sources of a project give the same answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reorder.context.tree import DiskTree, Entry, Tree, memory_tree


@pytest.fixture(params=["disk", "memory"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    if request.param == "memory":
        return memory_tree(
            {"b.sh": "run", "a/x": "12345"},
            executable=["b.sh"],
            links={"c": "../out"},
            folders=["empty"],
        )
    (tmp_path / "a").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "a/x").write_text("12345")
    (tmp_path / "b.sh").write_text("run")
    (tmp_path / "b.sh").chmod(0o755)
    (tmp_path / "c").symlink_to("../out")
    return DiskTree(tmp_path)


def test_what_is_no_folder_has_no_children(tree: Tree) -> None:
    assert not tree.children("empty")
    assert not tree.children("gone")
    assert not tree.children("b.sh")


def test_content_is_bounded_and_never_a_link_or_folder(tree: Tree) -> None:
    assert tree.content("a/x", 4) is None
    assert tree.content("a", 9) is None
    assert tree.content("c", 9) is None
    assert tree.content("gone", 9) is None
    assert tree.content("a/x", 5) == b"12345"


def test_there_is_no_index_without_git(tree: Tree) -> None:
    assert tree.tracked() is None


def test_children_in_order(tree: Tree) -> None:
    assert list(tree.children("").values()) == [
        Entry("a", "dir"),
        Entry("b.sh", "file", executable=True, size=3),
        Entry("c", "link", target="../out"),
        Entry("empty", "dir"),
    ]
    assert tree.children("a")["a/x"] == Entry("a/x", "file", size=5)


def test_pipes_are_left_out_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    tree = DiskTree(tmp_path)
    assert tree.children("") == {}
    assert tree.content("pipe", 9) is None


def test_a_folder_is_read_once(tmp_path: Path) -> None:
    tree = DiskTree(tmp_path)
    assert tree.children("") == {}
    (tmp_path / "late").touch()
    assert tree.children("") == {}
