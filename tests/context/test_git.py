"""Git is asked, and nothing that a repository brings along is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from context.repository import repository, run_git

from reorder.context.git import ENVIRONMENT, git, not_ignored, toplevel, tracked_files
from reorder.context.project import Project


def test_no_repository(tmp_path: Path) -> None:
    assert toplevel(tmp_path) is None
    assert tracked_files(tmp_path) is None
    assert not_ignored(tmp_path) is None


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "a")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tracked_files(tmp_path) is None


def test_a_broken_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert tracked_files(tmp_path) is None


def test_too_slow(tmp_path: Path) -> None:
    repository(tmp_path, "a")
    assert git(tmp_path, "ls-files", timeout=1e-9) is None


def test_too_much_output(tmp_path: Path) -> None:
    repository(tmp_path, "file")
    assert git(tmp_path, "ls-files", most=5) == b"file\n"
    assert git(tmp_path, "ls-files", most=4) is None


def test_input_larger_than_a_pipe(tmp_path: Path) -> None:
    repository(tmp_path)
    asked = b"HEAD\n" * 100_000
    output = git(tmp_path, "cat-file", "--batch-check=%(objecttype)", stdin=asked)
    assert output == b"commit\n" * 100_000


def test_an_environment_that_points_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = repository(tmp_path / "here", "mine")
    other = repository(tmp_path / "other", "theirs")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    tracked = tracked_files(here)
    assert tracked is not None
    assert tracked.files == {"mine"}


@pytest.mark.parametrize("setting", ["core.fsmonitor", "core.sshCommand", "core.pager"])
def test_programs_named_by_a_repository_do_not_run(tmp_path: Path, setting: str) -> None:
    trace = tmp_path / "trace"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n")
    program.chmod(0o755)
    here = repository(tmp_path / "here", "a")
    run_git(here, "config", setting, str(program))
    assert tracked_files(here) is not None
    assert not_ignored(here) is not None
    assert git(here, "status", "--short") is not None
    assert not trace.exists()


def test_the_fsmonitor_would_have_run(tmp_path: Path) -> None:
    # Keeps the test above honest: plain git does start the program.
    trace = tmp_path / "trace"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n")
    program.chmod(0o755)
    here = repository(tmp_path / "here", "a")
    run_git(here, "config", "core.fsmonitor", str(program))
    run_git(here, "status", "--short")
    assert trace.exists()


def test_paths_are_relative_to_the_folder(tmp_path: Path) -> None:
    repository(tmp_path, "a", "sub/b", "sub/é", "sub/new\nline")
    (tmp_path / "sub/untracked").touch()
    assert Project.open(tmp_path / "sub").tracked == frozenset({"b", "é", "new\nline"})
    assert toplevel(tmp_path / "sub") == tmp_path


def test_what_is_in_a_submodule_counts_as_tracked(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", "file")
    outer = repository(tmp_path / "outer", "a")
    run_git(outer, "submodule", "--quiet", "add", str(inner), "lib")
    project = Project.open(outer)
    assert project.tracked == frozenset({"a", ".gitmodules", "lib"})
    assert project.is_tracked("lib/file") is True
    assert project.is_tracked("library") is False


def test_not_ignored(tmp_path: Path) -> None:
    repository(tmp_path, "a", "out/tracked")
    (tmp_path / ".gitignore").write_text("out\n")
    (tmp_path / "new").touch()
    (tmp_path / "out/junk").touch()
    assert not_ignored(tmp_path) == (".gitignore", "a", "new", "out/tracked")


def test_a_folder_that_is_ignored_as_a_whole_is_meant(tmp_path: Path) -> None:
    repository(tmp_path, "a")
    (tmp_path / ".gitignore").write_text("out\n")
    (tmp_path / "out").mkdir()
    assert not_ignored(tmp_path / "out") is None


def _partial_with_a_program_as_remote(folder: Path, trace: Path) -> tuple[Path, str]:
    """A partial clone that lacks a file, and whose remote is a program; the file's object."""
    here = repository(folder)
    (here / "a").write_text("what lacks\n")
    run_git(here, "add", "a")
    run_git(here, "commit", "-q", "-m", "second")
    blob = run_git(here, "rev-parse", "HEAD:a").strip()
    (here / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "evil",
        "remote.evil.promisor": "true",
        "remote.evil.url": f"ext::sh -c touch% {trace}",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        run_git(here, "config", key, value)
    return here, blob


@pytest.mark.parametrize("old", [False, True], ids=["this git", "git before 2.39.4"])
def test_a_lacking_object_is_not_fetched_by_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: bool
) -> None:
    if old:  # it does not know the variable
        monkeypatch.delitem(ENVIRONMENT, "GIT_NO_LAZY_FETCH")
    trace = tmp_path / "trace"
    here, blob = _partial_with_a_program_as_remote(tmp_path / "here", trace)
    assert git(here, "cat-file", "blob", blob) is None
    assert git(here, "log", "-p") is None
    assert not trace.exists()


def test_the_program_would_have_fetched_it(tmp_path: Path) -> None:
    # Keeps the test above honest: plain git does start the program.
    trace = tmp_path / "trace"
    here, blob = _partial_with_a_program_as_remote(tmp_path / "here", trace)
    with pytest.raises(subprocess.CalledProcessError):
        run_git(here, "cat-file", "blob", blob)
    assert trace.exists()


def test_a_program_of_the_folder_is_not_taken_for_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = repository(tmp_path / "here", "a")
    trace = tmp_path / "trace"
    (here / "git").write_text(f"#!/bin/sh\ntouch {trace}\n")
    (here / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(here)
    assert git(here, "ls-files") == b"a\n"
    assert not trace.exists()
