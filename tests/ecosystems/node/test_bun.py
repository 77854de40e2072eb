"""bun: what it does not understand, then refusals, then closures and the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.node import bun
from reorder.shell.nodes import Opaque

Env = Mapping[str, str | None]
CACHE = "/root/.bun/install/cache"


def project(
    package: Mapping[str, Any] | None = None,
    files: Mapping[str, str] | None = None,
    lock: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, str]:
    """A package.json and a bun.lock that fits it, unless its root is given."""
    data = {"name": "x", **(package or {})}
    shown = {k: v for k, v in data.items() if k == "name" or k.endswith("ependencies")}
    text = json.dumps({"workspaces": {"": shown if lock is None else lock}, **more}, indent=1)
    found = {"/app/package.json": json.dumps(data), "/app/bun.lock": text.replace("\n }", ",\n }")}
    return {**found, **(files or {})}


def effects(
    command: str, files: Mapping[str, str], env: Env | None = None, **overrides: Any
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = bun.effects(call(command, env=state), image(files, env=state, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str], **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def cache(command: str, files: Mapping[str, str] | None = None, **more: Any) -> Cache:
    (found,) = effects(command, files or project(), **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        "bun index.ts",
        "bun run build",
        "bun test",
        "bun build index.ts",
        "bunx prisma generate",
        "bun add x",
        "bun install x",
        "bun add -g x",
        "bun install --lockfile-only",
        "bun install --force",
        "bun install --filter a",
        "bun install --frobnicate",
        "bun install --cwd $DIR",
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(bun.effects(call(command, env={}), image(project())), Opaque)


def test_a_version_query_changes_nothing() -> None:
    assert not effects("bun --version", project()).writes


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("bun i", {}, "/app/package.json is not in the build context", id="nothing"),
        pytest.param(
            "bun i",
            project({"dependencies": {"a": "1"}}, lock={"name": "x"}),
            "`dependencies` is not as",
            id="not locked",
        ),
        pytest.param(
            "bun i",
            project({"workspaces": ["p/*"]}, {"/app/p/a/package.json": '{"name": "a"}'}),
            "no entry for /app/p/a/package.json",
            id="member not locked",
        ),
        pytest.param(
            "bun i", project({"overrides": {"a": "1"}}), "its `overrides`", id="overrides"
        ),
        pytest.param(
            "bun i", {**project(), "/app/bun.lock": "{"}, "it is not understood", id="broken"
        ),
        pytest.param(
            "bun i",
            {"/app/package.json": "{}", "/app/bun.lockb": "x"},
            "it is binary",
            id="binary",
        ),
        pytest.param(
            "bun i",
            {"/app/package.json": "{}", "/app/package-lock.json": "{}"},
            "bun takes over /app/package-lock.json",
            id="lockfile of npm",
        ),
        pytest.param(
            "bun i --frozen-lockfile",
            project({"scripts": {"prepare": "tsc"}}),
            "`prepare` in",
            id="prepare",
        ),
        pytest.param(
            "bun i --frozen-lockfile",
            project({"dependencies": {"a": "link:a"}}),
            "`link:` dependency",
            id="link",
        ),
        pytest.param(
            "bun i --frozen-lockfile",
            project({"patchedDependencies": {"a": "patches/a.patch"}}),
            "/app/patches/a.patch, which is not",
            id="patch",
        ),
        pytest.param(
            "bun i --frozen-lockfile",
            project(files={"/app/bunfig.toml": "["}),
            "bunfig.toml is not understood",
            id="settings",
        ),
    ],
)
def test_refusals(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


@pytest.mark.parametrize(
    "command",
    ["bun i --frozen-lockfile", "bun ci", "bun i --production", "bun i -p", "bun i --no-save"],
)
def test_a_lockfile_that_is_not_written_may_be_stale(command: str) -> None:
    assert install(command, project({"dependencies": {"a": "1"}}, lock={})).refusal is None


def test_frozen_by_setting() -> None:
    settings = {"/app/bunfig.toml": "[install]\nfrozenLockfile = true\n"}
    found = install("bun i", project({"dependencies": {"a": "1"}}, settings, lock={}))
    assert found.refusal is None
    assert "/app/bunfig.toml" in found.manifests


def test_a_lockfile_that_satisfies_is_kept() -> None:
    found = install("bun i", project({"dependencies": {"a": "1"}}))
    assert found.refusal is None
    assert any("keeps a lockfile" in assumption for assumption in found.assumptions)


def test_a_binary_lockfile_is_copied() -> None:
    files = {"/app/package.json": "{}", "/app/bun.lockb": "x"}
    found = install("bun i --frozen-lockfile", files)
    assert found.refusal is None
    assert "/app/bun.lockb" in found.manifests


def test_without_a_lockfile_the_install_makes_it() -> None:
    found = effects("bun install", {"/app/package.json": "{}"})
    assert found.install is not None
    assert found.install.refusal is None
    assert found.writes.contains("/app/bun.lock")


def test_the_closure() -> None:
    package = {"workspaces": ["p/*"], "patchedDependencies": {"a@1": "a.patch"}}
    files = project(
        package,
        {
            "/app/a.patch": "",
            "/app/.npmrc": "",
            "/app/p/a/package.json": '{"name": "a"}',
            "/app/p/a/index.ts": "",
        },
    )
    found = install("bun install --frozen-lockfile", files)
    assert found.refusal is None
    assert set(found.manifests) == {
        *("/app/package.json", "/app/p/a/package.json", "/app/bun.lock", "/app/.npmrc"),
        "/app/a.patch",
    }
    assert found.outputs == ("/app/node_modules", "/app/p/a/node_modules")


@pytest.mark.parametrize(
    ("command", "env", "target"),
    [
        pytest.param("bun i", {}, CACHE, id="default"),
        pytest.param("bun i", {"BUN_INSTALL_CACHE_DIR": "/c"}, "/c", id="variable"),
        pytest.param("bun i", {"BUN_INSTALL": "/b"}, "/b/install/cache", id="home of bun"),
        pytest.param("bun i --cache-dir /c", {}, "/c", id="option"),
        pytest.param("bun i --no-cache", {}, CACHE, id="of what the registry says"),
    ],
)
def test_the_cache(command: str, env: Env, target: str) -> None:
    assert cache(command, env=env) == Cache(target)


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param(
            "bun i",
            {"/app/bunfig.toml": "[install.cache]\ndisable = true\n"},
            "switched off",
            id="setting",
        ),
        pytest.param("bun i --backend symlink", {}, "links into the cache", id="links"),
    ],
)
def test_a_cache_that_is_of_no_use(command: str, files: Mapping[str, str], reason: str) -> None:
    assert reason in (cache(command, project(files=files)).off or "")


def test_scripts_of_the_project_run_in_a_second_step() -> None:
    found = effects(
        "bun i --frozen-lockfile", project({"scripts": {"postinstall": "tsc"}})
    ).prefetch
    assert found is not None
    assert found.absorbed
    assert found.command == "bun i --frozen-lockfile --ignore-scripts"
    assert effects("bun i --frozen-lockfile", project()).prefetch is None
