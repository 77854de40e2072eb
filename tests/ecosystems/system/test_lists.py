"""Which calls fetch package lists, and which use them."""

from __future__ import annotations

import pytest

from reorder.ecosystems.system.lists import (
    fetched_by,
    installed_by,
    left_by,
    named_in,
    used_by,
)
from reorder.shell.calls import calls
from reorder.shell.nodes import Call


def read(script: str) -> tuple[Call, ...]:
    found = calls(script, "/", {})
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("apt-get install -y git", set()),
        ("apt-get update && apt-get install -y git", set()),
        ("apt-get update", {"apt"}),
        ("apt update && apt-get clean", {"apt"}),
        ("apk update && apt-get update && apk add git", {"apt"}),
        ("dnf makecache", {"dnf"}),
        ("zypper refresh && zypper install git && zypper refresh", {"zypper"}),
    ],
)
def test_lists_that_nothing_has_used_yet(script: str, wanted: set[str]) -> None:
    assert left_by(read(script)) == wanted


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("make", set()),
        ("apt-get purge -y git && apk del git", set()),
        ("apt-get install -y git", {"apt"}),
        ("dnf install git && apk add git", {"dnf", "apk"}),
    ],
)
def test_managers_that_install(script: str, wanted: set[str]) -> None:
    assert used_by(read(script)) == wanted


def test_a_text_that_is_not_understood_names_its_managers() -> None:
    assert named_in("xargs -a x apt-get install -y; $(apk info)") == {"apt", "apk"}
    assert named_in("make aptitude") == frozenset()


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("apt-get update", set()),
        ("apt-get remove git", set()),
        ("dpkg -l", set()),
        ("apt-get install git", {"apt"}),
        ("apk add git && apt-get upgrade", {"apk", "apt"}),
        ("zypper -n in git", {"zypper"}),
    ],
)
def test_who_surely_installs(script: str, wanted: set[str]) -> None:
    assert installed_by(read(script)) == wanted


def test_who_fetches() -> None:
    assert fetched_by(read("apt-get update && apt-get install -y git && apk add x")) == {"apt"}
