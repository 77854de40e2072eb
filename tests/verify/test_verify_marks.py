"""An edit does no harm: a comment where the language has one, blanks where it has none."""

from __future__ import annotations

import json

import pytest

from reorder.verify.marks import has_comments, marked


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"a\0b", "x".encode("utf-16")], ids=["bytes", "zero", "utf-16"]
)
def test_what_is_no_text_is_left_alone(data: bytes) -> None:
    assert marked("a.py", data, "m") is None


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "# m"),
        ("a/Gemfile", "# m"),
        ("a.min.JS", "// m"),
        ("go.mod", "// m"),
        ("a.css", "/* m */"),
        ("pom.xml", "<!-- m -->"),
        ("a.sql", "-- m"),
    ],
)
def test_a_comment_at_the_end(path: str, line: str) -> None:
    assert marked(path, b"x\n", "m") == f"x\n{line}\n".encode()
    assert has_comments(path)


@pytest.mark.parametrize("path", ["package.json", "a.php", "README", ".env", "py", ".py"])
def test_without_comments_there_are_blanks_that_are_new_each_time(path: str) -> None:
    one, other = marked(path, b"{}\n", "m1"), marked(path, b"{}\n", "m2")
    assert one is not None
    assert one != other
    assert one.split() == [b"{}"]
    assert not has_comments(path)


def test_json_stays_json() -> None:
    data = marked("package.json", b'{"a": 1}', "reorder verify 1")
    assert data is not None
    assert json.loads(data) == {"a": 1}


def test_a_last_line_without_an_end_gets_one() -> None:
    assert marked("a.py", b"x", "m") == b"x\n# m\n"
    assert marked("a.py", b"", "m") == b"# m\n"
