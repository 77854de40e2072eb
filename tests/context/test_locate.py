"""Where a Dockerfile is built from."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import repository

from reorder.context.locate import locate
from reorder.errors import InputError


def test_a_context_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("gone", "file"):
        with pytest.raises(InputError, match="no such folder"):
            locate(tmp_path / "Dockerfile", (), tmp_path / name)


def test_without_a_repository_nothing_above_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "docker").mkdir()
    located = locate(tmp_path / "docker/Dockerfile", ["a"])
    assert (located.root, located.certain) == (tmp_path / "docker", False)
    assert "no folder has a" in located.reason


def test_nothing_above_the_repository_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    inner = repository(tmp_path / "inner", "docker/Dockerfile")
    assert locate(inner / "docker/Dockerfile", ["a"]).root == inner / "docker"


def test_no_folder_has_every_source(tmp_path: Path) -> None:
    repository(tmp_path, "a", "docker/b")
    located = locate(tmp_path / "docker/Dockerfile", ["a", "b"])
    assert (located.root, located.certain) == (tmp_path / "docker", False)
    assert "no folder has a" in located.reason


def test_a_source_that_a_link_leads_out_to_does_not_exist(tmp_path: Path) -> None:
    repository(tmp_path, "a", "docker/Dockerfile")
    (tmp_path / "docker/a").symlink_to(tmp_path / "a")
    assert locate(tmp_path / "docker/Dockerfile", ["a"]).root == tmp_path


@pytest.mark.parametrize("sources", [["."], ["./", "*.txt"], ["/"]])
def test_sources_that_exist_everywhere_say_nothing(tmp_path: Path, sources: list[str]) -> None:
    repository(tmp_path, "docker/Dockerfile")
    located = locate(tmp_path / "docker/Dockerfile", sources)
    assert (located.root, located.certain) == (tmp_path / "docker", False)
    assert locate(tmp_path / "Dockerfile", sources).certain, "nothing is above"


def test_no_sources_need_no_context(tmp_path: Path) -> None:
    repository(tmp_path, "docker/Dockerfile")
    assert locate(tmp_path / "docker/Dockerfile", ()).certain


def test_the_user_knows(tmp_path: Path) -> None:
    located = locate(tmp_path / "docker/Dockerfile", ["gone"], tmp_path)
    assert (located.root, located.certain) == (tmp_path, True)


def test_its_own_folder_wins_a_tie(tmp_path: Path) -> None:
    repository(tmp_path, "package.json", "web/package.json")
    located = locate(tmp_path / "web/Dockerfile", ["package.json", "."])
    assert (located.root, located.certain) == (tmp_path / "web", True)


def test_the_nearest_folder_that_has_every_source(tmp_path: Path) -> None:
    repository(tmp_path, "a", "b", "x/a", "x/b", "x/y/b", "x/y/z/Dockerfile")
    located = locate(tmp_path / "x/y/z/Dockerfile", ["/a", "./b", "../b"])
    assert (located.root, located.certain) == (tmp_path / "x", True)
    assert "only from here" in located.reason


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "a", "docker/Dockerfile")
    monkeypatch.chdir(tmp_path / "docker")
    assert locate(Path("Dockerfile"), ["a"]).root == tmp_path
