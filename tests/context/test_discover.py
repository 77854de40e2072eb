"""Which files a path stands for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from context.repository import repository

from reorder.context.discover import discover, is_dockerfile_name
from reorder.errors import InputError


def test_a_path_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder") as caught:
        discover(tmp_path / "gone")
    assert str(caught.value) == f"{tmp_path / 'gone'}: no such file or folder"


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        discover(tmp_path / "pipe")


@pytest.mark.parametrize(
    "name",
    """dockerfile Dockerfile- Dockerfile. .Dockerfile MyDockerfile Dockerfile_old DockerfileX
    Dockerfile.dockerignore Containerfile.dockerignore Dockerfile.j2 Dockerfile.tmpl Dockerfile.erb
    Dockerfile.template Dockerfile.in Dockerfile.swp .Dockerfile.swp Dockerfile~ Dockerfile.prod~
    Dockerfile.bak Dockerfile.orig Dockerfile.md Dockerfile.py Dockerfile.prod.j2 .#Dockerfile.a
    compose.yaml""".split(),
)
def test_names_that_are_no_dockerfiles(name: str) -> None:
    assert not is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    """Dockerfile Dockerfile.dev Dockerfile.web-1.2 api.Dockerfile api.v2.Dockerfile Containerfile
    Containerfile.dev Containerfile-dev""".split(),
)
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile_name(name)


def test_a_file_is_taken_as_it_is_given(tmp_path: Path) -> None:
    odd = tmp_path / "vendor" / "image.txt"
    odd.parent.mkdir()
    odd.touch()
    assert discover(odd) == (odd,)


@pytest.mark.parametrize("with_git", [False, True])
def test_a_folder_is_searched(tmp_path: Path, with_git: bool) -> None:
    files = ["b/Dockerfile.dev", "Dockerfile", "b/x.Dockerfile", "vendor/x/Dockerfile", "b/other"]
    for name in [*files, "node_modules/y/Dockerfile", "b/third_party/Dockerfile"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "c/Dockerfile").mkdir(parents=True)
    (tmp_path / "Dockerfile.link").symlink_to("Dockerfile")
    (tmp_path / "linked").symlink_to("b")
    if with_git:
        repository(tmp_path)
        (tmp_path / "b/x.Dockerfile").unlink()
        (tmp_path / "b/x.Dockerfile").touch()
    found = [path.relative_to(tmp_path).as_posix() for path in discover(tmp_path)]
    assert found == ["Dockerfile", "b/Dockerfile.dev", "b/x.Dockerfile"]


def test_what_git_ignores_is_skipped_unless_it_is_named(tmp_path: Path) -> None:
    repository(tmp_path, "Dockerfile", "gone/Dockerfile")
    (tmp_path / "gone/Dockerfile").unlink()
    (tmp_path / ".gitignore").write_text("out\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/Dockerfile").touch()
    (tmp_path / "new.Dockerfile").touch()
    assert [path.name for path in discover(tmp_path)] == ["Dockerfile", "new.Dockerfile"]
    assert discover(tmp_path / "out") == (tmp_path / "out/Dockerfile",)


def test_a_folder_inside_a_vendored_one_is_meant_when_it_is_named(tmp_path: Path) -> None:
    inner = tmp_path / "vendor/x"
    inner.mkdir(parents=True)
    (inner / "Dockerfile").touch()
    assert discover(inner) == (inner / "Dockerfile",)
