"""Which value counts, and where it is from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reorder.config import Options
from reorder.errors import InputError
from reorder.settings.file import read
from reorder.settings.inforce import Setting, in_force, options, table_in_force


def settings(
    tmp_path: Path, text: str, path: str = "Dockerfile", **given: Any
) -> dict[str, Setting]:
    file = tmp_path / "reorder.toml"
    file.write_text(text)
    return in_force(read(file), tmp_path / path, given)


def test_nothing_set_is_the_default() -> None:
    found = in_force(None, Path("Dockerfile"), {})
    assert options(found) == Options()
    assert {one.source for one in found.values()} == {"default"}


def test_the_file_beats_the_default_and_the_command_line_the_file(tmp_path: Path) -> None:
    found = settings(tmp_path, "commits = 7\nunsafe = true\n", unsafe=False, check=True)
    assert found["commits"] == Setting(7, f"{tmp_path}/reorder.toml:1")
    assert found["unsafe"] == Setting(False, "command line")
    assert options(found, check=True) == Options(commits=7, check=True)


OVERRIDES = """\
commits = 1
ignore = ["order"]
[[overrides]]
paths = ["services/**/Dockerfile"]
commits = 2
[[overrides]]
paths = ["**/a"]
commits = 3
ignore = []
"""


@pytest.mark.parametrize(
    ("path", "commits", "ignore"),
    [
        ("Dockerfile", 1, {"order"}),
        ("services/Dockerfile", 2, {"order"}),
        ("services/b/c/Dockerfile", 2, {"order"}),
        ("services/b/Dockerfile.dev", 1, {"order"}),
        ("services/a/Dockerfile", 3, set()),  # the later one wins, and a folder means all in it
        ("x/services/b/Dockerfile", 1, {"order"}),
        ("../services/Dockerfile", 1, {"order"}),
    ],
)
def test_overrides_by_path(tmp_path: Path, path: str, commits: int, ignore: set[str]) -> None:
    found = options(settings(tmp_path, OVERRIDES, path))
    assert (found.commits, set(found.ignore)) == (commits, ignore)


def test_off_tells_where(tmp_path: Path) -> None:
    found = options(settings(tmp_path, "\noff = true\n"))
    assert found.off == f"{tmp_path}/reorder.toml:2 says `off = true`"


def test_off_can_be_taken_back(tmp_path: Path) -> None:
    text = "off = true\n[[overrides]]\npaths = ['a']\noff = false\n"
    assert options(settings(tmp_path, text, "b/Dockerfile")).off
    assert not options(settings(tmp_path, text, "a/Dockerfile")).off


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "ctx").mkdir()
    (tmp_path / "log").write_text("")
    found = options(settings(tmp_path, "context = 'ctx/'\ntimings = './log'\n", "a/b/Dockerfile"))
    assert (found.context, found.timings) == (tmp_path / "ctx", tmp_path / "log")


@pytest.mark.parametrize(
    ("text", "message"),
    [("context = 'log'", "log is no folder"), ("\ntimings = 'none'", "none is no file")],
)
def test_a_path_that_is_not_there(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(InputError) as caught:
        settings(tmp_path, text)
    line = text.count("\n") + 1
    assert str(caught.value).startswith(f"{tmp_path}/reorder.toml:{line}: ")
    assert str(caught.value).endswith(message)


def test_a_path_that_the_command_line_replaces_need_not_be_there(tmp_path: Path) -> None:
    assert settings(tmp_path, "context = 'none'", context=tmp_path)["context"].value == tmp_path


def test_the_table_of_a_command(tmp_path: Path) -> None:
    file = tmp_path / "reorder.toml"
    file.write_text("commits = 7\n[simulate]\ncommits = 3\nsince = '2 weeks'\n")
    found = table_in_force(read(file), "simulate", {"since": "now", "x": 1})
    assert found["commits"] == Setting(3, f"{file}:3")
    assert found["since"] == Setting("now", "command line")
    assert found["profile"] == Setting("local", "default")
    assert table_in_force(None, "ci", {})["backend"].value == "registry"
