from __future__ import annotations

from pathlib import Path

import pytest

from reorder.cli.patch_paths import patch_path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "top/sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "top/sub")
    return tmp_path


def test_without_a_repository_it_is_relative_to_the_current_folder(folder: Path) -> None:
    assert patch_path("./a/../Dockerfile") == "Dockerfile"
    assert patch_path(str(folder / "top/sub/b/Dockerfile")) == "b/Dockerfile"


def test_outside_of_the_current_folder_it_starts_at_the_root_of_the_disk(folder: Path) -> None:
    assert "/" + patch_path("../Dockerfile") == str(folder.resolve() / "top/Dockerfile")


@pytest.mark.parametrize("git", ["folder", "file"])
def test_in_a_repository_it_starts_at_the_top(folder: Path, git: str) -> None:
    if git == "folder":
        (folder / "top/.git").mkdir()
    else:
        (folder / "top/.git").write_text("gitdir: elsewhere\n")
    assert patch_path("Dockerfile") == "sub/Dockerfile"
    assert patch_path("../Dockerfile") == "Dockerfile"
    assert patch_path(str(folder / "top/x/Dockerfile")) == "x/Dockerfile"


def test_links_are_followed(folder: Path) -> None:
    (folder / "top/.git").mkdir()
    (folder / "top/real").mkdir()
    (folder / "top/link").symlink_to("real")
    (folder / "top/real/Dockerfile").touch()
    (folder / "top/Dockerfile").symlink_to("real/Dockerfile")
    assert patch_path("../link/Dockerfile") == "real/Dockerfile"
    assert patch_path("../Dockerfile") == "real/Dockerfile"


def test_stdin_has_a_name(folder: Path) -> None:
    assert patch_path("-") == "Dockerfile"
