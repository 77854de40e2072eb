"""A local checkout, seen and worked on without a trace in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from context.repository import commit, run_git
from fleet.git.made import bare, everything, made, ours, tip

from reorder.context.git import tracked_files
from reorder.context.history import History, history
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.heads import Head, head_of
from reorder.fleet.git.patch import patch_of
from reorder.fleet.git.push import push_branch
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.tree import open_tree
from reorder.fleet.repository import Repository, repository


def refusal(here: Path, work: Path, settings: GitSettings | None = None) -> GitError:
    """What opening a checkout says; nothing is left behind."""
    with pytest.raises(GitError) as told, open_tree(repository(str(here)), work, settings):
        pass
    assert not work.exists()
    return told.value


def test_no_such_folder(tmp_path: Path) -> None:
    told = refusal(tmp_path / "none", tmp_path / "w")
    assert (told.kind, told.reason) == ("missing", "no such folder")


def test_not_a_repository(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    told = refusal(tmp_path / "here", tmp_path / "w")
    assert told.kind == "missing"
    assert "not a git repository" in told.reason


def test_a_folder_inside_of_a_repository(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {"sub/file": "x"})
    assert "not the root" in refusal(here / "sub", tmp_path / "w").reason


def test_no_commit_yet(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "here")
    told = refusal(tmp_path / "here", tmp_path / "w")
    assert (told.kind, told.reason) == ("empty", "it has no commit yet")


def test_a_commit_that_is_not_there(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    name = tip(here, "HEAD")
    (here / ".git/objects" / name[:2] / name[2:]).unlink()
    told = refusal(here, tmp_path / "w")
    assert told.kind == "broken"
    assert "lack the commit" in told.reason


def test_files_that_are_not_there(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    name = tip(here, "HEAD:a")
    (here / ".git/objects" / name[:2] / name[2:]).unlink()
    told = refusal(here, tmp_path / "w")
    assert told.kind == "broken"
    assert "it lacks the content of 1 file of the commit, first of `a`" in told.reason


def test_files_that_are_not_there_when_that_is_allowed(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {"sub/é\n": "x"})
    name = tip(here, "HEAD:sub/é\n")
    (here / ".git/objects" / name[:2] / name[2:]).unlink()
    settings = GitSettings(most_lacking=1)
    with open_tree(repository(str(here)), tmp_path / "w", settings) as tree:
        assert tree.files.lacking == ("sub/é\n",)
        assert (tree.root / "a").exists()
        assert not (tree.root / "sub/é\n").exists()
        assert run_git(tree.root, "status", "--porcelain") == ""
        assert patch_of(tree, ours(tree))


def test_a_format_that_nobody_knows(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "config", "core.repositoryFormatVersion", "1")
    run_git(here, "config", "--file", ".git/config", "extensions.tomorrow", "true")
    assert "unknown extension tomorrow" in refusal(here, tmp_path / "w").reason


def test_a_format_of_the_future(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "config", "--file", ".git/config", "core.repositoryFormatVersion", "2")
    assert "newer" in refusal(here, tmp_path / "w").reason


def test_a_head_that_is_none(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (here / ".git/HEAD").write_text("ref: ../../elsewhere\n")
    assert "neither a branch nor a commit" in refusal(here, tmp_path / "w").reason


def test_too_many_bytes(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {"large": "x" * 5000})
    told = refusal(here, tmp_path / "w", GitSettings(most_bytes=4999))
    assert (told.kind, "4,999 bytes" in told.reason) == ("refused", True)


def test_a_folder_that_grows_without_end(tmp_path: Path) -> None:
    # A tree that names one tree many times, on many levels: 8 ** 12 files of a few objects.
    here = made(tmp_path / "here")
    tree = tip(here, "HEAD^{tree}")
    for _ in range(12):
        rows = "".join(f"040000 tree {tree}\tf{number}\n" for number in range(8))
        tree = run_git(here, "mktree", stdin=rows).strip()
    run_git(here, "update-ref", "HEAD", run_git(here, "commit-tree", tree, "-m", "bomb").strip())
    told = refusal(here, tmp_path / "w", GitSettings(most_files=2000))
    assert (told.kind, told.reason) == ("refused", "has more than 2,000 files")


def test_what_is_read_is_the_commit_and_not_the_work_tree(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (here / "a").write_text("not committed\n")
    (here / "staged").write_text("not committed\n")
    run_git(here, "add", "staged")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert (tree.root / "a").read_text() == "a\n"
        assert not (tree.root / "staged").exists()
        assert tree.branch == "main"
        assert tree.commit == tip(here, "HEAD")
        assert head_of(repository(str(here))) == Head(tree.commit, "main")


def test_nothing_of_the_checkout_changes(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (here / "junk").write_text("untracked")
    before = everything(here)
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        made_ = ours(tree)
        assert patch_of(tree, made_)
        (tree.root / "a").write_text("changed in our tree")
    head_of(repository(str(here)))
    assert everything(here) == before
    assert not (tmp_path / "w").exists()


def test_the_tree_is_removed_after_an_error_and_whatever_its_modes(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {"sub/file": "x"})

    def fail(root: Path) -> None:
        (root / "sub").chmod(0o500)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), open_tree(repository(str(here)), tmp_path / "w") as tree:
        fail(tree.root)
    assert not (tmp_path / "w").exists()


def test_reorder_reads_it_as_any_other(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    for number in range(12):
        commit(here, {"Dockerfile": f"FROM scratch\nENV N={number}\n"})
    text = (here / "Dockerfile").read_text()
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tracked_files(tree.root) == tracked_files(here)
        found = history(tree.root, tree.root / "Dockerfile", text)
    assert isinstance(found, History)
    assert found == history(here, here / "Dockerfile", text)


def test_a_detached_head(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "checkout", "-q", "HEAD~1")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert (tree.commit, tree.branch) == (tip(here, "main~1"), "")


def test_packed_objects_and_refs(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "gc", "-q")
    run_git(here, "pack-refs", "--all")
    assert not (here / ".git/refs/heads/main").exists()
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tree.commit == tip(here, "main")


def test_a_bare_repository(tmp_path: Path) -> None:
    source = made(tmp_path / "source")
    there = bare(tmp_path / "there.git", source)
    with open_tree(repository(str(there)), tmp_path / "w") as tree:
        assert tree.commit == tip(source, "main")


def test_a_linked_worktree(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"), "main~1")
    with open_tree(repository(str(tmp_path / "side")), tmp_path / "w") as tree:
        assert (tree.commit, tree.branch) == (tip(here, "main~1"), "side")


def test_a_submodule(tmp_path: Path) -> None:
    inner = made(tmp_path / "inner")
    outer = made(tmp_path / "outer")
    run_git(outer, "submodule", "--quiet", "add", str(inner), "lib")
    with open_tree(repository(str(outer / "lib")), tmp_path / "w") as tree:
        assert tree.commit == tip(inner, "main")


def test_submodules_are_empty_folders(tmp_path: Path) -> None:
    inner, outer = made(tmp_path / "inner"), made(tmp_path / "outer")
    run_git(outer, "submodule", "--quiet", "add", str(inner), "lib")
    run_git(outer, "commit", "-q", "-m", "submodule")
    with open_tree(repository(str(outer)), tmp_path / "w") as tree:
        assert list((tree.root / "lib").iterdir()) == []
        tracked = tracked_files(tree.root)
    assert tracked is not None
    assert tracked.submodules == {"lib"}


def test_a_shallow_clone(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(tmp_path, "clone", "-q", "--depth=1", here.as_uri(), "shallow")
    with open_tree(repository(str(tmp_path / "shallow")), tmp_path / "w") as tree:
        assert run_git(tree.root, "rev-list", "--count", "HEAD").strip() == "1"
        assert run_git(tree.root, "rev-parse", "--is-shallow-repository").strip() == "true"


def test_a_partial_clone(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    commit(here, {"a": "new\n"})
    run_git(here, "config", "uploadpack.allowFilter", "true")
    run_git(tmp_path, "clone", "-q", "--filter=blob:none", here.as_uri(), "partial")
    with open_tree(repository(str(tmp_path / "partial")), tmp_path / "w") as tree:
        assert (tree.root / "a").read_text() == "new\n"
        assert ours(tree)


def test_sha256(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "--object-format=sha256", "here")
    commit(tmp_path / "here", {"Dockerfile": "FROM scratch\n"})
    with open_tree(repository(str(tmp_path / "here")), tmp_path / "w") as tree:
        assert len(ours(tree)) == 64


def test_names_that_have_to_be_quoted(tmp_path: Path) -> None:
    here = made(tmp_path / 'a "b"\\ #ü', {'x"y\\z\n\x1b[31mé': "1", "sub dir/ü": "2"})
    with open_tree(Repository("here", here), tmp_path / "w #\n") as tree:
        assert (tree.root / 'x"y\\z\n\x1b[31mé').read_text() == "1"
        assert ours(tree, {'x"y\\z\n\x1b[31mé': b"2"})


def test_bytes_on_disk_are_those_of_the_commit(tmp_path: Path) -> None:
    said = "text eol=crlf ident working-tree-encoding=UTF-16"
    attributes = f"one {said}\ntwo {said}\n"
    files = {"one": "$Id$\nx\n", "two": "$Id$\r\nx\r\n"}
    here = made(tmp_path / "here", files)
    (here / ".gitattributes").write_text(attributes)
    run_git(here, "add", ".gitattributes")
    run_git(here, "commit", "-q", "-m", "attributes")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert (tree.root / "one").read_bytes() == b"$Id$\nx\n"
        assert (tree.root / "two").read_bytes() == b"$Id$\r\nx\r\n"
        assert (tree.root / ".gitattributes").read_text() == attributes


def test_where_a_push_of_a_checkout_would_go(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(here, "remote", "add", "origin", "https://me:s3cr3t-value@example.org/o/n.git")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tree.remote is not None
        assert tree.remote.name == "example.org/o/n"
        config = (tree.gitdir / "config").read_text()
    assert "https://example.org/o/n.git" in config
    assert "s3cr3t" not in config


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (None, "no remote named origin"),
        ("ext::sh -c false", "can run programs"),
        ("../other", "is a folder"),
        ("/srv/other", "is a folder"),
        ("--upload-pack=false", "cannot be used"),
    ],
)
def test_a_checkout_without_a_remote_to_push_to(tmp_path: Path, url: str | None, why: str) -> None:
    here = made(tmp_path / "here")
    if url is not None:
        run_git(here, "config", "remote.origin.url", url)
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tree.remote is None
        assert why in tree.no_remote
        placed = push_branch(tree, "reorder", ours(tree))
    assert (placed.status, why in placed.reason) == ("refused", True)


def test_who_owns_the_checkout_does_not_matter(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    for path in (here, *here.rglob("*")):
        os.lchown(path, 12345, 12345)
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tree.commit
