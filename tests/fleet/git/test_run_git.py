"""Git is started, bounded and ended."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from context.repository import repository, run_git

from reorder.context.git import git as context_git
from reorder.fleet.git.errors import GitError
from reorder.fleet.git.run import MOST_REASON, git, reason, run

SECRET = "s3cr3t-t0ken"


def fake_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program named git that does something else."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")


def alive(number: int) -> bool:
    """Whether a process runs; one that only waits to be seen off does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        try:
            os.kill(number, 0)
        except OSError:
            return False
        return not Path("/proc/self/stat").exists()
    return state != "Z"


def gone(number: int) -> bool:
    for _ in range(200):
        if not alive(number):
            return True
        time.sleep(0.05)
    return False


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="cannot be started"):
        git("version")


def test_a_command_that_fails(tmp_path: Path) -> None:
    repository(tmp_path, "a")
    with pytest.raises(GitError) as told:
        git("rev-parse", "--verify", "none", gitdir=tmp_path / ".git")
    assert str(told.value) == "git rev-parse failed: Needed a single revision"
    assert pickle.loads(pickle.dumps(told.value)).reason == told.value.reason


def test_too_much_output(tmp_path: Path) -> None:
    repository(tmp_path, "file")
    assert git("ls-files", gitdir=tmp_path / ".git", most=5) == b"file\n"
    with pytest.raises(GitError) as told:
        git("ls-files", gitdir=tmp_path / ".git", most=4)
    assert (told.value.kind, "4 bytes" in told.value.reason) == ("refused", True)


def test_output_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, monkeypatch, "exec yes")
    with pytest.raises(GitError, match="more to say"):
        run("version", most=1 << 20)


def test_errors_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, monkeypatch, "yes 2>&1 >&2 | head -c 50000000 >&2; echo last >&2; exit 3")
    ran = run("version")
    assert (ran.code, ran.said) == (3, "last")


def test_too_slow_and_what_it_started_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"trap '' TERM; sleep 600 & echo $! >{tmp_path}/child; echo $$ >{tmp_path}/self; wait"
    fake_git(tmp_path, monkeypatch, script)
    with pytest.raises(GitError, match="took longer") as told:
        run("version", seconds=1.0)
    assert told.value.kind == "timeout"
    for name in ("child", "self"):
        assert gone(int((tmp_path / name).read_text()))


def test_it_ends_with_the_session_of_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A worker leads a session; whoever ends its process group ends git as well.
    fake_git(tmp_path, monkeypatch, f"echo $$ >{tmp_path}/self; exec sleep 600")
    code = "from reorder.fleet.git.run import run; run('version', seconds=500)"
    worker = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    place = tmp_path / "self"
    while not (place.exists() and place.read_text().strip()):
        time.sleep(0.05)
    os.killpg(worker.pid, 9)
    worker.wait()
    assert gone(int(place.read_text()))


def test_a_worker_outlives_the_git_that_was_too_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_git(tmp_path, monkeypatch, f"trap '' TERM; echo $$ >{tmp_path}/self; exec sleep 600")
    code = "from reorder.fleet.git.run import run; run('version', seconds=1)"
    words = [sys.executable, "-c", code]
    worker = subprocess.run(words, start_new_session=True, stderr=subprocess.PIPE, check=False)
    assert worker.returncode == 1
    assert b"took longer" in worker.stderr
    assert gone(int((tmp_path / "self").read_text()))


def test_an_environment_that_points_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = repository(tmp_path / "here", "mine"), repository(tmp_path / "other", "theirs")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "traced"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert git("ls-files", gitdir=here / ".git") == b"mine\n"
    assert not (tmp_path / "traced").exists()


def test_a_configuration_of_the_user_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = repository(tmp_path / "here", "é")
    config = tmp_path / "config"
    run_git(tmp_path, "config", "--file", str(config), "core.quotePath", "false")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert git("ls-files", gitdir=here / ".git") == b'"\\303\\251"\n'


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"", "it said nothing"),
        (b"warning: x\nfatal: this\nhint: y\n", "this"),
        (b"one\ntwo\n\n", "two"),
        (b"fatal: \x1b[31mred\x07\n", "\\x1b[31mred\\x07"),
        (b"fatal: \xff\n", "\ufffd"),
        (f"fatal: no https://me:{SECRET}@h.example/o\n".encode(), "no https://***@h.example/o"),
        (b"fatal: " + b"x" * 1000, "x" * MOST_REASON + "…"),
    ],
)
def test_the_reason(said: bytes, shown: str) -> None:
    assert reason(said) == shown


def test_a_pack_larger_than_the_memory_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git would otherwise map a pack of up to a gigabyte as a whole."""
    folder = repository(tmp_path / "a")
    with (folder / "large").open("wb") as file:
        file.truncate(160 << 20)
    plain = ("-c", "core.compression=0", "-c", "core.bigFileThreshold=1k")
    run_git(folder, *plain, "add", "large")
    run_git(folder, *plain, "commit", "-q", "-m", "large")
    run_git(folder, *plain, "repack", "-a", "-d", "-q")
    (folder / "large").unlink()
    script = f'ulimit -v 131072\nexec {shutil.which("git")} "$@"'
    fake_git(tmp_path, monkeypatch, script)
    assert git("log", "--format=%s", gitdir=folder / ".git") == b"large\nfirst\n"
    assert context_git(folder, "log", "--format=%s") == b"large\nfirst\n"
