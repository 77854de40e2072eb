"""Which settings file holds for a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.settings.file import SettingsFile
from reorder.settings.find import nearest


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "reorder.toml").write_text("commits = 1\n")  # above the repository
    root = tmp_path / "r"
    (root / ".git").mkdir(parents=True)
    (root / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


def name(found: SettingsFile | None) -> str | None:
    return None if found is None else found.path.as_posix()


def test_nothing_above_the_repository_counts(repository: Path) -> None:
    assert nearest(Path("a/b")) is None


def test_without_a_repository_everything_above_counts(repository: Path) -> None:
    (repository / ".git").rmdir()
    assert name(nearest(Path("a/b"))) == "../reorder.toml"


def test_the_nearest_one(repository: Path) -> None:
    (repository / "reorder.toml").write_text("")
    assert name(nearest(Path("a/b"))) == "reorder.toml"
    (repository / "a" / "pyproject.toml").write_text("[tool.reorder]\n")
    assert name(nearest(Path("a/b"))) == "a/pyproject.toml"
    assert name(nearest(Path("."))) == "reorder.toml"


def test_a_pyproject_without_settings_is_passed_over(repository: Path) -> None:
    (repository / "reorder.toml").write_text("")
    (repository / "a" / "pyproject.toml").write_text("[project]\nname = 'reorder'\n")
    assert name(nearest(Path("a/b"))) == "reorder.toml"


def test_in_one_folder_the_own_file_comes_first(repository: Path) -> None:
    (repository / "reorder.toml").write_text("")
    (repository / "pyproject.toml").write_text("[tool.reorder]\n")
    assert name(nearest(Path("."))) == "reorder.toml"


def test_a_top_of_the_caller(repository: Path) -> None:
    (repository / "reorder.toml").write_text("")
    assert nearest(Path("a/b"), top=Path("a")) is None


def test_a_path_aside_stays_whole(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "a" / "reorder.toml").write_text("")
    other = repository / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    assert name(nearest(repository / "a" / "b")) == (repository / "a" / "reorder.toml").as_posix()
