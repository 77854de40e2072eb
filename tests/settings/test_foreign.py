"""A repository that nobody vetted may ask for less, never for more."""

from __future__ import annotations

from pathlib import Path

import pytest

from reorder.config import Options
from reorder.errors import InputError
from reorder.settings.foreign import Foreign, foreign_options


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "reorder.toml").write_text("commits = 9\n")  # of whoever runs us
    (tmp_path / "log").write_text("")
    root = tmp_path / "top"
    root.mkdir()
    return root


DEFAULT = Options()


def asked(top: Path, text: str, chosen: Options = DEFAULT) -> Foreign:
    (top / "reorder.toml").write_text(text)
    return foreign_options(top / "Dockerfile", top, chosen)


def test_without_a_file_it_is_what_was_chosen(top: Path) -> None:
    chosen = Options(unsafe=True, check=True, ignore=frozenset({"order"}))
    assert foreign_options(top / "Dockerfile", top, chosen) == Foreign(chosen)


def test_the_file_counts_where_nothing_was_chosen(top: Path) -> None:
    found = asked(top, "commits = 3\nbuilder = 'ephemeral'\n", Options(commits=4))
    assert found == Foreign(Options(commits=4, builder="ephemeral"))


def test_off_counts(top: Path) -> None:
    assert asked(top, "off = true\n").options.off


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("unsafe = true", "not proved to be safe"),
        ("context = '..'", "outside of the repository"),
        ("context = '/'", "outside of the repository"),
        ("timings = '../log'", "outside of the repository"),
        ("timings = 'link'", "outside of the repository"),
        ("commits = 1000000", "more than 10000"),
    ],
)
@pytest.mark.parametrize("table", ["", "[[overrides]]\npaths = ['Dockerfile']\n"])
def test_what_asks_for_more_does_not_count(top: Path, text: str, why: str, table: str) -> None:
    (top / "link").symlink_to(top.parent / "log")
    found = asked(top, table + text)
    assert found.options == Options()
    [note] = found.notes
    assert f":{1 + table.count(chr(10))}: `" in note
    assert note.endswith(why)


def test_on_request_is_taken_out_of_a_selection(top: Path) -> None:
    found = asked(top, "select = ['precise-copy', 'order']")
    assert found.options.select == frozenset({"order"})
    assert asked(top, "select = ['precise-copy']").options.select == frozenset()
    assert "on request" in found.notes[0]


def test_the_caller_may_allow_it(top: Path) -> None:
    found = asked(top, "unsafe = true\nselect = ['precise-copy']", Options(unsafe=True))
    assert found == Foreign(Options(unsafe=True, select=frozenset({"precise-copy"})))


def test_paths_within_count(top: Path) -> None:
    (top / "ctx").mkdir()
    assert asked(top, "context = 'ctx'").options.context == top / "ctx"
    assert asked(top, "context = '.'").options.context == top


def test_a_link_out_of_the_repository_is_not_read(top: Path) -> None:
    (top / "reorder.toml").symlink_to(top.parent / "reorder.toml")
    with pytest.raises(InputError, match="outside of the repository"):
        foreign_options(top / "Dockerfile", top, Options())


def test_a_wrong_file_is_an_error(top: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'unsafe'"):
        asked(top, "unsaf = true")


@pytest.mark.parametrize("table", ["", "[[overrides]]\npaths = ['Dockerfile']\n"])
def test_what_either_leaves_out_is_left_out(top: Path, table: str) -> None:
    chosen = Options(ignore=frozenset({"order"}), select=frozenset({"order", "dockerignore"}))
    text = "ignore = ['cache-mount']\nselect = ['dockerignore', 'cache-mount']\n"
    found = asked(top, table + text, chosen).options
    assert found.ignore == {"order", "cache-mount"}
    assert found.select == frozenset({"dockerignore"})


def test_a_repository_may_decline_what_is_unsafe(top: Path) -> None:
    assert not asked(top, "unsafe = false\n", Options(unsafe=True)).options.unsafe
    assert asked(top, "commits = 3\n", Options(unsafe=True)).options.unsafe
