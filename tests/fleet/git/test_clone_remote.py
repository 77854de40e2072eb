"""Remote repositories, from a real git server on loopback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from context.repository import commit, run_git
from fleet.git.made import CHANGE, bare, everything, made, ours, tip
from fleet.git.server import Server, serving

from reorder.context.history import History, history
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.heads import Head, head_of
from reorder.fleet.git.push import push_branch
from reorder.fleet.git.settings import GitSettings, Login
from reorder.fleet.git.tree import open_tree
from reorder.fleet.repository import Repository, repository

SECRET = "s3cr3t-t0ken-value"


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder that is served, with one repository of some commits in it: `o/n.git`."""
    here = made(tmp_path / "source", {"old": "x"})
    for number in range(12):
        text = f"FROM scratch\nCOPY a /\nENV N={number}\n"
        commit(here, {"Dockerfile": text, "lib": f"{number}\n" * 100})
    bare(tmp_path / "served/o/n.git", here)
    return tmp_path / "served"


def of(server: Server, login: str = "") -> Repository:
    return repository(server.url("o/n.git", login))


def test_a_repository_that_is_not_there(tmp_path: Path, served: Path) -> None:
    with serving(served) as server:
        missing = repository(server.url("o/none.git"))
        with pytest.raises(GitError, match="not found") as told:
            head_of(missing)
        assert told.value.kind == "missing"
        with pytest.raises(GitError), open_tree(missing, tmp_path / "work"):
            pass
    assert not (tmp_path / "work").exists()


def test_an_empty_repository(tmp_path: Path, served: Path) -> None:
    run_git(tmp_path, "init", "-q", "--bare", str(served / "o/empty.git"))
    with serving(served) as server, pytest.raises(GitError, match="no commit yet") as told:
        head_of(repository(server.url("o/empty.git")))
    assert told.value.kind == "empty"


def test_a_server_that_does_not_answer_in_time(served: Path) -> None:
    with serving(served) as server, pytest.raises(GitError, match="took longer") as told:
        head_of(of(server), GitSettings(seconds=1e-3))
    assert told.value.kind == "timeout"


def test_without_the_credentials_nobody_is_asked(served: Path) -> None:
    with serving(served, login=f"me:{SECRET}") as server, pytest.raises(GitError) as told:
        head_of(of(server))
    assert told.value.kind == "missing"


def test_wrong_credentials_are_not_in_the_error(served: Path) -> None:
    with serving(served, login="me:other") as server, pytest.raises(GitError) as told:
        head_of(of(server, f"me:{SECRET}"))
    assert SECRET not in str(told.value)
    assert told.value.kind == "missing"


def test_too_many_files(tmp_path: Path, served: Path) -> None:
    with (
        serving(served) as server,
        pytest.raises(GitError, match="more than 3 files") as told,
        open_tree(of(server), tmp_path / "work", GitSettings(most_files=3)),
    ):
        pass
    assert told.value.kind == "refused"
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("filters", [True, False], ids=["filters", "a server without filters"])
def test_the_files_of_head_and_the_history_of_the_dockerfile(
    tmp_path: Path, served: Path, filters: bool
) -> None:
    with serving(served, filters=filters) as server, open_tree(of(server), tmp_path / "w") as tree:
        assert tree.branch == "main"
        assert tree.commit == tip(served / "o/n.git", "main")
        assert head_of(of(server)) == Head(tree.commit, "main")
        assert sorted(path.name for path in tree.root.iterdir()) == [
            ".git", "Dockerfile", "a", "lib", "old",
        ]  # fmt: skip
        place = tree.root / "Dockerfile"
        remote = history(tree.root, place, place.read_text())
        full = history(tmp_path / "source", tmp_path / "source/Dockerfile", place.read_text())
        assert isinstance(full, History)
        assert remote == full
        old = run_git(tree.root, "rev-parse", "HEAD~5:lib").strip()
        missing = run_git(tree.root, "rev-list", "--objects", "--missing=print", "HEAD")
        assert (f"?{old}" in missing) is filters
    assert not (tmp_path / "w").exists()


def test_the_whole_past_when_it_is_asked_for(tmp_path: Path, served: Path) -> None:
    with (
        serving(served) as server,
        open_tree(of(server), tmp_path / "w", GitSettings(blobs=True)) as tree,
    ):
        assert "?" not in run_git(tree.root, "rev-list", "--objects", "--missing=print", "HEAD")


def test_some_commits_when_that_is_asked_for(tmp_path: Path, served: Path) -> None:
    with (
        serving(served) as server,
        open_tree(of(server), tmp_path / "w", GitSettings(depth=3)) as tree,
    ):
        assert run_git(tree.root, "rev-list", "--count", "HEAD").strip() == "3"


def _seen_by_ps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Git is replaced by a program that writes down its arguments, and then runs it."""
    log = tmp_path / "arguments"
    real = run_git(Path("/"), "--exec-path").strip()
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin/git"
    which = next(
        place
        for folder in os.environ["PATH"].split(os.pathsep)
        if (place := Path(folder, "git")).exists()
    )
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{log}\nexec {which} "$@"\n')
    script.chmod(0o755)
    for name in ("git-remote-http", "git-remote-https"):
        helper = tmp_path / "bin" / name
        helper.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>{log}\nexec {real}/{name} "$@"\n')
        helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return log


@pytest.mark.parametrize("given", ["url", "settings"])
def test_credentials_work_and_are_seen_nowhere(
    tmp_path: Path, served: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    log = _seen_by_ps(tmp_path, monkeypatch)
    with serving(served, login=f"me:{SECRET}") as server:
        place = of(server, f"me:{SECRET}" if given == "url" else "")
        logins = {} if given == "url" else {place.host: Login("me", SECRET)}
        settings = GitSettings(logins=logins)
        with open_tree(place, tmp_path / "w", settings) as tree:
            assert push_branch(tree, "reorder", ours(tree)).status == "created"
            found = everything(tmp_path / "w")
            assert not [path for path, (_, _, data) in found.items() if SECRET in str(data)]
            assert SECRET not in repr(tree)
        assert any(seen == server.authorization for _, seen in server.requests)
    assert "ls-remote" in log.read_text()
    assert SECRET not in log.read_text()


def test_credentials_are_for_their_host_alone(tmp_path: Path, served: Path) -> None:
    # `localhost` and `127.0.0.1` are two hosts to git, and so are two ports.
    with serving(served, login="x:y") as thief, serving(served, redirect=thief.url("")) as server:
        with pytest.raises(GitError):
            head_of(of(server, f"me:{SECRET}"))
        assert thief.requests
        assert all(not seen for _, seen in thief.requests)


def test_the_own_credential_helper_of_the_user_counts(
    tmp_path: Path, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gitconfig"
    helper = f'!printf "username=me\\\\npassword={SECRET}\\\\n"'
    run_git(
        tmp_path, "config", "--file", str(config), "credential.helper", helper.replace("\\\\", "\\")
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    with serving(served, login=f"me:{SECRET}") as server:
        assert head_of(of(server)).branch == "main"


def test_tags_and_other_branches_stay_there(tmp_path: Path, served: Path) -> None:
    run_git(served / "o/n.git", "tag", "v1", "main")
    run_git(served / "o/n.git", "branch", "other", "main~3")
    with serving(served) as server, open_tree(of(server), tmp_path / "w") as tree:
        refs = run_git(tree.root, "for-each-ref", "--format=%(refname)").split()
    assert refs == ["refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]


def test_a_push_makes_the_branch_and_a_second_one_nothing(tmp_path: Path, served: Path) -> None:
    with serving(served) as server:
        with open_tree(of(server), tmp_path / "w") as tree:
            commit_ = ours(tree)
            assert push_branch(tree, "reorder/x", commit_).status == "created"
        with open_tree(of(server), tmp_path / "w") as tree:
            again = push_branch(tree, "reorder/x", ours(tree))
    assert again.status == "unchanged"
    assert tip(served / "o/n.git", "reorder/x") == commit_
    assert (
        run_git(served / "o/n.git", "show", "reorder/x:Dockerfile") == CHANGE["Dockerfile"].decode()
    )


def test_a_push_replaces_what_is_ours(tmp_path: Path, served: Path) -> None:
    with serving(served) as server:
        with open_tree(of(server), tmp_path / "w") as tree:
            push_branch(tree, "reorder", ours(tree))
        commit(tmp_path / "source", {"a": "new"})
        run_git(tmp_path / "source", "push", "-q", str(served / "o/n.git"), "main")
        with open_tree(of(server), tmp_path / "w") as tree:
            second = ours(tree)
            assert push_branch(tree, "reorder", second).status == "updated"
    assert tip(served / "o/n.git", "reorder") == second


def test_a_push_never_goes_to_the_default_branch(tmp_path: Path, served: Path) -> None:
    before = everything(served)
    with serving(served) as server, open_tree(of(server), tmp_path / "w") as tree:
        placed = push_branch(tree, "main", ours(tree))
    assert (placed.status, "default branch" in placed.reason) == ("refused", True)
    assert everything(served) == before


def test_a_push_never_replaces_what_somebody_else_did(tmp_path: Path, served: Path) -> None:
    with serving(served) as server:
        with open_tree(of(server), tmp_path / "w") as tree:
            push_branch(tree, "reorder", ours(tree))
        run_git(tmp_path, "clone", "-q", "-b", "reorder", str(served / "o/n.git"), "person")
        commit(tmp_path / "person", {"a": "a person's work"})
        run_git(tmp_path / "person", "push", "-q")
        before = everything(served)
        with open_tree(of(server), tmp_path / "w") as tree:
            placed = push_branch(tree, "reorder", ours(tree, {"x": b"y"}))
    assert placed.status == "refused"
    assert "commits that are not reorder's" in placed.reason
    assert everything(served) == before


def test_a_push_that_somebody_else_was_quicker_than(
    tmp_path: Path, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(served) as server, open_tree(of(server), tmp_path / "w") as tree:
        stale = Head(tree.commit, "main"), None
        monkeypatch.setattr("reorder.fleet.git.push.remote_refs", lambda *_: stale)
        run_git(served / "o/n.git", "branch", "reorder", "main~1")
        placed = push_branch(tree, "reorder", ours(tree))
    assert (placed.status, "somebody else" in placed.reason) == ("refused", True)
    assert tip(served / "o/n.git", "reorder") == tip(served / "o/n.git", "main~1")


def test_a_push_that_the_server_does_not_take(tmp_path: Path, served: Path) -> None:
    hook = served / "o/n.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no \x1b[31mway' >&2; exit 1\n")
    hook.chmod(0o755)
    with serving(served) as server, open_tree(of(server), tmp_path / "w") as tree:
        placed = push_branch(tree, "reorder", ours(tree))
    assert placed.status == "failed"
    assert "pre-receive hook declined" in placed.reason
    assert placed.reason.isprintable()


@pytest.mark.parametrize("by", ["GIT_SSH_COMMAND", "core.sshCommand", ""])
def test_the_ssh_of_the_user_counts_and_ours_never_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    log, script = tmp_path / "log", tmp_path / "bin/ssh" if not by else tmp_path / "own"
    script.parent.mkdir(exist_ok=True)
    script.write_text(
        f'#!/bin/sh\necho "$0 $*" >>{log}; test -t 0 && echo asks >>{log}\nexit 255\n'
    )
    script.chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[core]\n\tsshCommand = {script}\n" if by == "core.sshCommand" else "")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("GIT_SSH", raising=False)
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    if by == "GIT_SSH_COMMAND":
        monkeypatch.setenv(by, str(script))
    with pytest.raises(GitError):
        head_of(repository("git@h.example:o/n.git"))
    said = log.read_text()
    assert str(script) in said
    assert "git@h.example" in said
    assert "asks" not in said
    assert ("BatchMode=yes" in said) is (not by)
