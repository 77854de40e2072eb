"""What is edited before a rebuild: what changes most often, and what a COPY takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from context.repository import commit, repository

from reorder.config import Options
from reorder.errors import InputError
from reorder.verify.edit import choose, named
from reorder.verify.pair import Pair, find_pair

TEXT = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN unknown\n"


def pair(folder: Path, text: str = TEXT, ignore: str = "") -> Pair:
    (folder / "Dockerfile").write_text(text)
    (folder / "other").write_text(text + "RUN more\n")
    if ignore:
        (folder / ".dockerignore").write_text(ignore)
    return find_pair(
        folder / "Dockerfile", Options(history=False, context=folder), folder / "other"
    )


def chosen(pair: Pair) -> dict[str, str]:
    return {edit.kind: edit.path for edit in choose(pair)}


def test_with_no_file_there_is_only_nothing(tmp_path: Path) -> None:
    assert chosen(pair(tmp_path, "FROM node:20\nRUN unknown\n")) == {"nothing": ""}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.js", b"\0"),
        ("a.js", b"\xff"),
        ("package-lock.json", b"{}"),
        ("yarn.lock", b""),
    ],
)
def test_what_is_no_text_or_a_lock_is_left_alone(path: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / path).write_bytes(data)
    assert chosen(pair(tmp_path, TEXT.replace(". .", f"{path} ./"))) == {"nothing": ""}


def test_what_no_copy_takes_is_not_edited(tmp_path: Path) -> None:
    for name in ("a.js", "b.js"):
        (tmp_path / name).write_text("x\n")
    found = pair(tmp_path, TEXT.replace(". .", "b.js ./"))
    assert chosen(found) == {"source": "b.js", "nothing": ""}


def test_what_is_ignored_is_not_edited(tmp_path: Path) -> None:
    for name in ("a.js", "b.js"):
        (tmp_path / name).write_text("x\n")
    assert chosen(pair(tmp_path, ignore="a.js\n"))["source"] == "b.js"


def test_a_source_comes_before_prose_and_data(tmp_path: Path) -> None:
    for name in ("README.md", "a.bin.txt", "data.json", "deep/er/z.ts", "package.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}\n")
    (tmp_path / "a.bin.txt").unlink()
    found = chosen(pair(tmp_path))
    assert found == {"source": "deep/er/z.ts", "manifest": "package.json", "nothing": ""}


def test_untracked_files_are_not_edited(tmp_path: Path) -> None:
    repository(tmp_path, "z.js")
    (tmp_path / "a.js").write_text("x\n")
    assert chosen(pair(tmp_path))["source"] == "z.js"


def test_what_changed_most_often_is_edited(tmp_path: Path) -> None:
    repository(tmp_path, "a.js", "z.js", "a/package.json", "z/package.json")
    for number in range(12):
        commit(tmp_path, {"z.js": f"{number}\n", "z/package.json": f'{{"a": {number}}}\n'})
    assert chosen(pair(tmp_path)) == {
        "source": "z.js",
        "manifest": "z/package.json",
        "nothing": "",
    }


def test_a_named_file_must_reach_the_builder(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("x\n")
    (tmp_path / "b.js").write_text("x\n")
    found = pair(tmp_path, ignore="b.js\n")
    assert named(found, "./a.js").path == "a.js"
    for path in ("b.js", "missing", ".", ""):
        with pytest.raises(InputError, match="is no file of the build context"):
            named(found, path)
