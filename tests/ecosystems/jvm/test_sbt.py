"""sbt calls: what is not understood first, then refusals, closures, caches and the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects, Install, Prefetch
from reorder.ecosystems.jvm import sbt
from reorder.shell.nodes import Opaque

Files = Mapping[str, str]
ONE = {
    "/app/build.sbt": "",
    "/app/project/build.properties": "",
    "/app/project/plugins.sbt": "",
    "/app/src/main/scala/A.scala": "",
}


def effects(command: str, files: Files = ONE, **overrides: Any) -> CommandEffects:
    env = overrides.pop("env", None)
    found = sbt.effects(call(command, env=env), image(files, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Files = ONE, **overrides: Any) -> Install:
    found = effects(command, files, **overrides).install
    assert found is not None
    return found


def step(command: str, files: Files = ONE, **overrides: Any) -> Prefetch:
    found = effects(command, files, **overrides).prefetch
    assert found is not None
    return found


def test_not_understood() -> None:
    assert sbt.effects(call("./sbt compile"), image(ONE)) is None
    assert isinstance(sbt.effects(call("sbt --frobnicate compile"), image(ONE)), Opaque)


@pytest.mark.parametrize("command", ["sbt compile", "sbt update compile", "sbt $TASK", "sbt"])
def test_what_may_do_anything(command: str) -> None:
    assert effects(command).barrier == sbt.BARRIER


@pytest.mark.parametrize("command", ["sbt", "sbt clean", "sbt -Dx=y"])
def test_no_step_where_nothing_is_resolved(command: str) -> None:
    assert effects(command).prefetch is None


REFUSED = {
    "no build": ({"/app/src/A.scala": ""}, "no build of sbt"),
    "another build": ({**ONE, "/app/build.sbt": 'RootProject(file("../x"))'}, "RootProject"),
    "a program": ({**ONE, "/app/project/V.scala": 'Process("git log").!!'}, "Process"),
    "git": (
        {**ONE, "/app/.git/HEAD": "", "/app/project/p.sbt": '"com.github.sbt" % "sbt-git"'},
        "sbt-git",
    ),
    "too big": ({**ONE, "/app/build.sbt": " " * 400_001}, "build.sbt"),
}


@pytest.mark.parametrize(("files", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(files: Files, reason: str) -> None:
    found = install("sbt update", files)
    assert reason in (found.refusal or "")
    assert step("sbt compile", files).install.refusal == found.refusal


def test_a_step_with_an_option_that_is_not_known() -> None:
    assert "$V" in (step("sbt -Dversion=$V compile").install.refusal or "")
    assert "server" in (step("sbt --client compile").install.refusal or "")


def test_closure_of_a_build() -> None:
    files = {
        **ONE,
        "/app/build.sbt": 'version := IO.read(file("VERSION")); url("http://x/y")',
        "/app/VERSION": "1",
        "/app/core/build.sbt": "",
        "/app/core/target/generated.sbt": "",
        "/app/.sbtopts": "",
        "/app/project/project/plugins.sbt": "",
    }
    found = install("sbt update", files)
    assert found.refusal is None
    assert set(found.manifests) == {
        "/app/build.sbt",
        "/app/VERSION",
        "/app/core/build.sbt",
        "/app/.sbtopts",
    }
    assert found.folders == ("/app/project",)
    assert set(found.outputs) == {
        "/app/target",
        "/app/project/target",
        "/app/project/project/target",
        "/app/core/target",
    }


def test_variables_that_the_build_reads() -> None:
    assert effects("sbt update").env is not None
    assert effects("sbt update", {**ONE, "/app/build.sbt": 'sys.env("V")'}).env is None


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("sbt assembly", "sbt update"),
        ("sbt core/assembly", "sbt core/update"),
        ("sbt core/Docker/stage api/compile", "sbt core/update api/update"),
        ("sbt clean core/assembly", "sbt update"),
        ("sbt -Dsbt.color=false -mem 2048 'set test in assembly := {}' assembly",
         "sbt -Dsbt.color=false -mem 2048 update"),
    ],
)  # fmt: skip
def test_the_step(command: str, expected: str) -> None:
    found = step(command)
    assert found.command == expected
    assert found.absorbed
    assert found.spare


def test_the_step_keeps_what_only_the_call_sets() -> None:
    env = {"SBT_OPTS": "-Xmx1g"}
    assert step("sbt compile", env=env).command == "SBT_OPTS=-Xmx1g sbt update"


def test_where_it_caches() -> None:
    found = effects("sbt compile").caches
    targets = [cache.target for cache in found]
    assert targets == ["/root/.cache/coursier", "/root/.sbt", "/root/.ivy2"]
    assert all(cache.sharing == "locked" and cache.payload and not cache.off for cache in found)
    assert not any(c.off for c in effects("sbt compile", env={"SBT_OPTS": "-Xmx1g"}).caches)
    moved = effects("sbt compile", env={"COURSIER_CACHE": "/cache"}).caches
    assert moved[0].target == "/cache"


@pytest.mark.parametrize(
    ("command", "env"),
    [
        ("sbt -ivy /x compile", None),
        ("sbt -Dsbt.boot.directory=/x compile", None),
        ("sbt compile", {"SBT_OPTS": "-Xmx1g -Dsbt.ivy.home=/x"}),
        ("sbt compile", {"SBT_OPTS": None}),
        ("sbt compile", {"COURSIER_CACHE": None}),
    ],
)
def test_where_it_caches_is_not_known(command: str, env: dict[str, str | None] | None) -> None:
    assert all(cache.off for cache in effects(command, env=env).caches)


def test_what_is_published_here_is_its_own() -> None:
    products = [c.target for c in effects("sbt publishLocal").caches if c.product]
    assert products == ["/root/.ivy2"]
