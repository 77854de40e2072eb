"""Reading a settings file: what is wrong is told with its line, and what to write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reorder.errors import InputError
from reorder.settings.file import MOST, SettingsFile, read


def written(tmp_path: Path, text: str, name: str = "reorder.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value).removeprefix(f"{path.parent}{os.sep}")


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'reorder'\n", "[tool.other]\nx = 1\n", "tool = 'reorder'\n"]
)
def test_a_pyproject_without_settings_is_none(tmp_path: Path, text: str) -> None:
    assert read(written(tmp_path, text, "pyproject.toml")) is None


def test_a_broken_pyproject_of_others_is_none(tmp_path: Path) -> None:
    assert read(written(tmp_path, "[[[", "pyproject.toml")) is None


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    assert read(path) == SettingsFile(path)
    shared = written(tmp_path, "[tool.reorder]\n", "pyproject.toml")
    assert read(shared) == SettingsFile(shared)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nselct = []", ":2: there is no `selct`; did you mean 'select'?"),
        ("min_percent = 1", ":1: there is no `min_percent`; did you mean 'min-percent'?"),
        ("x = 1", ":1: there is no `x`; choose from off, select, "),
        ("unsafe = 1", ":1: `unsafe`: it must be true or false, not an integer"),
        ("unsafe = 'yes'", ":1: `unsafe`: it must be true or false, not a string"),
        ("ignore = 'order'", ":1: `ignore`: it must be an array of transforms, as in "),
        ("ignore = [1]", ":1: `ignore`: it must be an array of strings, as in "),
        ("a = 1 # x\nignore = ['order']", ":1: there is no `a`"),
        ("select = ['ordr']", ":1: `select`: 'ordr' is not a transform; did you mean 'order'?"),
        ("builder = 'fast'", ":1: `builder`: 'fast' is none of \"auto\", \"persistent\", "),
        ("builder = true", ":1: `builder`: it must be one of \"auto\", "),
        ("commits = 0", ":1: `commits`: it must be at least 1, not 0"),
        ("commits = true", ":1: `commits`: it must be an integer, not a boolean"),
        ("commits = 1.5", ":1: `commits`: it must be an integer, not a float"),
        ("min-percent = nan", ":1: `min-percent`: it must be a finite number"),
        ("min-seconds = -1", ":1: `min-seconds`: it must be at least 0, not -1"),
        ("timings = ''", ":1: `timings`: it is no path"),
        ('context = "a\\u0000b"', ":1: `context`: it is no path"),
        ("history = 1979-05-27", ":1: `history`: it must be true or false, not a date or time"),
        ("check = true", ":1: `check` is for the command line only"),
        ("format = 'json'", ":1: `format` is for the command line only"),
        ("[ci]\nwrite = true", ":2: `write` is for the command line only"),
        ("[verify]\nengine-flag = []", ":2: `engine-flag` is for the command line only"),
        ("[ci]\nman = 'x'", ":2: there is no `man`; did you mean 'main'?"),
        ("[cli]\n", ":1: there is no `cli`; did you mean 'ci'?"),
        ("ci = 1", ":1: `ci` must be a table: write `[ci]`"),
        ("[simulate]\n\nbuilds-per-day = 0", ":3: `builds-per-day`: it must be above 0, not 0"),
        ("[simulate]\ncommits = 10001", ":2: `commits`: it must be at least 1 and at most 10000"),
        ("[overrides]\npaths = ['a']", ":1: `overrides` must be tables: write `[[overrides]]`"),
        ("[[overrides]]\noff = true", ":1: `paths` must be an array of patterns"),
        ("[[overrides]]\npaths = []", ":2: `paths` must be an array of patterns"),
        ("[[overrides]]\npaths = 'a'", ":2: `paths` must be an array of patterns"),
        ("[[overrides]]\npaths = ['#a']", ":2: `paths` must be an array of patterns"),
        ("[[overrides]]\npaths = ['[']", ":2: `paths`: "),
        (
            "[[overrides]]\npaths = ['a']\n[[overrides]]\npaths = ['a']\nof = true",
            ":5: there is no `of`; did you mean 'off'?",
        ),
        ("unsafe = true\nunsafe = true", ":2: it is not TOML: "),
        ("a =", ":1: it is not TOML: "),
        ("a = " + "[" * 5000, ": it cannot be read as TOML: "),
        ("commits = 1" + "0" * 5000, ": it cannot be read as TOML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert told(written(tmp_path, text)).startswith(f"reorder.toml{message}")


def test_the_line_in_a_pyproject(tmp_path: Path) -> None:
    text = '[tool.x]\ny = """\n[tool.reorder]\nunsaf = 1\n"""\n\n[tool.reorder]\nunsaf = 1\n'
    path = written(tmp_path, text, "pyproject.toml")
    assert told(path) == "pyproject.toml:8: there is no `unsaf`; did you mean 'unsafe'?"


@pytest.mark.parametrize("text", ["tool.reorder = 1\n", "[tool]\nreorder = 1\n"])
def test_settings_are_a_table(tmp_path: Path, text: str) -> None:
    assert told(written(tmp_path, text, "pyproject.toml")).endswith(": it must be a table")


def test_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "reorder.toml"
    path.write_bytes(b"off = true\n# \xff\n")
    assert told(path) == "reorder.toml:2: it is not UTF-8"


def test_what_is_no_file_or_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert told(tmp_path / "a") == "a: is no file"
    os.mkfifo(tmp_path / "b")
    assert told(tmp_path / "b") == "b: is no file"
    assert told(tmp_path / "c").startswith("c: cannot be read: ")
    assert told(written(tmp_path, "#" * (MOST + 1))) == "reorder.toml: is larger than 1 MiB"


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = (
        'off = false\nselect = ["order"]\nignore = []\r\nunsafe = true\ncontext = ".."\n'
        'builder = "ephemeral"\nmanifest-style = "explicit"\nhistory = false\ncommits = 7\n'
        'timings = "log"\nmin-percent = 2\nmin-seconds = 0.25\n\n'
        '[[overrides]]\npaths = ["a/**", "!a/b"]\noff = true\n\n'
        "[simulate]\nbuilds-per-day = 3\n"
    )
    found = read(written(tmp_path, text))
    assert found is not None
    values = {name: (one.value, one.line) for name, one in found.values.items()}
    assert values == {
        "off": (False, 1),
        "select": (frozenset({"order"}), 2),
        "ignore": (frozenset(), 3),
        "unsafe": (True, 4),
        "context": ("..", 5),
        "builder": ("ephemeral", 6),
        "manifest-style": ("explicit", 7),
        "history": (False, 8),
        "commits": (7, 9),
        "timings": ("log", 10),
        "min-percent": (2.0, 11),
        "min-seconds": (0.25, 12),
    }
    [override] = found.overrides
    assert [override.paths.excluded(path) for path in ("a/c", "a/b", "b")] == [True, False, False]
    assert override.values["off"].line == 16
    assert found.where(found.tables["simulate"]["builds-per-day"]).endswith("reorder.toml:19")


def test_keys_in_every_form_of_toml(tmp_path: Path) -> None:
    text = 'tool.reorder.unsafe = true\n[tool."reorder".ci]\nmain = "x"\n'
    found = read(written(tmp_path, text, "pyproject.toml"))
    assert found is not None
    assert (found.values["unsafe"].line, found.tables["ci"]["main"].line) == (1, 3)


def test_the_line_of_an_inline_table_is_its_own(tmp_path: Path) -> None:
    found = read(written(tmp_path, '\nci = { main = "x" }\n'))
    assert found is not None
    assert found.tables["ci"]["main"].line == 2
