"""The commit: the same input, the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import commit, run_git
from fleet.git.made import CHANGE, MESSAGE, everything, made, ours

from reorder.fleet.git.commit import commit_files, signed
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.patch import patch_of
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.git.tree import open_tree
from reorder.fleet.repository import repository


@pytest.mark.parametrize(
    "path", ["", "../x", "/x", "a//b", ".git/config", "sub/.GIT/x", "./x", "link", "sub", "lib",
             "Dockerfile/x", "link/x", "lib/x"],
)  # fmt: skip
def test_what_is_not_an_ordinary_file(tmp_path: Path, path: str) -> None:
    here = made(tmp_path / "here", {"sub/file": "x"})
    (here / "link").symlink_to("a")
    run_git(here, "add", "link")
    run_git(here, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib")
    run_git(here, "commit", "-q", "-m", "link and submodule")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        with pytest.raises(GitError) as told:
            commit_files(tree, {path: b"x"}, MESSAGE)
        assert told.value.kind == "refused"


def test_what_is_there_already(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    with (
        open_tree(repository(str(here)), tmp_path / "w") as tree,
        pytest.raises(GitError, match="already"),
    ):
        commit_files(tree, {"a": b"a\n"}, MESSAGE)


def test_files_on_disk_and_refs_stay(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        before = everything(tree.root)
        ours(tree)
        assert everything(tree.root) == before


def test_changed_and_new_files_and_their_modes(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {"run.sh": "x", "sub/deep/file": "x", "sub/other": "x"})
    (here / "run.sh").chmod(0o755)
    commit(here, {})
    raw = bytes(range(256)) + b"\r\n"
    files = {"run.sh": b"y", "sub/deep/file": raw, "sub/new/one": b"1", "é\n\x1b[1m": b"2"}
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        name = commit_files(tree, files, MESSAGE)
        changed = run_git(tree.root, "diff-tree", "-r", "-z", "--no-commit-id", name).split("\0")
        assert run_git(tree.root, "rev-parse", f"{name}^").strip() == tree.commit
        run_git(tree.root, "fsck", "--strict", name)
        run_git(tree.root, "checkout", "-q", name)
        assert {path: (tree.root / path).read_bytes() for path in files} == files
    modes = {path: row.split()[1] for row, path in zip(changed[::2], changed[1::2], strict=False)}
    assert modes == {
        "run.sh": "100755", "sub/deep/file": "100644", "sub/new/one": "100644",
        "é\n\x1b[1m": "100644",
    }  # fmt: skip


def test_the_order_of_entries_is_that_of_git(tmp_path: Path) -> None:
    # A folder sorts as if its name ended in a slash.
    here = made(tmp_path / "here", {"a.b": "x", "a0": "x"})
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        name = commit_files(tree, {"b/x": b"1", "b.x": b"1", "b0": b"1"}, MESSAGE)
        run_git(tree.root, "fsck", "--strict", name)


def test_the_same_input_the_same_commit(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    names, patches = set(), set()
    for number in range(2):
        with open_tree(repository(str(here)), tmp_path / f"w{number}") as tree:
            names.add(ours(tree))
            patches.add(patch_of(tree, ours(tree)))
    assert len(names) == len(patches) == 1


def test_what_the_user_has_configured_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = made(tmp_path / "here", {"f": "1\n2\n3\n4\n5\n6\n7\n8\n9\n"})
    files = {"f": b"1\n2\n3\n4\nx\n6\n7\n8\n9\n", "new": b"1\n"}
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        name = ours(tree, files)
        patch = patch_of(tree, name)
    config = tmp_path / "gitconfig"
    config.write_text(
        "[user]\n\tname = Other\n\temail = o@example.org\n[commit]\n\tgpgSign = true\n"
        "[core]\n\tautocrlf = true\n\tcommentChar = S\n[i18n]\n\tcommitEncoding = latin1\n"
        "[format]\n\tsignature = x\n\tsubjectPrefix = Y\n\tsignOff = true\n\tattach = x\n"
        "[diff]\n\tnoprefix = true\n\tcontext = 0\n\talgorithm = patience\n\tmnemonicPrefix = 1\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00")
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=0")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert ours(tree, files) == name
        assert patch_of(tree, name) == patch


def test_who_made_it_and_when(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    settings = GitSettings(author="Plat <form> Team\n", email="p@example.org")
    with open_tree(repository(str(here)), tmp_path / "w", settings) as tree:
        name = ours(tree)
        said = run_git(
            tree.root, "log", "-1", "--format=%an|%ae|%ad|%cn|%ce|%cd", "--date=raw", name
        )
    assert said == "Plat form Team|p@example.org|0 +0000|Plat form Team|p@example.org|0 +0000\n"


@pytest.mark.parametrize("date", ["", "1700000000 +9999", "99999999999999999999 +0000", "x y"])
def test_a_date_that_git_could_not_make(tmp_path: Path, date: str) -> None:
    here = made(tmp_path / "here")
    tree_ = run_git(here, "rev-parse", "HEAD^{tree}").strip()
    text = (
        f"tree {tree_}\nauthor T <t@example.org> {date}\ncommitter T <t@example.org> {date}\n\nx\n"
    )
    words = ("hash-object", "-t", "commit", "-w", "--literally", "--stdin")
    run_git(here, "update-ref", "HEAD", run_git(here, *words, stdin=text).strip())
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        run_git(tree.root, "fsck", "--strict", "--connectivity-only", ours(tree))


def test_the_trailers_are_at_the_end(tmp_path: Path) -> None:
    message = signed("Subject\n\nBody: with a colon\n\n\n", "1.2", "abc")
    assert message.endswith("\n\nReorder-Version: 1.2\nReorder-Config: abc\n")
    here = made(tmp_path / "here")
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        name = commit_files(tree, CHANGE, message)
        found = run_git(tree.root, "log", "-1", "--format=%(trailers:only)", name)
    assert found.strip() == "Reorder-Version: 1.2\nReorder-Config: abc"


@pytest.mark.parametrize("how", ["am", "apply"])
def test_the_patch_applies(tmp_path: Path, how: str) -> None:
    here = made(tmp_path / "here", {"crlf": "1\r\n2\r\n", "end": "no line end", "sub/é": "x"})
    files = {
        "crlf": b"1\r\nx\r\n", "end": b"another", "sub/é": b"\xff\xfe\n",
        "bin": bytes(range(256)), "new\n\x1b[1m": b"1\n",
        "Dockerfile": b"FROM scratch\nCOPY b /\n\n",
    }  # fmt: skip
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        name = commit_files(tree, files, signed("Über\n\nFrom here on.\n-- \n", "1", "2"))
        (tmp_path / "patch").write_bytes(patch_of(tree, name))
        wanted = run_git(tree.root, "rev-parse", f"{name}^{{tree}}")
    words = ("am", "-q", "--keep-cr") if how == "am" else ("apply", "--index")
    run_git(here, *words, str(tmp_path / "patch"))
    assert run_git(here, "write-tree") == wanted


def test_a_patch_stays_text_whatever_the_attributes_say(tmp_path: Path) -> None:
    here = made(tmp_path / "here", {".gitattributes": "Dockerfile binary -diff\n"})
    with open_tree(repository(str(here)), tmp_path / "w") as tree:
        assert b"\n+COPY b /\n" in patch_of(tree, ours(tree))
