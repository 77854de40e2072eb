from __future__ import annotations

from pathlib import Path

import pytest

from reorder.cli.shown import shown
from reorder.result import IgnoreChange, Result


def told(path: str, root: Path) -> tuple[str, str]:
    ignore = IgnoreChange(str(root / ".dockerignore"), None, "x\n", ("x",))
    result = shown(Result(path, str(root), "changed", ignore=ignore))
    assert result.ignore
    return result.context, result.ignore.path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "top/sub"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_absolute_where_the_user_said_so(here: Path) -> None:
    assert told(str(here / "Dockerfile"), here) == (str(here), str(here / ".dockerignore"))


def test_absolute_where_the_way_would_lead_aside(here: Path) -> None:
    other = here.parent.parent / "other"
    assert told("Dockerfile", other) == (str(other), str(other / ".dockerignore"))


def test_relative_paths_stay(here: Path) -> None:
    assert told("Dockerfile", Path("x")) == ("x", "x/.dockerignore")


def test_no_ignore_file_and_no_context(here: Path) -> None:
    assert shown(Result("Dockerfile", "", "error")) == Result("Dockerfile", "", "error")


def test_relative_to_the_current_folder(here: Path) -> None:
    assert told("Dockerfile", here) == (".", ".dockerignore")
    assert told("a/Dockerfile", here / "a") == ("a", "a/.dockerignore")
    assert told("Dockerfile", here.parent) == ("..", "../.dockerignore")
