"""The words that name a repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reorder.errors import InputError
from reorder.fleet.repository import Repository, repository

SECRET = "s3cr3t-t0ken"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("", "not the name"),
        ("a\nb", "not the name"),
        ("\x1b[31mx", "not the name"),
        ("name", "no such folder"),
        ("owner/name", "no such folder"),
        ("github.com/owner", "no such folder"),
        ("ext::sh -c touch", "ext:: is not used"),
        ("https::https://h.example/o/n", "https:: is not used"),
        ("fd::17", "fd:: is not used"),
        ("git://h.example/o/n", "transport git: is not used"),
        ("ftp://h.example/o/n", "transport ftp: is not used"),
        ("javascript://h.example/o/n", "is not used"),
        ("https://h.example", "no path"),
        ("https://h.example/o/../n", "no path"),
        ("https://h.example/o/n?x=1", "ends with the path"),
        ("https://h.example:x/o/n", "not a URL"),
        ("https:///o/n", "host"),
        ("ssh://-oProxyCommand=x/o/n", "host"),
        ("ssh://-x@h.example/o/n", "user's name"),
        ("git@-h.example:o/n", "host"),
        ("git@h.example:-x/n", "no path"),
        ("-x@h.example:o/n", "no such folder"),
        ("file://h.example/o/n", "of this machine"),
        ("file:o/n", "no such folder"),
    ],
)
def test_what_names_none(word: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as told:
        repository(word)
    assert str(told.value).isprintable()


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (f"ssh://git:{SECRET}@h.example/o/n", "use a key"),
        (f"http://me:{SECRET}@h.example/o/n", "use https"),
        (f"ftp://{SECRET}@h.example/o/n", "is not used"),
    ],
)
def test_a_secret_is_not_in_the_error(word: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as told:
        repository(word)
    assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    ("word", "name", "url"),
    [
        ("h.example/o/n", "h.example/o/n", "https://h.example/o/n.git"),
        ("h.example/o/n.git", "h.example/o/n", "https://h.example/o/n.git"),
        ("H.Example/O/N/", "h.example/O/N", "https://H.Example/O/N.git"),
        ("h.example/g/sub/n", "h.example/g/sub/n", "https://h.example/g/sub/n.git"),
        ("localhost:3000/o/n", "localhost:3000/o/n", "https://localhost:3000/o/n.git"),
        ("https://h.example/o/n", "h.example/o/n", ""),
        ("https://h.example:443/o/n.git", "h.example/o/n", ""),
        ("https://h.example:8443/o/n.git", "h.example:8443/o/n", ""),
        ("https://[::1]:3000/o/n", "[::1]:3000/o/n", ""),
        (f"https://me:{SECRET}@h.example/o/n", "h.example/o/n", ""),
        (f"https://{SECRET}@h.example/o/n", "h.example/o/n", ""),
        (f"http://me:{SECRET}@127.0.0.1:3000/o/n", "127.0.0.1:3000/o/n", ""),
        ("http://h.example/o/n", "h.example/o/n", ""),
        ("ssh://git@h.example/o/n.git", "h.example/o/n", ""),
        ("ssh://git@h.example:22/o/n.git", "h.example/o/n", ""),
        ("ssh://git@h.example:2222/o/n.git", "h.example:2222/o/n", ""),
        ("git@h.example:o/n.git", "h.example/o/n", ""),
        ("org-1@h.example:/o/n.git", "h.example/o/n", ""),
    ],
)
def test_remote_ones(word: str, name: str, url: str) -> None:
    found = repository(word)
    host, _, slug = name.partition("/")
    assert found == Repository(name, None, url or word, host, slug)
    assert SECRET not in repr(found)


def test_one_repository_has_one_name() -> None:
    words = (
        "h.example/o/n",
        "https://h.example/o/n.git",
        "git@h.example:o/n",
        "ssh://h.example/o/n",
    )
    assert {repository(word).name for word in words} == {"h.example/o/n"}


def test_a_folder_that_exists_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "h.example/o/n").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    place = Path(os.path.realpath(tmp_path)) / "h.example/o/n"
    assert repository("h.example/o/n") == Repository(str(place), place)
    assert repository("h.example/o/../o/n/") == Repository(str(place), place)


@pytest.mark.parametrize("word", ["/srv/none", "./none", "../none", "~/none"])
def test_a_folder_need_not_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    found = repository(word)
    assert found.path is not None
    assert found.path.is_absolute()
    assert found.name == str(found.path)


def test_a_file_url_is_a_folder(tmp_path: Path) -> None:
    place = Path(os.path.realpath(tmp_path)) / "a b"
    assert repository(f"file://{str(place).replace(' ', '%20')}") == Repository(str(place), place)


def test_a_link_to_a_folder_is_that_folder(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to("here")
    assert repository(str(tmp_path / "link")) == repository(str(tmp_path / "here"))
