"""What a repository's own settings mean to a run over many: less may be asked for, never more."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.config import Options
from reorder.fleet.settings import Settings
from reorder.fleet.work.propose import Origin, Proposal, propose

LATE = "FROM debian:12\nWORKDIR /app\nCOPY a.txt .\nRUN apt-get update && apt-get install -y git\n"


def proposed(root: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Proposal:
    for name in ("a", "b"):
        (root / name).mkdir()
        (root / name / "a.txt").write_text("")
        (root / name / "Dockerfile").write_text(LATE)
    (root / "reorder.toml").write_text(text)
    monkeypatch.chdir(root)
    settings = Settings(root / "output", Options(history=False))
    return propose(settings, Origin("main"), lambda said: None)


def test_a_repository_may_be_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = proposed(tmp_path, "off = true\n", monkeypatch)
    assert [row.status for row in found.files] == ["skipped", "skipped"]
    assert found.edits == ()


def test_what_does_not_count_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "unsafe = true\n[[overrides]]\npaths = ['a']\noff = true\n"
    found = proposed(tmp_path, text, monkeypatch)
    assert [row.status for row in found.files] == ["skipped", "changed"]
    [note] = found.notes
    assert note.startswith("reorder.toml:1: `unsafe` does not count: ")


def test_wrong_settings_are_an_error_of_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = proposed(tmp_path, "unsaf = true\n", monkeypatch)
    assert {row.error for row in found.files} == {
        "reorder.toml:1: there is no `unsaf`; did you mean 'unsafe'?"
    }
