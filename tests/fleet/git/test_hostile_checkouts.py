"""Repositories made to run a program, to reach another's files, or to keep us waiting.

Each has a program that would leave a trace; the first tests show that plain git does run it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from context.repository import commit, run_git
from fleet.git.made import CHANGE, everything, made, ours, program, tip

from reorder.context.git import not_ignored, tracked_files
from reorder.context.history import history
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.heads import head_of
from reorder.fleet.git.patch import patch_of
from reorder.fleet.git.place import place_branch
from reorder.fleet.git.tree import open_tree
from reorder.fleet.repository import repository

HOOKS = (
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit",
    "prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge",
    "pre-push", "pre-receive", "update", "proc-receive", "post-receive", "post-update",
    "reference-transaction", "push-to-checkout", "pre-auto-gc", "post-rewrite",
    "sendemail-validate", "fsmonitor-watchman", "post-index-change",
)  # fmt: skip


def all_of_it(here: Path, work: Path) -> None:
    """Everything that is done to a local repository, twice: a new branch, and a replaced one."""
    for number in range(2):
        with open_tree(repository(str(here)), work) as tree:
            assert tracked_files(tree.root) is not None
            assert not_ignored(tree.root) is not None
            history(tree.root, tree.root / "Dockerfile", "FROM scratch\n")
            made_ = ours(tree, CHANGE if number else {"new": b"1\n"})
            assert b"Reorder-Version" in patch_of(tree, made_)
            placed = place_branch(tree, "reorder", made_)
            assert placed.status == ("updated" if number else "created"), placed
    assert head_of(repository(str(here))).commit


def hooks(here: Path, script: Path) -> None:
    for name in HOOKS:
        hook = here / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.unlink(missing_ok=True)
        hook.symlink_to(script)


def attributes(here: Path, script: Path) -> None:
    """A driver of every kind, for every file, told by the tree and by .git/info."""
    text = "* filter=evil diff=evil merge=evil\na filter=lfs\n"
    commit(here, {".gitattributes": text})
    (here / ".git/info/attributes").write_text(text)
    for driver in ("evil", "lfs"):
        for key in (f"filter.{driver}.smudge", f"filter.{driver}.clean", f"filter.{driver}.process",
                    f"diff.{driver}.command", f"diff.{driver}.textconv",
                    f"merge.{driver}.driver"):  # fmt: skip
            run_git(here, "config", key, str(script))
        run_git(here, "config", f"filter.{driver}.required", "true")


def settings(here: Path, script: Path) -> None:
    """Every setting of git-config(1) that names a program."""
    for key in (
        "core.fsmonitor", "core.sshCommand", "core.askPass", "core.editor", "core.pager",
        "core.gitProxy", "core.alternateRefsCommand", "credential.helper", "diff.external",
        "gpg.program", "gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand",
        "sequence.editor", "pager.log", "pager.config", "uploadpack.packObjectsHook",
        "remote.origin.uploadpack", "remote.origin.receivepack", "remote.origin.vcs",
        "trailer.Reorder-Version.command", "trailer.Reorder-Version.cmd", "interactive.diffFilter",
        "man.viewer", "web.browser", "mergetool.x.cmd", "submodule.lib.update", "alias.log",
        "alias.rev-parse", "receive.procReceiveRefs",
    ):  # fmt: skip
        run_git(here, "config", key, f"!{script}" if key.startswith("alias") else str(script))
    for key in ("commit.gpgSign", "tag.gpgSign", "log.showSignature", "maintenance.auto"):
        run_git(here, "config", key, "true")
    run_git(here, "config", "core.hooksPath", str(script.parent))
    run_git(here, "config", "gc.auto", "1")


def submodules(here: Path, script: Path) -> None:
    text = "".join(
        f'[submodule "{name}"]\n\tpath = {name}\n\turl = {url}\n\tupdate = !{script}\n'
        for name, url in {"one": f"ext::{script}", "two": "file:///", "../x": "-u/x"}.items()
    )
    (here / ".gitmodules").write_text(text)
    run_git(here, "add", ".gitmodules")
    for name in ("one", "two"):
        run_git(here, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{name}")
        run_git(here, "config", f"submodule.{name}.url", f"ext::{script}")
        run_git(here, "config", f"submodule.{name}.active", "true")
    run_git(here, "config", "submodule.recurse", "true")
    run_git(here, "config", "protocol.ext.allow", "always")
    run_git(here, "commit", "-q", "-m", "submodules")


def included(here: Path, script: Path) -> None:
    (here / "config").write_text(f"[core]\n\tfsmonitor = {script}\n[diff]\n\texternal = {script}\n")
    run_git(here, "config", "include.path", str(here / "config"))
    run_git(here, "config", "includeIf.gitdir:/.path", str(here / "config"))


def worktree_settings(here: Path, script: Path) -> None:
    run_git(here, "config", "extensions.worktreeConfig", "true")
    run_git(here, "config", "--worktree", "core.fsmonitor", str(script))
    run_git(here, "config", "--worktree", "filter.evil.smudge", str(script))


MEANS: list[Callable[[Path, Path], None]] = [
    hooks, attributes, settings, submodules, included, worktree_settings,
]  # fmt: skip


@pytest.mark.parametrize("means", MEANS)
def test_nothing_of_the_repository_runs(
    tmp_path: Path, means: Callable[[Path, Path], None]
) -> None:
    script, trace = program(tmp_path)
    here = made(tmp_path / "here")
    means(here, script)
    trace.unlink(missing_ok=True)
    before = everything(here)
    all_of_it(here, tmp_path / "w")
    assert not trace.exists()
    after = everything(here)
    assert {path: after[path] for path in before} == before


@pytest.mark.parametrize(
    ("means", "words"),
    [
        (hooks, ("update-ref", "refs/heads/x", "HEAD")),
        (attributes, ("checkout", "--force", ".")),
        (attributes, ("log", "-p")),
        (settings, ("diff",)),
        (settings, ("status",)),
        (included, ("status",)),
        (worktree_settings, ("status",)),
    ],
)
def test_plain_git_would_have_run_it(
    tmp_path: Path, means: Callable[[Path, Path], None], words: tuple[str, ...]
) -> None:
    script, trace = program(tmp_path)
    here = made(tmp_path / "here")
    means(here, script)
    (here / "a").write_text("changed")
    trace.unlink(missing_ok=True)
    try:
        run_git(here, *words)
    except Exception:  # the program is no good filter: that it ran is what counts
        assert trace.exists()
    assert trace.exists()


def refusal(here: Path, work: Path) -> GitError:
    with pytest.raises(GitError) as told, open_tree(repository(str(here)), work):
        pass
    assert not work.exists()
    assert str(told.value).isprintable()
    return told.value


def test_an_include_that_is_a_fifo(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    os.mkfifo(tmp_path / "fifo")
    with (here / ".git/config").open("a") as file:
        file.write(f"[include]\n\tpath = {tmp_path / 'fifo'}\n")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tree.commit


@pytest.mark.parametrize(
    "name", ["config", "packed-refs", "shallow", "objects/info/alternates", "HEAD"]
)
def test_a_fifo_where_git_reads_a_file(tmp_path: Path, name: str) -> None:
    here = made(tmp_path / "here")
    (here / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(here / ".git" / name)
    assert refusal(here, tmp_path / "w").kind in ("refused", "broken")


def test_alternates_that_lead_to_a_fifo(tmp_path: Path) -> None:
    here, other = made(tmp_path / "here"), made(tmp_path / "other")
    (here / ".git/objects/info/alternates").write_text(f"{other}/.git/objects\n")
    os.mkfifo(other / ".git/objects/info/alternates")
    assert "alternates" in refusal(here, tmp_path / "w").reason


def test_alternates_that_name_themselves(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (here / ".git/objects/info/alternates").write_text("../objects\n" * 9)
    assert "alternates" in refusal(here, tmp_path / "w").reason


def test_alternates_are_read(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    run_git(tmp_path, "clone", "-q", "--shared", str(here), "shared")
    before = everything(here)
    all_of_it(tmp_path / "shared", tmp_path / "w")
    assert everything(here) == before


def test_a_git_file_that_names_the_repository_of_somebody_else(tmp_path: Path) -> None:
    victim = made(tmp_path / "victim")
    (tmp_path / "here").mkdir()
    (tmp_path / "here/.git").write_text(f"gitdir: {victim}/.git\n")
    before = everything(victim)
    assert "does not know this checkout" in refusal(tmp_path / "here", tmp_path / "w").reason
    assert everything(victim) == before


def test_a_git_file_that_names_the_worktree_of_somebody_else(tmp_path: Path) -> None:
    victim = made(tmp_path / "victim")
    run_git(victim, "worktree", "add", "-q", str(tmp_path / "side"))
    (tmp_path / "here").mkdir()
    (tmp_path / "here/.git").write_text(f"gitdir: {victim}/.git/worktrees/side\n")
    assert "another checkout" in refusal(tmp_path / "here", tmp_path / "w").reason


@pytest.mark.parametrize("text", ["", "x", "gitdir: ", "gitdir: \x1b[31m", "gitdir: nowhere"])
def test_a_git_file_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/.git").write_text(text)
    assert refusal(tmp_path / "here", tmp_path / "w").kind in ("refused", "missing")


@pytest.mark.parametrize("what", ["fifo", "large"])
def test_a_git_file_that_is_no_file(tmp_path: Path, what: str) -> None:
    (tmp_path / "here").mkdir()
    if what == "fifo":
        os.mkfifo(tmp_path / "here/.git")
    else:
        with (tmp_path / "here/.git").open("wb") as file:
            file.write(b"gitdir: ")
            file.truncate(1 << 30)
    assert refusal(tmp_path / "here", tmp_path / "w").kind == "refused"


@pytest.mark.parametrize("name", [".git", ".git/objects", ".git/refs", ".git/packed-refs"])
def test_a_link_that_leads_to_the_repository_of_somebody_else(tmp_path: Path, name: str) -> None:
    here, victim = made(tmp_path / "here"), made(tmp_path / "victim")
    run_git(victim, "pack-refs", "--all")
    before = everything(victim)
    place = here / name
    if place.exists():
        place.rename(tmp_path / "moved")
    place.symlink_to(victim / name)
    assert refusal(here, tmp_path / "w").kind == "refused"
    assert everything(victim) == before


def test_a_commondir_that_names_the_repository_of_somebody_else(tmp_path: Path) -> None:
    here, victim = made(tmp_path / "here"), made(tmp_path / "victim")
    (here / ".git/commondir").write_text(f"{victim}/.git\n")
    before = everything(victim)
    assert "commondir" in refusal(here, tmp_path / "w").reason
    assert everything(victim) == before


def test_a_work_tree_elsewhere(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a").write_text("not ours")
    before = everything(tmp_path / "elsewhere")
    run_git(here, "config", "core.worktree", str(tmp_path / "elsewhere"))
    all_of_it(here, tmp_path / "w")
    assert everything(tmp_path / "elsewhere") == before


def test_replaced_and_grafted_history_is_not_believed(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    real = tip(here, "HEAD^{tree}")
    run_git(here, "checkout", "-q", "--orphan", "other")
    commit(here, {"a": "not what HEAD has", "evil": "x"})
    other = tip(here, "HEAD")
    run_git(here, "checkout", "-q", "main")
    run_git(here, "replace", tip(here, "main"), other)
    (here / ".git/info/grafts").write_text(f"{other} {tip(here, 'main')}\n")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert not (tree.root / "evil").exists()
        assert (tree.root / "a").read_text() == "a\n"
        assert run_git(tree.root, "write-tree").strip() == real


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "git~1", ".git\u200c", "."], ids=ascii)
def test_a_file_name_that_git_refuses(tmp_path: Path, name: str) -> None:
    here = made(tmp_path / "here")
    blob = tip(here, "HEAD:a")
    inner = _object(here, "tree", [(b"100644", b"config", blob)])
    top = _object(here, "tree", [(b"40000", os.fsencode(name), inner)])
    made_ = run_git(here, "commit-tree", top, "-m", "evil").strip()
    run_git(here, "update-ref", "HEAD", made_)
    told = refusal(here, tmp_path / "w")
    assert (told.kind, "invalid path" in told.reason) == ("refused", True)


def _object(here: Path, kind: str, rows: list[tuple[bytes, bytes, str]]) -> str:
    """A tree object that git would not write."""
    data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(at) for mode, name, at in rows)
    file = here.parent / "object"
    file.write_bytes(data)
    words = ("hash-object", "-t", kind, "-w", "--literally", str(file))
    return run_git(here, *words).strip()


def test_a_file_below_a_link_out_of_the_tree(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    (tmp_path / "outside").mkdir()
    blob = tip(here, "HEAD:a")
    target = run_git(here, "hash-object", "-w", "--stdin", stdin=str(tmp_path / "outside")).strip()
    inner = _object(here, "tree", [(b"100644", b"x", blob)])
    top = _object(here, "tree", [(b"120000", b"sub", target), (b"40000", b"sub", inner)])
    run_git(here, "update-ref", "HEAD", run_git(here, "commit-tree", top, "-m", "evil").strip())
    with suppress(GitError), open_tree(repository(str(here)), tmp_path / "w"):
        pass
    assert list((tmp_path / "outside").iterdir()) == []


def test_links_are_links_and_removing_follows_none(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/kept").write_text("x")
    here = made(tmp_path / "here")
    (here / "link").symlink_to(tmp_path / "outside")
    commit(here, {})
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert (tree.root / "link").is_symlink()
    assert (tmp_path / "outside/kept").exists()


def test_names_that_differ_in_case_alone_stay_in_the_commit(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {"File": "1", "file": "2"})
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert run_git(tree.root, "ls-tree", "--name-only", ours(tree)).split() == [
            "Dockerfile", "File", "a", "file",
        ]  # fmt: skip


def _on_branch(here: Path, name: str) -> Path:
    """The checkout on a branch of that name, which is the default branch of its origin as well."""
    (here / ".git/refs/heads" / name).write_text(tip(here, "main") + "\n")
    (here / ".git/HEAD").write_text(f"ref: refs/heads/{name}\n")
    (here / ".git/refs/remotes/origin").mkdir(parents=True)
    (here / ".git/refs/remotes/origin/HEAD").write_text(f"ref: refs/remotes/origin/{name}\n")
    return here


@pytest.mark.parametrize("name", ["-x", "x;y&z", "$(x)", "$IFS", "é", "--output=x"])
def test_a_branch_with_a_name_that_a_shell_would_mind(tmp_path: Path, name: str) -> None:
    here = _on_branch(made(tmp_path / "here"), name)
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert tree.branch == name


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a b", "a..b", "x.lock", "a\nb", "x:y"])
def test_a_branch_with_a_name_that_git_does_not_take(tmp_path: Path, name: str) -> None:
    here = _on_branch(made(tmp_path / "here"), name)
    assert refusal(here, tmp_path / "w").kind in ("refused", "empty")


def test_a_repository_that_is_all_garbage(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    for path in (here / ".git/objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"\x00\x1b[31m" * 50)
    assert refusal(here, tmp_path / "w").kind == "broken"
