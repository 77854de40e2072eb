"""What the tests of the fleet's git share: programs that leave a trace, listings of everything."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from context.repository import commit, commit_each, run_git

from reorder.fleet.git.commit import commit_files, signed
from reorder.fleet.git.tree import Tree

MESSAGE = signed("Make the rebuild faster\n\nBecause.", "1.2.3", "abc")
CHANGE = {"Dockerfile": b"FROM scratch\nCOPY b /\n"}


def made(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """A repository with a Dockerfile and two commits, on `main`."""
    folder.mkdir(parents=True)
    run_git(folder, "init", "-q", "-b", "main")
    commit(folder, {"Dockerfile": "FROM scratch\n", **(files or {})}, "first")
    # Long ago, so that what a test adds has another date.
    commit_each(folder, {"Dockerfile": "FROM scratch\nCOPY a /\n", "a": "a\n"})
    return folder


def bare(folder: Path, source: Path) -> Path:
    """A bare copy, as a server has it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    run_git(source, "clone", "-q", "--bare", str(source), str(folder))
    return folder


def program(tmp_path: Path) -> tuple[Path, Path]:
    """A program that leaves a trace, and the trace."""
    trace, script = tmp_path / "trace", tmp_path / "program"
    script.write_text(f'#!/bin/sh\necho "$0 $*" >>{trace}\ncat\n')
    script.chmod(0o755)
    return script, trace


def everything(folder: Path) -> dict[str, tuple[int, int, object]]:
    """Every entry below a folder: mode, time of the last change, and content or target."""
    found: dict[str, tuple[int, int, object]] = {}
    for at, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(at, name)
            status = path.lstat()
            content: object = None
            if stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                content = path.read_bytes()
            time = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
            found[str(path.relative_to(folder))] = (status.st_mode, time, content)
    return found


def ours(tree: Tree, files: Mapping[str, bytes] | None = None) -> str:
    """A commit of ours on top of a tree."""
    return commit_files(tree, files or CHANGE, MESSAGE)


def tip(folder: Path, ref: str) -> str:
    return run_git(folder, "rev-parse", ref).strip()
