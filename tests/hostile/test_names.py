"""Names that could drive a terminal, or speak for somebody else, in everything that is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from context.repository import repository, run_git
from hostile.run_bounded import ends_well, write

# A colour, a line of its own, a direction, a bell, an 8-bit escape and a byte that is no UTF-8.
NAME = b'a\x1b[31m\nDockerfile:1: fine\xe2\x80\xae\x07\xc2\x9b\xff "\\'
APP = (
    b"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt # \x1b[2J\xff\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / os.fsdecode(NAME)
    folder.mkdir()
    write(folder, {"Dockerfile": APP, "requirements.txt": "x==1\n"})
    (folder / os.fsdecode(NAME)).write_text("x")
    repository(tmp_path)
    return tmp_path


def raw(data: bytes) -> set[str]:
    """The characters that no terminal should get."""
    text = data.decode("utf-8", "surrogateescape")
    return {char for char in text if char not in "\t\n" and not char.isprintable()}


@pytest.mark.parametrize("command", ["explain", "graph", "simulate"])
def test_nothing_raw_is_printed(project: Path, command: str) -> None:
    for arguments in (
        [],
        ["--format", "json"],
        *([["--format", "mermaid"]] * (command == "graph")),
    ):
        ended = ends_well(project, command, *arguments, ".")
        assert raw(ended.out) == set()
        assert raw(ended.err.encode("utf-8", "surrogateescape")) == set()


def test_errors_and_summaries_have_nothing_raw(project: Path) -> None:
    place = project / os.fsdecode(NAME) / "Dockerfile"
    for text in (APP, b"FRO\x1bM a\n", b"FROM a\nCOPY --\x1b[31m=\xff a b\nRUN <<\x1b\nx\n"):
        place.write_bytes(text)
        for arguments in (["--check"], ["--format", "json"], ["ci", "--check"]):
            ended = ends_well(project, *arguments)
            assert raw(ended.err.encode("utf-8", "surrogateescape")) == set()
            assert not any(line.startswith("Dockerfile:1: fine") for line in ended.err.split("\n"))


def test_the_diff_of_such_a_name_applies(project: Path) -> None:
    ended = ends_well(project)
    assert ended.out.startswith(b'diff --git "a/a\\033[31m\\nDockerfile:1: fine')
    (project.parent / "patch").write_bytes(ended.out)
    run_git(project, "apply", "../patch")
    assert ends_well(project, "--check").code == 0


def test_a_diff_on_a_terminal_without_colours_has_nothing_raw(project: Path) -> None:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reorder", "--no-pager"],
        cwd=project,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    os.close(slave)
    found = b""
    with process:
        while chunk := _read(master):
            found += chunk
    assert b"requirements.txt" in found
    assert raw(found.replace(b"\r\n", b"\n")) == set()


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 1 << 16)
    except OSError:  # the other side is closed
        return b""
