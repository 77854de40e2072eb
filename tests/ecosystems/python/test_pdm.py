"""pdm: what is not understood first, then refusals, closures, steps, environments and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install, Prefetch
from reorder.ecosystems.python import pdm
from reorder.shell.nodes import Opaque

PROJECT = """\
[project]
name = "demo"
version = "0.1.0"
readme = "README.md"
license-files = ["LICENSE"]
requires-python = ">=3.10"
dependencies = ["six>=1.16"]

[dependency-groups]
dev = ["iniconfig"]

[tool.pdm]
distribution = true
"""
# As pdm 2.11.2 noted it for this very project; since 2.17 groups count too.
NOTED = "68d9db3923ea712f39bbedce8de9e55a58f32d980d9e9c2fc170ad60194dac4e"
NEWER = "f7e151fd86e1ffda04cd787e3d73e445f7a6bdd55488ceffef2494d751d14728"


def lock(noted: str = NOTED, more: str = "") -> str:
    return f'[metadata]\ncontent_hash = "sha256:{noted}"\n\n[[package]]\nname = "six"\n{more}'


FILES = {"/app/pyproject.toml": PROJECT, "/app/pdm.lock": lock(), "/app/src/demo/web.py": ""}
BOTH = ("/app/pyproject.toml", "/app/pdm.lock")


def effects(
    command: str,
    files: Mapping[str, str] = FILES,
    env: Mapping[str, str | None] | None = None,
    **more: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = pdm.effects(call(command, env=state), image(files, env=state, **more))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str] = FILES, **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def step(command: str, files: Mapping[str, str] = FILES, **more: Any) -> Prefetch:
    found = effects(command, files, **more).prefetch
    assert found is not None
    assert found.absorbed
    return found


def cache(command: str, **more: Any) -> Cache:
    (found,) = effects(command, **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("pdm install -g", id="the global project"),
        pytest.param("pdm install --plugins", id="plugins"),
        pytest.param("pdm sync -p $D", id="a folder that is not known"),
        pytest.param("pdm install --no-such-option", id="an option that pdm has not"),
        pytest.param("pdm config --local venv.in_project false", id="a setting of the project"),
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(pdm.effects(call(command, env={}), image(FILES)), Opaque)


@pytest.mark.parametrize("command", ["pdm run x", "pdm build", "pdm add six", "pdm lock", "pdm"])
def test_what_runs_or_changes_the_project_is_not_its_own(command: str) -> None:
    found = pdm.effects(call(command), image(FILES))
    assert found is None or not found.writes if not isinstance(found, Opaque) else False


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("pdm sync", {}, "/app/pyproject.toml is not in", id="no project"),
        pytest.param(
            "pdm sync", {"/app/pyproject.toml": PROJECT}, "/app/pdm.lock is", id="no lock"
        ),
        pytest.param(
            "pdm install", {**FILES, "/app/pdm.lock": lock("0")}, "not plainly fit", id="stale"
        ),
        pytest.param(
            "pdm sync",
            {**FILES, "/app/pyproject.toml": PROJECT + '[tool.pdm.scripts]\npost_install = "x"'},
            "the script `post_install`",
            id="a hook",
        ),
        pytest.param(
            "pdm sync",
            {**FILES, "/app/pdm.lock": lock(more='path = "./libs/a"\n')},
            "`./libs/a` is built in its folder",
            id="a path dependency",
        ),
        pytest.param(
            "pdm sync",
            {**FILES, "/app/pyproject.toml": PROJECT + 'plugins = ["x"]'},
            "plugins",
            id="plugins of the project",
        ),
    ],
)
def test_refused(command: str, files: dict[str, str], reason: str) -> None:
    found = effects(f"{command} --no-self", files).install
    assert found is not None
    assert reason in (found.refusal or "")


@pytest.mark.parametrize(
    "command",
    [
        "pdm sync --no-self",
        "pdm install --no-self --prod --no-editable",
        "pdm install --frozen-lockfile --no-self",
        "pdm sync --no-default -G web",
    ],
)
def test_without_the_project_itself_two_files_are_read(command: str) -> None:
    found = effects(command)
    assert found.install is not None
    assert found.install.manifests == BOTH
    assert found.install.refusal is None
    assert found.prefetch is None
    assert not found.reads.contains("/app/src/demo/web.py")
    assert not found.writes.contains("/app/pdm.lock")


@pytest.mark.parametrize("noted", [NOTED, NEWER])
def test_both_forms_of_the_hash_are_known(noted: str) -> None:
    files = {**FILES, "/app/pdm.lock": lock(noted)}
    assert install("pdm install --no-self", files).refusal is None
    changed = {**files, "/app/pyproject.toml": PROJECT.replace("six", "attrs")}
    assert install("pdm install --no-self", changed).refusal is not None


def test_the_project_itself_needs_its_source() -> None:
    found = install("pdm sync --prod")
    assert "installs the project itself" in (found.refusal or "")
    before = step("pdm sync --prod")
    assert before.command == "pdm sync --prod --no-self"
    assert before.install.manifests == BOTH
    assert before.install.refusal is None


@pytest.mark.parametrize(
    "project",
    [
        PROJECT.replace("distribution = true", "distribution = false"),
        PROJECT.replace("name", "nam"),
    ],
)
def test_an_application_is_not_installed_itself(project: str) -> None:
    assert effects("pdm sync", {**FILES, "/app/pyproject.toml": project}).prefetch is None


def test_what_it_leaves_in_the_project_is_kept_out_of_the_context() -> None:
    assert install("pdm sync").ignore == (".pdm-python", ".venv")
    packages = install("pdm sync", env={"PDM_USE_VENV": "false"})
    assert "/app/__pypackages__" in packages.outputs


@pytest.mark.parametrize(
    ("more", "target"),
    [
        ({}, "/root/.cache/pdm"),
        ({"env": {"PDM_CACHE_DIR": "/var/cache/x"}}, "/var/cache/x"),
        ({"told": (call("pdm config cache_dir /var/cache/y"),)}, "/var/cache/y"),
    ],
)
def test_where_the_cache_is(more: dict[str, Any], target: str) -> None:
    assert cache("pdm sync", **more).target == target


@pytest.mark.parametrize(
    "more",
    [
        {"env": {"PDM_INSTALL_CACHE": "1"}},
        {"told": (call("pdm config install.cache on"),)},
        {"told": (None,)},
        {"env": {"PDM_CACHE_DIR": None}},
    ],
)
def test_a_cache_that_is_pointed_into_is_not_mounted(more: dict[str, Any]) -> None:
    assert cache("pdm sync", **more).off


def test_a_setting_may_be_made_again() -> None:
    found = effects("pdm config check_update false")
    assert found.repeatable
    assert not found.writes.contains("/usr/bin/x")
