"""Commits played again: texts of the past, modes as they are, and never out of the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import commit, repository, run_git

from reorder.config import Options
from reorder.errors import InputError
from reorder.verify.pair import Pair, find_pair
from reorder.verify.replay import last_commits, play, rewind
from reorder.verify.workspace import Workspace, lay

TEXT = "FROM debian:12\nCOPY . /app/\nRUN unknown\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = repository(tmp_path / "project")
    commit(root, {"a": "1\n", "Dockerfile": TEXT, ".dockerignore": "junk\n", "other": TEXT + "\n"})
    return root


def pair(folder: Path) -> Pair:
    options = Options(history=False, context=folder)
    return find_pair(folder / "Dockerfile", options, folder / "other")


def workspace(folder: Path) -> Workspace:
    before, _ = lay(pair(folder), folder.parent / "work")
    return before


def test_no_git_has_nothing_to_play(tmp_path: Path) -> None:
    for name in ("Dockerfile", "other"):
        (tmp_path / name).write_text(TEXT)
    with pytest.raises(InputError, match="no git history"):
        last_commits(pair(tmp_path), 3)


def test_commits_that_the_builder_cannot_see_do_not_count(folder: Path) -> None:
    commit(folder, {"a": "2\n"})
    commit(folder, {"junk": "x\n"})
    commit(folder, {"Dockerfile": TEXT + "\n"})
    commit(folder, {})
    (first, second) = last_commits(pair(folder), 5)
    assert (first.title, second.title) == ("a and 1 more", "a")


def test_back_and_forth(folder: Path) -> None:
    commit(folder, {"a": "2\n", "b": "1\n"})
    commit(folder, {"b": None, "c/d": "#!/bin/sh\n"})
    commit(folder, {"a": "3\n"})
    played = last_commits(pair(folder), 3)
    place = workspace(folder)

    def now() -> dict[str, bytes | None]:
        return {path: place.read(path) for path in ("a", "b", "c/d")}

    rewind(place, played)
    assert now() == {"a": b"1\n", "b": None, "c/d": None}
    assert not (place.root / "c").exists()
    play(place, played[0])
    assert now() == {"a": b"2\n", "b": b"1\n", "c/d": None}
    play(place, played[1])
    assert now() == {"a": b"2\n", "b": None, "c/d": b"#!/bin/sh\n"}
    assert (place.root / "c/d").stat().st_mode & 0o111
    play(place, played[2])
    assert now() == {"a": b"3\n", "b": None, "c/d": b"#!/bin/sh\n"}


def test_only_the_last_ones(folder: Path) -> None:
    for number in range(5):
        commit(folder, {"a": f"{number}x\n"})
    assert [one.new["a"] for one in last_commits(pair(folder), 2)] == [b"3x\n", b"4x\n"]


def test_the_folder_of_the_context_counts_alone(folder: Path) -> None:
    inner = folder / "inner"
    commit(folder, {"inner/Dockerfile": TEXT, "inner/other": TEXT + "\n", "inner/a": "1\n"})
    commit(folder, {"a": "9\n"})
    commit(folder, {"inner/a": "2\n"})
    found = last_commits(pair(inner), 1)
    assert [one.new for one in found] == [{"a": b"2\n"}]


def test_links_of_the_workspace_stay(folder: Path) -> None:
    (folder / "link").symlink_to("a")
    run_git(folder, "add", "-A")
    commit(folder, {})
    played = last_commits(pair(folder), 1)
    place = workspace(folder)
    play(place, played[0])
    assert (place.root / "link").is_symlink()
