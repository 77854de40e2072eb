"""`results.jsonl`, also after a run that was killed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reorder.errors import InputError
from reorder.fleet.row import FileRow, Row, Saving, as_line, from_line, mapped
from reorder.fleet.run.results import read, results
from reorder.result import Change, Estimate, Refusal

CHANGE = Change("order", 3, "safe", "moved", ("nothing else reads it",))
FILE = FileRow("Dockerfile", "changed", (CHANGE,), (Refusal("cache-mount", 4, "no"),))


def row(name: str, **chosen: object) -> Row:
    return Row(name, **{"status": "unchanged", **chosen})  # type: ignore[arg-type]


def written(folder: Path) -> list[str]:
    return [one.repo for one in map(from_line, (folder / "results.jsonl").read_text().splitlines())]


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    with (
        results(tmp_path, resume=False),
        pytest.raises(InputError, match="is used by another run"),
        results(tmp_path, resume=True),
    ):
        raise AssertionError


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(InputError, match="cannot be written"), results(tmp_path / "x", resume=True):
        raise AssertionError


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(as_line(row("a")) + "{}\n" + as_line(row("b")))
    with pytest.raises(InputError) as found:
        read(path)
    assert str(found.value) == f"{path}:2: is no row of results"


def test_a_line_that_was_cut_short_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text(as_line(row("a")) + as_line(row("b"))[:20])
    with results(tmp_path, resume=True) as found:
        assert list(found.rows) == ["a"]
        found.append(row("b"))
        assert written(tmp_path) == ["a", "b"]


def test_each_row_is_there_before_the_next_is_begun(tmp_path: Path) -> None:
    with results(tmp_path, resume=False) as found:
        found.append(row("a"))
        assert written(tmp_path) == ["a"]


def test_a_row_is_on_the_disk_and_not_only_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with results(tmp_path, resume=False) as found:
        there: list[list[str]] = []
        monkeypatch.setattr(os, "fsync", lambda handle: there.append(written(tmp_path)))
        found.append(row("a"))
        assert there == [["a"]]


def test_a_disk_that_is_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with results(tmp_path, resume=False) as found:
        found.append(row("a"))
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(InputError) as told:
                found.append(row("b"))
    said = "cannot be written: No space left on device; once it can, go on with --resume"
    assert str(told.value) == f"{tmp_path}: {said}"


def test_one_row_of_each_repository_at_the_end(tmp_path: Path) -> None:
    with results(tmp_path, resume=False) as found:
        for name in ("a", "b", "a"):
            found.append(row(name, seconds=float(len(found.rows))))
    assert written(tmp_path) == ["a", "b"]
    assert read(tmp_path / "results.jsonl")["a"].seconds == 2.0


def test_a_new_run_puts_the_old_rows_aside(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with results(tmp_path, resume=False) as found:
            found.append(row(name))
    assert written(tmp_path) == ["b"]
    assert list(read(tmp_path / "results.jsonl.old")) == ["a"]


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=8)
ROWS = st.builds(
    Row,
    TEXT,
    st.sampled_from(["changed", "refused", "timeout"]),
    TEXT,
    files=st.lists(
        st.builds(
            FileRow,
            TEXT,
            st.just("changed"),
            st.just((CHANGE,)),
            st.just(FILE.refusals),
            st.none() | st.just(Estimate(1.5, 0.5, 3)),
        ),
        max_size=2,
    ).map(tuple),
    saving=st.none() | st.just(Saving(1.5, 0.25, 100.0, "simulation")),
    notes=st.lists(TEXT, max_size=2).map(tuple),
    seconds=st.just(1.25),
)


@given(ROWS)
def test_a_row_is_what_was_written(one: Row) -> None:
    line = as_line(one)
    assert line.isascii()
    assert line.count("\n") == 1
    assert from_line(line) == one


def test_every_text_of_a_row_can_be_cleaned() -> None:
    one = row("a", reason="key", notes=("a key",), files=(FileRow("key", "error", error="key"),))
    clean = mapped(one, lambda text: text.replace("key", "***"))
    assert "key" not in as_line(clean)
    assert clean.files[0].error == "***"
