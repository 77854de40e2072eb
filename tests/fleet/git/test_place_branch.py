"""A branch in a local repository: its own only, and nothing else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from context.repository import commit, run_git
from fleet.git.made import CHANGE, MESSAGE, bare, everything, made, ours, tip

from reorder.errors import InputError
from reorder.fleet.git.branch import Placed, branch_name
from reorder.fleet.git.commit import commit_files
from reorder.fleet.git.place import place_branch
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.tree import open_tree
from reorder.fleet.repository import repository


def place(
    here: Path, work: Path, name: str = "reorder", files: dict[str, bytes] | None = None
) -> tuple[Placed, str]:
    """What placing our commit says, and the commit."""
    with open_tree(repository(str(here)), work) as tree:
        made_ = ours(tree, files)
        return place_branch(tree, name, made_), made_


def refused(here: Path, work: Path, name: str = "reorder") -> str:
    """The reason, and the check that nothing changed."""
    before = everything(here)
    placed, _ = place(here, work, name)
    assert placed.status == "refused"
    assert everything(here) == before
    return placed.reason


@pytest.mark.parametrize(
    "name",
    ["", "-x", "a..b", "a b", "x.lock", "a\nb", "@{-1}", "/x", "x/", "HEAD", "refs/heads/x", "a:b",
     "*", "../x", "a/../b", "x~1", "\x1b[31m"],
)  # fmt: skip
def test_what_is_no_name_for_a_branch(name: str) -> None:
    with pytest.raises(InputError) as told:
        branch_name(name)
    assert str(told.value).isprintable()


def test_the_branch_that_is_checked_out(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "checkout", "-q", "-b", "side")
    assert "checked out" in refused(here, tmp_path / "w", "side")


def test_the_default_branch_even_if_its_tip_is_ours(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    run_git(here, "checkout", "-q", "-b", "side")
    run_git(here, "branch", "-f", "main", "reorder")
    commit(here, {"a": "new"})
    assert "default branch" in refused(here, tmp_path / "w", "main")
    (here / ".git/refs/remotes/origin").mkdir(parents=True)
    run_git(here, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    run_git(here, "branch", "trunk", "reorder")
    assert "default branch" in refused(here, tmp_path / "w", "trunk")


def test_a_branch_that_is_checked_out_in_another_worktree(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    run_git(here, "worktree", "add", "-q", str(tmp_path / "side"), "reorder")
    commit(here, {"a": "new"})
    assert "checked out" in refused(here, tmp_path / "w")


def test_a_branch_in_the_middle_of_a_rebase(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    (here / ".git/rebase-merge").mkdir()
    (here / ".git/rebase-merge/head-name").write_text("refs/heads/reorder\n")
    commit(here, {"a": "new"})
    assert "checked out" in refused(here, tmp_path / "w")


def test_a_branch_of_somebody_else(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "branch", "reorder", "main~1")
    assert "commits that are not reorder's" in refused(here, tmp_path / "w")


@pytest.mark.parametrize("how", ["added", "amended", "reset author", "merged", "below"])
def test_a_branch_of_ours_that_somebody_worked_on(tmp_path: Path, how: str) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    run_git(here, "checkout", "-q", "reorder")
    if how == "added":
        commit(here, {"a": "a person's work"}, MESSAGE)  # even under our message
    elif how == "amended":
        run_git(here, "commit", "-q", "--amend", "--allow-empty", "--no-edit")
    elif how == "reset author":
        run_git(here, "commit", "-q", "--amend", "--no-edit", "--reset-author")
    elif how == "merged":
        run_git(here, "checkout", "-q", "-b", "side", "main~1")
        commit(here, {"side": "x"})
        run_git(here, "checkout", "-q", "reorder")
        run_git(here, "merge", "-q", "-m", MESSAGE, "side")
    else:
        commit(here, {"a": "a person's work"})
        with open_tree(repository(str(here)), tmp_path / "w") as tree:
            on_top = ours(tree, {"new": b"x"})
            run_git(here, "checkout", "-q", "main")
            assert place_branch(tree, "reorder", on_top).status == "refused"
        return
    run_git(here, "checkout", "-q", "main")
    commit(here, {"a": "another"})
    assert "commits that are not reorder's" in refused(here, tmp_path / "w")


def test_a_branch_in_the_way(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "branch", "reorder")
    placed, _ = place(here, tmp_path / "w", "reorder/x")
    assert placed.status == "failed"
    assert "reorder" in placed.reason
    assert run_git(here, "for-each-ref", "--format=%(refname)").split() == [
        "refs/heads/main", "refs/heads/reorder",
    ]  # fmt: skip


def test_a_link_that_leads_out_of_the_repository(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (tmp_path / "outside").mkdir()
    (here / ".git/refs/heads/reorder").symlink_to(tmp_path / "outside")
    assert "a link" in refused(here, tmp_path / "w", "reorder/x")
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_branch_that_moves_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    commit(here, {"a": "new"})

    def person(*_: object) -> str:
        run_git(here, "update-ref", "refs/heads/reorder", "main~1")
        return ""

    monkeypatch.setattr("reorder.fleet.git.place.foreign", person)
    placed, _ = place(here, tmp_path / "w")
    assert placed.status == "failed"
    assert tip(here, "reorder") == tip(here, "main~1")


def test_a_new_branch_and_nothing_else(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (here / "a").write_text("not committed")
    (here / "b").write_text("staged")
    run_git(here, "add", "b")
    before = everything(here)
    placed, commit_ = place(here, tmp_path / "w", "reorder/x")
    assert placed == Placed("created")
    assert tip(here, "reorder/x") == commit_
    assert run_git(here, "show", "reorder/x:Dockerfile") == CHANGE["Dockerfile"].decode()
    after = everything(here)
    assert {path: after[path] for path in before} == before
    new = {path.split("-")[0] for path in after.keys() - before.keys()}
    assert new == {".git/refs/heads/reorder", ".git/refs/heads/reorder/x", ".git/objects/pack/pack"}
    run_git(here, "fsck", "--strict")


def test_the_second_time_nothing_is_written(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    _, first = place(here, tmp_path / "w")
    before = everything(here)
    placed, second = place(here, tmp_path / "w")
    assert (placed.status, second) == ("unchanged", first)
    assert everything(here) == before


def test_ours_is_replaced_after_a_new_commit(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    _, first = place(here, tmp_path / "w")
    commit(here, {"a": "new"})
    placed, second = place(here, tmp_path / "w")
    assert placed == Placed("updated", before=first)
    assert tip(here, "reorder") == second
    assert tip(here, "reorder~1") == tip(here, "main")


def test_ours_is_replaced_after_it_was_merged(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    run_git(here, "merge", "-q", "--no-ff", "-m", "merge", "reorder")
    placed, second = place(here, tmp_path / "w", files={"new": b"x"})
    assert (placed.status, tip(here, "reorder")) == ("updated", second)


def test_ours_is_replaced_whoever_we_say_we_are(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    place(here, tmp_path / "w")
    settings = GitSettings(author="Platform Team", email="platform@example.org")
    with open_tree(repository(str(here)), tmp_path / "w", settings) as tree:
        assert place_branch(tree, "reorder", ours(tree)).status == "updated"
    assert run_git(here, "log", "-1", "--format=%an <%ce>", "reorder") == (
        "Platform Team <platform@example.org>\n"
    )


def test_a_bare_repository(tmp_path: Path) -> None:
    there = bare(tmp_path / "there.git", made(tmp_path / "source"))
    placed, commit_ = place(there, tmp_path / "w")
    assert (placed.status, tip(there, "reorder")) == ("created", commit_)


def test_a_linked_worktree_has_it_in_its_repository(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    placed, commit_ = place(tmp_path / "side", tmp_path / "w")
    assert (placed.status, tip(here, "reorder")) == ("created", commit_)


def test_a_shared_repository_stays_one(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "config", "core.sharedRepository", "group")
    place(here, tmp_path / "w")
    assert (here / ".git/refs/heads/reorder").stat().st_mode & 0o060 == 0o060


def test_the_branch_belongs_to_whom_the_repository_does(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can write to what is another's")
    here = made(tmp_path / "here")
    for path in (here, *here.rglob("*")):
        os.lchown(path, 12345, 12345)
    placed, _ = place(here, tmp_path / "w", "reorder/x")
    assert placed.status == "created"
    assert {path.lstat().st_uid for path in here.rglob("*")} == {12345}


def test_only_a_local_repository(tmp_path: Path) -> None:
    from dataclasses import replace

    here = made(tmp_path / "here")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        made_ = commit_files(tree, CHANGE, MESSAGE)
        with pytest.raises(ValueError, match="local"):
            place_branch(replace(tree, local=None), "reorder", made_)
