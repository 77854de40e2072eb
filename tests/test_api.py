"""The pipeline: what is kept, what is dropped, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from harness.made import run

from reorder import api
from reorder.api import rewrite_file, rewrite_text
from reorder.config import Options
from reorder.equivalence.check import Objection
from reorder.errors import InputError

PIP = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
NPM = "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
FILES = {"requirements.txt": "flask\n", "app.py": "1\n", "Dockerfile": PIP}
NODE = {
    "package.json": '{"name": "a"}',
    "package-lock.json": '{"name": "a", "lockfileVersion": 3, "packages": {"": {"name": "a"}}}',
    "index.js": "1\n",
}


def test_nothing_selected_changes_nothing() -> None:
    result = run(PIP, FILES, select=frozenset())
    assert (result.status, result.after, result.changes) == ("unchanged", PIP, ())


def test_what_is_not_proved_is_dropped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "check", lambda *_, **__: Objection("for a test", 1))
    result = run(PIP, FILES)
    assert (result.status, result.after, result.ignore) == ("unchanged", PIP, None)
    assert {refusal.id for refusal in result.refusals} >= {"manifest-first", "cache-mount"}
    assert all("could not be proved: for a test" in r.reason for r in result.refusals)


def test_lines_are_those_of_the_text_that_was_read() -> None:
    result = run("# a\n# b\n" + PIP + "RUN pip install -r requirements.txt\n", FILES)
    lines = [(change.id, change.line) for change in result.changes]
    assert lines[:4] == [
        ("manifest-first", 6),
        ("manifest-first", 7),
        ("cache-mount", 6),
        ("cache-mount", 7),
    ]


def test_unselected_transforms_do_not_run() -> None:
    result = run(PIP, FILES, ignore=frozenset({"cache-mount", "dockerignore"}))
    assert [change.id for change in result.changes] == ["manifest-first"]


def test_a_rejected_file_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("FROM a\nNONSENSE b\n")
    with pytest.raises(InputError) as error:
        rewrite_file(path, Options())
    assert str(error.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", b"\xff\xfe"])
def test_no_instructions_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(content)
    with pytest.raises(InputError):
        rewrite_file(path, Options())


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        rewrite_file(tmp_path / "Dockerfile", Options())


def test_a_bad_ignore_file_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(PIP)
    (tmp_path / ".dockerignore").write_text("a\nfoo[\n")
    with pytest.raises(InputError) as error:
        rewrite_file(tmp_path / "Dockerfile", Options())
    assert ".dockerignore:2: " in str(error.value)


def test_text_without_a_file_never_changes_an_ignore_file(tmp_path: Path) -> None:
    for name, text in NODE.items():
        (tmp_path / name).write_text(text)
    result = rewrite_text(NPM, "<stdin>", Options(context=tmp_path))
    assert result.ignore is None
    assert [r.id for r in result.refusals if "ignore file" in r.reason] == [
        "manifest-first",
        "dockerignore",
    ]
    (tmp_path / ".dockerignore").write_text("node_modules\n")
    result = rewrite_text(NPM, "<stdin>", Options(context=tmp_path))
    assert [change.id for change in result.changes] == ["manifest-first", "cache-mount"]


def test_an_ignore_file_changed_earlier_in_the_run_counts(tmp_path: Path) -> None:
    for name, text in NODE.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "Dockerfile").write_text(NPM)
    overrides = {tmp_path / ".dockerignore": "**/node_modules\n"}
    result = rewrite_file(tmp_path / "Dockerfile", Options(), overrides)
    assert result.status == "changed"
    assert result.ignore is None


def test_the_same_input_gives_the_same_result(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    first, second = (rewrite_file(tmp_path / "Dockerfile", Options()) for _ in range(2))
    assert first == second
