"""Where apt-get keeps its downloads: no cache first."""

from __future__ import annotations

from typing import Any

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import Cache, CommandEffects
from reorder.ecosystems.run import run_effects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque


def caches(command: str, base: str = "debian", tag: str = "12", **there: Any) -> tuple[Cache, ...]:
    found = understand(call(command), image(base=base, tag=tag, **there))
    assert isinstance(found, CommandEffects), found
    return found.caches


@pytest.mark.parametrize(
    ("command", "base", "tag"),
    [
        pytest.param("apt install -y git", "debian", "12", id="apt deletes its downloads"),
        pytest.param("apt-get update", "debian", "12", id="no install"),
        pytest.param("apt-get install -y git", "debian", "latest", id="release not named"),
        pytest.param("apt-get install -y git", "python", "3.12-slim", id="release not named here"),
        pytest.param("apt-get install -y git", "python", "3.12", id="a version is no release"),
        pytest.param("apt-get install -y git", "", "", id="image not known"),
        pytest.param(
            "apt-get -o Dir::Cache::Archives=/x install git", "debian", "12", id="the author's own"
        ),
    ],
)
def test_no_cache(command: str, base: str, tag: str) -> None:
    assert caches(command, base, tag) == ()


@pytest.mark.parametrize("there", [{"user": "app", "uid": 1000, "gid": 1000}, {"user": None}])
def test_no_cache_for_others_than_root(there: dict[str, Any]) -> None:
    assert caches("apt-get install -y git", **there) == ()


@pytest.mark.parametrize(
    ("base", "tag", "id"),
    [
        ("debian", "12", "apt-debian-12"),
        ("debian", "bookworm-slim", "apt-debian-bookworm"),
        ("ubuntu", "22.04", "apt-ubuntu-22.04"),
        ("python", "3.12-slim-bookworm", "apt-bookworm"),
        ("node", "20-bullseye", "apt-bullseye"),
    ],
)
def test_each_release_has_its_own(base: str, tag: str, id: str) -> None:
    (cache,) = caches("apt-get install -y git", base, tag)
    assert (cache.id, cache.sharing) == (id, "locked")
    assert cache.unsafe
    assert cache.naming == ((7, " -o Dir::Cache::Archives=/var/cache/apt-archives"),)


def test_the_option_is_no_part_of_what_a_run_does() -> None:
    there = image(base="debian", tag="12")
    plain = run_effects("apt-get update && apt-get install -y git", there)
    told = run_effects(
        "apt-get update && apt-get -o Dir::Cache::Archives=/var/cache/apt-archives install -y git",
        there,
    )
    assert not isinstance(plain, Opaque)
    assert not isinstance(told, Opaque)
    assert plain.identity == told.identity
