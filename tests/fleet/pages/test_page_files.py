"""The pages are files of the output folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from fleet.made_rows import ROWS

from reorder.fleet.pages import files
from reorder.fleet.pages.figures import About
from reorder.fleet.pages.files import write_pages


def test_without_the_extra_a_note_says_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("of another run")
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    _, notes = write_pages(ROWS, tmp_path, About())
    assert "pip install 'dockerfile-reorder[html]'" in notes[0]
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_both_pages_are_written_and_again_the_same(tmp_path: Path) -> None:
    found, notes = write_pages(ROWS, tmp_path, About())
    assert (found.count("changed"), notes) == (2, ())
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(first) == {"report.md", "report.html"}
    write_pages(ROWS[::-1], tmp_path, About())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
