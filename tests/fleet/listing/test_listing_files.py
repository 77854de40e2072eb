"""What stands in a list."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reorder.errors import InputError
from reorder.fleet.listing.files import Entry, given, read

NOTHING = io.BytesIO()


def words(tmp_path: Path, data: bytes | str) -> list[tuple[int, str]]:
    path = tmp_path / "repos"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return [(entry.line, entry.word) for entry in read(str(path), NOTHING)]


@pytest.mark.parametrize("text", ["", "\n\n", "# all\n  # of it\n", "\ufeff", "repo,team\n"])
def test_a_list_may_be_empty(tmp_path: Path, text: str) -> None:
    assert words(tmp_path, text) == []


def test_a_plain_list(tmp_path: Path) -> None:
    text = "\ufeff# ours\r\nh.example/o/a\r\n\r\n  ./b c  \n/d#e"
    assert words(tmp_path, text) == [(2, "h.example/o/a"), (4, "./b c"), (5, "/d#e")]


def test_a_line_separator_within_a_name_ends_no_line(tmp_path: Path) -> None:
    assert words(tmp_path, "/a\x0bb\u2028c\n") == [(1, "/a\x0bb\u2028c")]


@pytest.mark.parametrize("tab", ["\t", ","])
def test_a_table_has_a_column_for_it(tmp_path: Path, tab: str) -> None:
    text = f'# made by hand\nteam{tab}Repo{tab}note\nx{tab}h.example/o/a\n\n\ny{tab}"/b"{tab}no\n'
    assert words(tmp_path, text) == [(3, "h.example/o/a"), (6, "/b")]


def test_a_table_of_one_column_needs_a_comma_or_only_its_name(tmp_path: Path) -> None:
    assert words(tmp_path, "repo\nh.example/o/a\n") == [(2, "h.example/o/a")]


def test_a_row_without_a_cell_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"repos:3: nothing in the column `repo`"):
        words(tmp_path, "team,repo\nx,/a\ny\n")


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"repos:2: is not UTF-8"):
        words(tmp_path, b"/a\n/\xff\n")


@pytest.mark.parametrize("name", ["none", "."])
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"the list cannot be read"):
        read(str(tmp_path / name), NOTHING)


def test_standard_input_has_a_name() -> None:
    (entry,) = read("-", io.BytesIO(b"/a\n"))
    assert entry == Entry("/a", "<stdin>", 1)


def test_the_command_line_has_no_lines() -> None:
    assert given(["a", "b"]) == (Entry("a"), Entry("b"))
