"""Which calls fetch package lists, and which use them."""

from __future__ import annotations

import pytest

from reorder.ecosystems.system.lists import left_by, named_in, used_by
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
