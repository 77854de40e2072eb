"""What a server that nobody vetted says of its branches."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import run_git
from fleet.git.made import bare, made
from fleet.git.server import serving

from reorder.fleet.git import heads
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.heads import Head, head_of, remote_refs
from reorder.fleet.git.run import Ran
from reorder.fleet.git.settings import GitSettings
from reorder.fleet.repository import repository

COMMIT = "1" * 40


def says(monkeypatch: pytest.MonkeyPatch, output: bytes) -> tuple[Head, str | None]:
    monkeypatch.setattr(heads, "network", lambda *_, **__: Ran(0, output, ""))
    return remote_refs(repository("h.example/o/n"), GitSettings(), "reorder")


@pytest.mark.parametrize("output", [b"", b"\n", b"x\n", b"ref: refs/heads/main\tHEAD\n"])
def test_no_commit(monkeypatch: pytest.MonkeyPatch, output: bytes) -> None:
    with pytest.raises(GitError, match="no commit yet"):
        says(monkeypatch, output)


@pytest.mark.parametrize(
    "ref",
    ["", "refs/heads/", "refs/heads/../x", "refs/heads/a:b", "refs/heads/*", "refs/heads/a b",
     "refs/heads/\x1b[31m", "refs/tags/v1", "HEAD", "-x", "refs/heads/x.lock", "refs/heads/a..b"],
)  # fmt: skip
def test_a_head_that_is_on_no_branch(monkeypatch: pytest.MonkeyPatch, ref: str) -> None:
    with pytest.raises(GitError, match="whose name can be used") as told:
        says(monkeypatch, f"ref: {ref}\tHEAD\n{COMMIT}\tHEAD\n".encode())
    assert told.value.kind == "refused"


def test_a_commit_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GitError):
        says(monkeypatch, b"ref: refs/heads/main\tHEAD\n--output=x\tHEAD\n")


def test_a_tip_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"ref: refs/heads/main\tHEAD\n{COMMIT}\tHEAD\n$(x)\trefs/heads/reorder\n"
    assert says(monkeypatch, text.encode()) == (Head(COMMIT, "main"), None)


def test_a_ref_that_only_ends_like_the_branch(tmp_path: Path) -> None:
    # `ls-remote URL NAME` matches the end of names.
    there = bare(tmp_path / "served/o/n.git", made(tmp_path / "source"))
    run_git(there, "update-ref", "refs/heads/x/refs/heads/reorder", "main")
    run_git(there, "update-ref", "refs/heads/x/HEAD", "main~1")
    with serving(tmp_path / "served") as server:
        place = repository(server.url("o/n.git"))
        assert remote_refs(place, GitSettings(), "reorder")[1] is None
        assert head_of(place).branch == "main"
