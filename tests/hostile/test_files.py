"""What is no plain file of a usual size, wherever a file is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hostile.run_bounded import ends_well, sparse, write

from reorder.context.reading import UnfitError, content
from reorder.context.write import Write, write_all
from reorder.errors import InputError

RUNS = "pip install -r requirements.txt|npm ci|mvn package|go mod download|cargo build"
APP = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n" + "".join(f"RUN {r}\n" for r in RUNS.split("|"))
READ = (
    ".dockerignore Dockerfile.dockerignore requirements.txt package.json package-lock.json .npmrc "
    "pom.xml go.mod Cargo.toml Makefile docker-compose.yml .gitlab-ci.yml Jenkinsfile build.sh "
    ".github/workflows/a.yml"
).split()


@pytest.fixture
def context(tmp_path: Path) -> Path:
    write(tmp_path, {"Dockerfile": APP, ".git/HEAD": "ref: refs/heads/main\n"})
    (tmp_path / ".github/workflows").mkdir(parents=True)
    return tmp_path


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnfitError, match="a pipe"):
        content(tmp_path / "pipe", 10)


def test_a_device_is_refused() -> None:
    with pytest.raises(UnfitError, match="a device"):
        content("/dev/zero", 10)


def test_a_link_is_not_followed_when_it_should_not_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    assert content(tmp_path / "link", 1) == b"x"
    with pytest.raises(OSError, match="symbolic links"):
        content(tmp_path / "link", 1, follow=False)


def test_a_size_above_the_bound_is_refused_with_both_numbers(tmp_path: Path) -> None:
    sparse(tmp_path / "file", 2000)
    with pytest.raises(UnfitError, match="2,000 bytes, and at most 1,999"):
        content(tmp_path / "file", 1999)
    assert len(content(tmp_path / "file", 2000)) == 2000


def test_a_size_that_is_not_told_is_bounded() -> None:
    with pytest.raises(UnfitError, match="more than 3 bytes"):
        content("/proc/self/status", 3)


def test_what_became_a_pipe_is_not_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file")
    with pytest.raises(InputError, match="changed since it was read"):
        write_all([Write(tmp_path / "file", b"new", b"old")])
    with pytest.raises(InputError, match="exists now"):
        write_all([Write(tmp_path / "file", b"new", None)])


@pytest.mark.parametrize("command", ["rewrite", "explain", "graph", "simulate"])
def test_a_dockerfile_of_a_gigabyte_is_one_error(tmp_path: Path, command: str) -> None:
    sparse(tmp_path / "Dockerfile")
    ended = ends_well(tmp_path, command, "Dockerfile")
    assert ended.code == 2
    assert "Dockerfile: cannot be read: it has 1,073,741,824 bytes" in ended.err


@pytest.mark.parametrize("command", ["rewrite", "explain"])
def test_a_dockerfile_that_is_a_pipe_or_leads_to_a_device(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "Dockerfile")
    (tmp_path / "Dockerfile.zero").symlink_to("/dev/zero")
    for name in ("Dockerfile", "Dockerfile.zero"):
        ended = ends_well(tmp_path, command, name)
        assert ended.code == 2
        assert name in ended.err
    assert ends_well(tmp_path, "rewrite", ".").err == "No Dockerfile found.\n"


def test_timings_from_a_pipe(context: Path) -> None:
    os.mkfifo(context / "log")
    ended = ends_well(context, "rewrite", "--timings", "log")
    assert (ended.code, "a pipe" in ended.err) == (2, True)


@pytest.mark.parametrize("command", ["rewrite", "ci"])
def test_pipes_in_place_of_every_file(context: Path, command: str) -> None:
    for name in READ:
        os.mkfifo(context / name)
    ends_well(context, command, "--check")


@pytest.mark.parametrize("command", ["rewrite", "ci"])
def test_a_gigabyte_in_every_file(context: Path, command: str) -> None:
    for name in READ:
        sparse(context / name)
    ends_well(context, command, "--check")


@pytest.mark.parametrize("command", ["rewrite", "ci"])
def test_links_out_of_the_context_are_not_followed(context: Path, command: str) -> None:
    secret = context.parent / "secret"
    secret.write_text("s3cret s3cret\n-r s3cret\ninclude s3cret docker build\n")
    for name in READ:
        (context / name).symlink_to(os.path.relpath(secret, (context / name).parent))
    ended = ends_well(context, command, "--check")
    assert b"s3cret" not in ended.out
    assert "s3cret" not in ended.err


def test_paths_that_lead_out_of_the_context_are_not_read(context: Path) -> None:
    (context.parent / "secret").write_text("s3cret-package==1\n")
    above = "../" * 12
    write(
        context,
        {
            "requirements.txt": f"-r ../secret\n-c {above}etc/passwd\n-e {above}etc\n",
            "package.json": f'{{"workspaces": ["../*", "{above}etc/*", "/etc/*"]}}',
            "package-lock.json": '{"lockfileVersion": 3, "packages": {}}',
            "pom.xml": f"<project><parent><relativePath>{above}etc/passwd</relativePath></parent>"
            f"<modules><module>{above}etc</module></modules></project>",
            "Cargo.toml": f'[workspace]\nmembers = ["{above}*"]\n',
            "go.mod": f"module a\nreplace b => {above}etc\n",
        },
    )
    ended = ends_well(context, "rewrite", "--format", "json")
    assert b"s3cret" not in ended.out
    assert b"root:" not in ended.out


def test_links_that_lead_in_a_circle(context: Path) -> None:
    (context / "loop").symlink_to("loop")
    (context / "up").symlink_to(".")
    (context / "requirements.txt").symlink_to("up/up/up/requirements.txt")
    ends_well(context, "rewrite", "--check")
