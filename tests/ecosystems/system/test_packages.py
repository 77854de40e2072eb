"""What a package manager of a distribution looks at: what it leaves alone first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import image

from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.system.packages import package_effects

PATH = "/usr/local/sbin:/usr/local/bin:/usr/bin:/app/bin"


def reads(path: str, home: str = "/root") -> bool:
    seen = image(env={"PATH": PATH}, home=home)
    return package_effects("apt", seen, NOTHING, frozenset()).reads.contains(path)


def writes(path: str) -> bool:
    return package_effects("apt", image(), NOTHING, frozenset()).writes.contains(path)


@pytest.mark.parametrize(
    "path",
    [
        "/home/node/app/index.js",
        "/app/index.js",
        "/usr/local/bin/wait-for-it.sh",
        "/usr/local/bin/docker-entrypoint.sh",
        "/app/bin/server",
    ],
)
def test_nothing_of_these_is_looked_at(path: str) -> None:
    assert not reads(path)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/apt/sources.list",
        "/root/.gnupg",
        "/usr/local/lib/libz.so",
        "/usr/local/bin/install",
        "/usr/local/bin/python3.12",
        "/usr/local/sbin/update-rc.d",
        "/app/bin/sh",
    ],
)
def test_the_system_and_the_programs_by_their_names(path: str) -> None:
    assert reads(path)


def test_the_home_in_use_is_looked_at_wherever_it_is() -> None:
    assert reads("/home/node/.gnupg", home="/home/node")


@pytest.mark.parametrize("path", ["/usr/local/bin/x", "/home/x", "/root/x", "/app/x", "/tmp/x"])
def test_folders_that_distributions_leave_to_the_user(path: str) -> None:
    assert not writes(path)


@pytest.mark.parametrize("path", ["/usr/bin/x", "/usr/local/lib/x", "/etc/passwd"])
def test_folders_of_the_distribution(path: str) -> None:
    assert writes(path)
