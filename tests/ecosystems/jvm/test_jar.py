"""`jar`: what is not understood first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.jvm import jar
from reorder.shell.nodes import Opaque


@pytest.mark.parametrize(
    "command", ["jar", "jar cf x.jar .", "jar -uf x.jar a", "jar xf", "jar x", "jar --create -f x"]
)
def test_not_understood(command: str) -> None:
    assert jar.effects(call(command), image()) is None


def test_unpacking_into_the_root_is_refused() -> None:
    assert isinstance(jar.effects(call("jar xf /a.jar", cwd="/"), image()), Opaque)
    assert isinstance(jar.effects(call("jar xf $JAR"), image()), Opaque)


@pytest.mark.parametrize(
    "command",
    [
        "jar xf ../libs/a.jar",
        "jar -xvf ../libs/a.jar META-INF",
        "jar --extract --file=../libs/a.jar",
        "jar --extract --file ../libs/a.jar",
    ],
)
def test_it_unpacks_into_the_working_folder(command: str) -> None:
    found = jar.effects(call(command, cwd="/app/out"), image())
    assert isinstance(found, CommandEffects)
    assert found.writes.trees == {"/app/out"}
    assert found.reads.contains("/app/libs/a.jar")
    assert not found.reads.contains("/app/src")


def test_a_list_writes_nothing_and_a_pattern_is_read() -> None:
    found = jar.effects(call("jar tf libs/*.jar"), image())
    assert isinstance(found, CommandEffects)
    assert not found.writes
    assert found.reads.contains("/app/libs/a.jar")
