"""`codemod --ci`: CI files and Dockerfiles of one repository in one commit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from context.repository import commit, repository, run_git

from reorder.cli.main import main

SLOW = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
FLOW = """\
on: [push, pull_request]
jobs:
  image:
    runs-on: ubuntu-latest
    permissions:
      packages: write
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - uses: docker/build-push-action@v6
        with:
          context: .
          push: ${{ github.event_name == 'push' }}
          tags: ghcr.io/o/n:latest
"""
PLACE = ".github/workflows/image.yml"
FILES = {"Dockerfile": SLOW, "requirements.txt": "flask==3.0.0\n", PLACE: FLOW}


def made(folder: Path, files: dict[str, str]) -> Path:
    repository(folder)
    run_git(folder, "checkout", "-q", "-b", "trunk")
    commit(folder, {**FILES, **files})
    return folder


def row(checkout: Path, output: Path, *words: str) -> dict[str, Any]:
    given = ["codemod", str(checkout), "--ci", "--patch", "--output", str(output)]
    assert main([*given, *words]) == 0
    found: dict[str, Any] = json.loads((output / "results.jsonl").read_text())
    return found


def diff(checkout: Path, output: Path) -> str:
    text = (output / str(row(checkout, output)["patch"])).read_text()
    return text[text.index("\ndiff --git") :]


def test_what_was_made_is_final(tmp_path: Path) -> None:
    checkout = made(tmp_path / "a", {})
    first = row(checkout, tmp_path / "out", "--branch", "faster")
    assert {file["path"]: file["status"] for file in first["files"]} == {
        "Dockerfile": "changed",
        PLACE: "changed",
    }
    run_git(checkout, "checkout", "-q", "faster")
    second = row(checkout, tmp_path / "out")
    assert (second["status"], second["reason"]) == ("unchanged", "nothing to change")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_modes_stay(end: str, tmp_path: Path) -> None:
    checkout = made(tmp_path / "a", {})
    for path in ("Dockerfile", PLACE):
        text = (checkout / path).read_text().replace("\n", end)
        (checkout / path).write_bytes(text.encode())
    (checkout / PLACE).chmod(0o755)
    commit(checkout, {})
    row(checkout, tmp_path / "out", "--branch", "faster")
    raw = run_git(checkout, "diff", "--raw", "HEAD", "faster").splitlines()
    modes = {line.split("\t")[1]: tuple(line.split(" ")[:2]) for line in raw}
    assert modes[PLACE] == (":100755", "100755")
    assert modes["Dockerfile"] == (":100644", "100644")
    run_git(checkout, "checkout", "-q", "faster")
    for path in modes:
        data = (checkout / path).read_bytes()
        if path != ".dockerignore":
            assert data.count(b"\r\n") == (data.count(b"\n") if end == "\r\n" else 0)


def test_the_branch_at_hand_is_not_the_main_one(tmp_path: Path) -> None:
    checkout = made(tmp_path / "a", {})
    run_git(checkout, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    run_git(checkout, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    expected = diff(checkout, tmp_path / "out")
    assert "trunk" in expected
    run_git(checkout, "checkout", "-q", "-b", "feature")
    assert diff(checkout, tmp_path / "out") == expected


def test_one_broken_dockerfile_does_not_stop_the_others(tmp_path: Path) -> None:
    checkout = made(tmp_path / "a", {"b/Dockerfile": "FROM\n", "c/Dockerfile": "RUN x\n"})
    found = row(checkout, tmp_path / "out", "--branch", "faster")
    assert found["status"] == "changed"
    errors = {file["path"]: file["error"] for file in found["files"] if file["error"]}
    assert set(errors) == {"b/Dockerfile", "c/Dockerfile"}
    message = run_git(checkout, "log", "-1", "--format=%B", "faster")
    assert "b/Dockerfile" not in message
