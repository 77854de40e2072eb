"""Git's output, taken apart."""

from __future__ import annotations

from pathlib import Path

from context.repository import commit, commit_each, repository, run_git

from reorder.context.commits import NONE, commits, texts


def test_no_such_commit(tmp_path: Path) -> None:
    repository(tmp_path)
    assert commits(tmp_path, "0" * 40, (".",), 10) is None


def test_no_paths(tmp_path: Path) -> None:
    repository(tmp_path, "a")
    head = run_git(tmp_path, "rev-parse", "HEAD").strip()
    assert commits(tmp_path, head, ("b",), 10) == ()


def test_both_sides_of_each_change(tmp_path: Path) -> None:
    repository(tmp_path)
    commit_each(tmp_path, {"a": "1", "b": "1"}, {"a": "2"})
    commit(tmp_path, {"a": None, "c": "2"})
    head = run_git(tmp_path, "rev-parse", "HEAD").strip()
    one = run_git(tmp_path, "hash-object", "b").strip()
    two = run_git(tmp_path, "hash-object", "c").strip()
    log = commits(tmp_path, head, (".",), 10)
    assert log is not None
    assert [{path: (b.old, b.new) for path, b in one.changes.items()} for one in log] == [
        {"a": (two, NONE), "c": (NONE, two)},
        {"a": (one, two)},
        {"a": (NONE, one), "b": (NONE, one)},
    ]
    assert texts(tmp_path, head, "a", [one, two, NONE]) == {one: "1", two: "2"}


def test_texts_that_are_missing_or_none(tmp_path: Path) -> None:
    repository(tmp_path, "folder/a")
    (tmp_path / "odd").write_bytes(b"\xff\n\n0123 blob 3\n")
    commit(tmp_path, {})
    tree = run_git(tmp_path, "rev-parse", "HEAD:folder").strip()
    odd = run_git(tmp_path, "hash-object", "odd").strip()
    assert texts(tmp_path, "HEAD", "odd", ["1" * 40, tree, odd]) == {odd: "\udcff\n\n0123 blob 3\n"}
