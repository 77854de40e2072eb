"""Made-up git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


def run_git(folder: Path, *arguments: str, stdin: str = "") -> str:
    """Git with a configuration of its own, whatever the machine has."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    done = subprocess.run(
        ["git", *who, "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def repository(folder: Path, *tracked: str) -> Path:
    """A new repository in a folder with one commit of empty files."""
    folder.mkdir(parents=True, exist_ok=True)
    run_git(folder, "init", "-q")
    for path in tracked:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return folder


def commit(folder: Path, files: Mapping[str, str | None], message: str = "change") -> None:
    """Write some files, or remove those that are None, and commit all there is."""
    for path, text in files.items():
        if text is None:
            (folder / path).unlink()
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "--allow-empty", "-m", message)


def commit_each(folder: Path, *changes: Mapping[str, str]) -> None:
    """A commit for each set of written files, on the branch at hand, all by one process."""
    branch = run_git(folder, "symbolic-ref", "HEAD").strip()
    stream = []
    for number, files in enumerate(changes):
        stream.append(f"commit {branch}\ncommitter T <t@example.org> {number} +0000\ndata 0\n")
        if number == 0 and run_git(folder, "for-each-ref", branch):
            stream.append(f"from {branch}^0\n")
        for path, text in files.items():
            stream.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    run_git(folder, "fast-import", "--quiet", stdin="".join(stream))
    run_git(folder, "reset", "-q", "--hard")
