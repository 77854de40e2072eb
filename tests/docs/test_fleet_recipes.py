"""The recipes' scripts, run in made-up repositories as each tool runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from context.repository import commit, repository, run_git
from docs.pages_of import ROOT, blocks, script, section

DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN python manage.py collectstatic
"""
SHELLS = [path for path in ("/bin/sh", "/bin/bash", "/bin/dash") if Path(path).exists()]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository as a tool clones it: from another, a few commits deep."""
    origin = repository(tmp_path / "origin")
    commit(origin, {"Dockerfile": DOCKERFILE, "requirements.txt": "flask\n", "manage.py": ""})
    run_git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "clone")
    return tmp_path / "clone"


def run(shell: str, text: str, clone: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script at the top of a clone; `reorder` and `pip` are programs of the PATH."""
    programs = clone.parent / "programs"
    programs.mkdir(exist_ok=True)
    for name, words in (("reorder", f'exec {sys.executable} -m reorder "$@"'), ("pip", "exit 0")):
        (programs / name).write_text(f"#!/bin/sh\n{words}\n")
        (programs / name).chmod(0o755)
    file = clone.parent / "script.sh"
    file.write_text(text)
    path = f"{programs}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        [shell, str(file)], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )


def changed(clone: Path) -> list[str]:
    """What a commit of everything, new files too, would have; the index is left with it."""
    run_git(clone, "add", "--all")
    return run_git(clone, "diff", "--cached", "--name-only").split()


@pytest.mark.parametrize("name", ["reorder.sh", "reorder-tolerant.sh"])
@pytest.mark.parametrize("shell", SHELLS)
class TestScripts:
    def test_nothing_to_change_is_fine_and_leaves_nothing(
        self, shell: str, name: str, clone: Path
    ) -> None:
        (clone / "Dockerfile").write_text("FROM scratch\n")
        run_git(clone, "commit", "-qam", "none")
        assert run(shell, script(name), clone).returncode == 0
        assert changed(clone) == []

    def test_a_change_is_fine_too_and_has_all_its_files(
        self, shell: str, name: str, clone: Path
    ) -> None:
        assert run(shell, script(name), clone).returncode == 0
        assert changed(clone) == [".dockerignore", "Dockerfile"]
        run_git(clone, "commit", "-qm", "change")
        assert run(shell, script(name), clone).returncode == 0
        assert changed(clone) == []

    def test_a_file_that_cannot_be_read_fails_only_the_strict_one(
        self, shell: str, name: str, clone: Path
    ) -> None:
        (clone / "sub").mkdir()
        (clone / "sub/Dockerfile").write_text("FROM\n")
        strict = name == "reorder.sh"
        assert run(shell, script(name), clone).returncode == (2 if strict else 0)
        assert "Dockerfile" in changed(clone)  # the others are written all the same

    def test_what_is_no_answer_of_reorder_fails(self, shell: str, name: str, clone: Path) -> None:
        text = script(name).replace("reorder --write", "reorder-is-not-there --write")
        assert run(shell, text, clone).returncode != 0


def test_what_the_tools_set_does_not_matter(clone: Path) -> None:
    # multi-gitter: REPOSITORY, DRY_RUN; git-xargs: XARGS_*.
    told = {"REPOSITORY": "o/n", "DRY_RUN": "true", "XARGS_DRY_RUN": "true", "XARGS_REPO_NAME": "n"}
    assert run("/bin/sh", script("reorder.sh"), clone, **told).returncode == 0
    assert changed(clone) == [".dockerignore", "Dockerfile"]


def test_turbolift_needs_new_files_to_be_added(clone: Path) -> None:
    assert run("/bin/sh", script("reorder.sh"), clone).returncode == 0
    run_git(clone, "commit", "-q", "--all", "--message", "without")
    assert run_git(clone, "show", "--format=", "--name-only").split() == ["Dockerfile"]
    run_git(clone, "reset", "-q", "--soft", "HEAD~")
    (commands,) = blocks(section("turbolift"), "sh")
    (line,) = (line for line in commands.splitlines() if "git add" in line)
    run_git(clone, *line.partition("-- git ")[2].split())
    run_git(clone, "commit", "-q", "--all", "--message", "with")
    shown = run_git(clone, "show", "--format=", "--name-only").split()
    assert shown == [".dockerignore", "Dockerfile"]


def test_the_step_of_a_batch_change_works_in_an_archive(clone: Path) -> None:
    (text,) = blocks(section("Sourcegraph batch changes"), "yaml")
    spec = yaml.safe_load(text)
    (step,) = spec["steps"]
    # What src lays out: an archive, in a repository of one commit without a remote.
    archive = clone.parent / "archive"
    archive.mkdir()
    run_git(clone, "checkout-index", "-a", f"--prefix={archive}/")
    run_git(archive, "init", "-q")
    run_git(archive, "add", "--force", "--all")
    run_git(archive, "commit", "-q", "--all", "--allow-empty", "-m", "first")
    done = run("/bin/sh", step["run"], archive)
    assert done.returncode == 0, done.stderr
    assert changed(archive) == [".dockerignore", "Dockerfile"]
    assert spec["changesetTemplate"]["branch"] == "reorder/faster-rebuilds"
