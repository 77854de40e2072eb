"""A clone that stays."""

from __future__ import annotations

from pathlib import Path

from context.repository import commit, run_git
from fleet.git.made import CHANGE, bare, everything, made, ours, tip
from fleet.git.server import serving

from reorder.fleet.git.branch import Placed
from reorder.fleet.git.keep import keep_clone
from reorder.fleet.git.tree import open_tree
from reorder.fleet.repository import repository


def keep(tmp_path: Path, name: str = "reorder") -> Placed:
    with (
        serving(tmp_path / "served") as server,
        open_tree(repository(server.url("o/n.git")), tmp_path / "w") as tree,
    ):
        return keep_clone(tree, name, ours(tree), tmp_path / "kept")


def test_the_default_branch_is_refused(tmp_path: Path) -> None:
    bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    assert keep(tmp_path, "main").status == "refused"
    assert not (tmp_path / "kept").exists()


def test_the_work_of_a_person_in_it_is_not_replaced(tmp_path: Path) -> None:
    bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    keep(tmp_path)
    run_git(tmp_path / "kept", "checkout", "-q", "reorder")
    commit(tmp_path / "kept", {"a": "a person's work"})
    before = everything(tmp_path / "kept")
    assert keep(tmp_path).status == "refused"
    assert everything(tmp_path / "kept") == before


def test_it_is_whole_without_what_was_beside_it(tmp_path: Path) -> None:
    bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    assert keep(tmp_path).status == "created"
    assert keep(tmp_path).status == "unchanged"
    assert not (tmp_path / "w").exists()
    kept = tmp_path / "kept"
    assert run_git(kept, "show", "reorder:Dockerfile") == CHANGE["Dockerfile"].decode()
    assert tip(kept, "reorder~1") == tip(kept, "main")
    assert run_git(kept, "status", "--porcelain") == ""
    run_git(kept, "checkout", "-q", "reorder")
