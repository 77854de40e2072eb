"""The three classes of differences that a rewrite declares, and nothing beside them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from reorder.context.build import build_context
from reorder.context.project import Project
from reorder.graph.facts import derive
from reorder.syntax.parse import parse
from reorder.verify.expected import BUILD_FILE, CACHE, IGNORED, MOUNT_POINT, RECORD, Expectations
from reorder.verify.image import Entry

BEFORE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
AFTER = BEFORE.replace("RUN", "RUN --mount=type=cache,target=/root/.cache/pip")
FOLDER = Entry("dir", 0o755, 0, 0)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file(text: str = "x") -> Entry:
    return Entry("file", 0o644, 0, 0, len(text), sha(text))


def expectations(folder: Path, after: str = AFTER, ignore: str = "") -> Expectations:
    (folder / "requirements.txt").write_text("flask==3.0.0\n")
    context = build_context(Project.open(folder), "Dockerfile")
    texts = (("Dockerfile", sha(BEFORE), sha(after)),)
    facts = derive(parse(BEFORE), context), derive(parse(after), context.with_ignore(ignore))
    return Expectations(*facts, texts)


@pytest.mark.parametrize(
    "path",
    [
        "/app/main.py",
        "/root/.cache/pip",
        "/root/.cached/x",
        "/root/.cache/other/x",
        "/app/target/x",
    ],
)
def test_a_difference_elsewhere_is_none_of_them(path: str, tmp_path: Path) -> None:
    assert expectations(tmp_path).why(path, file("a"), file("b")) == ""
    assert expectations(tmp_path).why(path, file(), None) == ""


def test_contents_of_a_cache(tmp_path: Path) -> None:
    assert expectations(tmp_path).why("/root/.cache/pip/http/a", file(), None) == CACHE


@pytest.mark.parametrize("path", ["/root", "/root/.cache", "/root/.cache/pip"])
def test_the_mount_point_and_the_folders_above_it(path: str, tmp_path: Path) -> None:
    assert expectations(tmp_path).why(path, None, FOLDER) == MOUNT_POINT
    other = Entry("dir", 0o755, 1000, 1000)
    assert expectations(tmp_path).why(path, other, FOLDER) == "", "its owner may matter"


def test_a_mount_of_something_else_excuses_only_its_empty_folder(tmp_path: Path) -> None:
    found = expectations(tmp_path, BEFORE + "RUN --mount=type=cache,target=target make\n")
    assert found.why("/app/target", None, FOLDER) == MOUNT_POINT
    assert found.why("/app/target/product", file(), None) == ""


def test_a_cache_of_a_tool_that_a_script_calls(tmp_path: Path) -> None:
    text = BEFORE + "RUN --mount=type=cache,target=/root/.npm/_cacache ./build\n"
    assert expectations(tmp_path, text).why("/root/.npm/_cacache/a", file(), None) == CACHE


def test_junk_that_is_ignored_now(tmp_path: Path) -> None:
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "a").write_text("x")
    (tmp_path / "junk" / "link").symlink_to("a")
    found = expectations(tmp_path, ignore="junk\n")
    assert found.why("/app/junk", FOLDER, None) == IGNORED
    assert found.why("/app/junk/a", file(), None) == IGNORED
    assert found.why("/app/junk/link", Entry("link", 0o777, 0, 0, 0, "a"), None) == IGNORED
    assert found.why("/app/junk/a", file(), file("fresh")) == IGNORED


def test_what_the_build_made_at_that_path_is_no_junk(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a").write_text("an old one")
    found = expectations(tmp_path, ignore="dist\n")
    assert found.why("/app/dist/a", file("a new one"), None) == ""
    assert found.why("/app/dist/a", None, file("a new one")) == ""


def test_what_was_ignored_before_is_no_junk(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert expectations(tmp_path).why("/app/a", file(), None) == ""


@pytest.mark.parametrize(
    "path",
    [
        "/root/.config/go/telemetry/local/go.count",
        "/root/.npm/_logs/1-debug-0.log",
        "/tmp/v8-compile-cache-0/11.3.244.8-node.38/x.js.MAP",
    ],
)
def test_records_that_tools_keep_of_their_own_runs(path: str, tmp_path: Path) -> None:
    assert expectations(tmp_path).why(path, file("a"), file("b")) == RECORD


def test_the_build_files_with_their_own_texts(tmp_path: Path) -> None:
    found = expectations(tmp_path)
    assert found.why("/app/Dockerfile", file(BEFORE), file(AFTER)) == BUILD_FILE
    assert found.why("/app/Dockerfile", file(BEFORE), None) == BUILD_FILE
    assert found.why("/app/Dockerfile", file(BEFORE), file("other")) == ""
    assert found.why("/app/MyDockerfile", file(BEFORE), file(AFTER)) == ""
