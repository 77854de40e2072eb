"""uv: what is not understood first, then refusals, projects, workspaces, steps and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install, Prefetch
from reorder.ecosystems.python import uv
from reorder.shell.nodes import Opaque

PROJECT = """\
[project]
name = "shop"
version = "0.1"
requires-python = ">=3.11"
dependencies = ["flask>=3"]
"""
BUILT = PROJECT + '\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "flask"
version = "3.0.3"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "shop"
version = "0.1"
source = { editable = "." }
dependencies = [
    { name = "flask" },
]

[package.metadata]
requires-dist = [{ name = "flask", specifier = ">=3" }]
"""
VIRTUAL = LOCK.replace("editable", "virtual")
FILES = {"/app/pyproject.toml": BUILT, "/app/uv.lock": LOCK, "/app/src/shop/web.py": ""}
PLAIN = {"/app/pyproject.toml": PROJECT, "/app/uv.lock": VIRTUAL, "/app/web.py": ""}
BOTH = ("/app/pyproject.toml", "/app/uv.lock")

MEMBER = BUILT.replace("shop", "prices").replace('"flask>=3"', "")
SPACE = '\n[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/old"]\n'
SOURCES = "\n[tool.uv.sources]\nprices = { workspace = true }\n"
MEMBERS = 'members = [\n    "prices",\n    "shop",\n]'
SPACE_LOCK = (
    LOCK.replace("\n[[package]]", f"\n[manifest]\n{MEMBERS}\n\n[[package]]", 1)
    .replace('    { name = "flask" },\n', '    { name = "flask" },\n    { name = "prices" },\n')
    .replace(
        'requires-dist = [{ name = "flask", specifier = ">=3" }]',
        'requires-dist = [{ name = "flask", specifier = ">=3" }, '
        '{ name = "prices", editable = "packages/prices" }]',
    )
    + '\n[[package]]\nname = "prices"\nversion = "0.1"\nsource = { editable = "packages/prices" }\n'
)
WORKSPACE = {
    "/app/pyproject.toml": BUILT.replace('"flask>=3"', '"flask>=3", "prices"') + SPACE + SOURCES,
    "/app/uv.lock": SPACE_LOCK,
    "/app/packages/prices/pyproject.toml": MEMBER,
    "/app/packages/prices/src/a.py": "",
    "/app/packages/old/pyproject.toml": "not TOML",
}


def effects(
    command: str,
    files: Mapping[str, str] = FILES,
    env: Mapping[str, str | None] | None = None,
    cwd: str = "/app",
    **more: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = uv.effects(call(command, cwd, env=state), image(files, env=state, cwd=cwd, **more))
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
        pytest.param("uv sync $OPTIONS", id="words that may be options"),
        pytest.param("uv sync --no-such-option", id="an option that uv has not"),
        pytest.param("uv sync --directory $D", id="a folder that is not known"),
        pytest.param("uv sync --script x.py", id="a script"),
        pytest.param("uv export --frozen -o $F", id="an output that is not known"),
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(uv.effects(call(command, env={}), image(FILES)), Opaque)


@pytest.mark.parametrize(
    "command", ["uv run main.py", "uv build", "uv add flask", "uv lock", "uv init", "./uv sync"]
)
def test_what_runs_or_changes_the_project_is_not_its_own(command: str) -> None:
    assert uv.effects(call(command), image(FILES)) is None


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("uv sync --frozen", {}, "/app/pyproject.toml is not in", id="no project"),
        pytest.param(
            "uv sync --frozen", {"/app/pyproject.toml": "x"}, "not valid TOML", id="no TOML"
        ),
        pytest.param(
            "uv sync --frozen",
            {"/app/pyproject.toml": PROJECT},
            "/app/uv.lock is not in the build context",
            id="frozen without a lockfile",
        ),
        pytest.param(
            "uv sync", {"/app/pyproject.toml": PROJECT}, "there is no uv.lock", id="no lockfile"
        ),
        pytest.param(
            "uv sync --frozen", {**PLAIN, "/app/uv.lock": "version = 2"}, "version 1", id="newer"
        ),
        pytest.param("uv sync --upgrade", PLAIN, "upgrades", id="an upgrade"),
        pytest.param(
            "uv sync --locked",
            {
                **FILES,
                "/app/pyproject.toml": BUILT.replace("dependencies =", "x =").replace(
                    'version = "0.1"', 'version = "0.1"\ndynamic = ["dependencies"]'
                ),
            },
            "leaves its dependencies to the build",
            id="dependencies that a build finds out",
        ),
        pytest.param(
            "uv sync --locked",
            {k: v for k, v in WORKSPACE.items() if "prices" not in k},
            "/app/packages/prices/pyproject.toml is not there",
            id="a member that is not there",
        ),
    ],
)
def test_refused(command: str, files: dict[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


# Projects.


@pytest.mark.parametrize("command", ["uv sync", "uv sync --frozen", "uv sync --locked --no-dev"])
def test_a_virtual_project_is_installed_from_two_files(command: str) -> None:
    found = effects(command, PLAIN)
    assert found.install is not None
    assert found.install.manifests == BOTH
    assert found.install.refusal is None
    assert found.install.ignore == (".venv",)
    assert found.prefetch is None
    assert not found.reads.contains("/app/web.py")
    assert not found.writes.contains("/app/uv.lock")


def test_the_project_itself_needs_its_source() -> None:
    found = effects("uv sync --locked")
    assert found.install is not None
    assert "installs the project itself" in (found.install.refusal or "")
    assert found.reads.contains("/app/src/shop/web.py")
    before = step("uv sync --locked --group dev")
    assert before.command == "uv sync --locked --group dev --no-install-project"
    assert before.install.manifests == BOTH
    assert before.install.refusal is None
    assert effects("uv sync --locked --no-install-project").prefetch is None


@pytest.mark.parametrize("name", ["UV_FROZEN", "UV_LOCKED"])
def test_variables_keep_the_lockfile(name: str) -> None:
    files = {**PLAIN, "/app/pyproject.toml": PROJECT.replace("flask", "redis")}
    assert install("uv sync", files).refusal is not None
    assert install("uv sync", files, env={name: "1"}).refusal is None


def test_settings_and_the_version_of_python_are_read() -> None:
    files = {**PLAIN, "/app/uv.toml": "", "/app/.python-version": "3.12"}
    named = (*BOTH, "/app/uv.toml", "/app/.python-version")
    assert install("uv sync --frozen", files).manifests == named
    assert effects("uv sync --frozen", PLAIN).reads.contains("/app/.python-version")


def test_the_environment_may_be_elsewhere() -> None:
    env = {"UV_PROJECT_ENVIRONMENT": "/opt/venv"}
    found = effects("uv sync --frozen", PLAIN, env=env)
    assert found.install is not None
    assert found.install.outputs == ()
    assert found.writes.contains("/opt/venv/bin/flask")


# Workspaces.


def test_frozen_reads_the_root_alone() -> None:
    before = step("uv sync --frozen", WORKSPACE)
    assert before.install.manifests == BOTH
    assert before.command == "uv sync --frozen --no-install-workspace"


@pytest.mark.parametrize("command", ["uv sync", "uv sync --locked"])
def test_what_looks_at_the_lockfile_reads_every_member(command: str) -> None:
    before = step(command, WORKSPACE)
    assert before.install.manifests == (*BOTH, "/app/packages/prices/pyproject.toml")
    assert before.install.refusal is None
    assert before.command == f"{command} --no-install-workspace"


def test_a_member_finds_its_workspace() -> None:
    found = effects("uv sync --frozen", WORKSPACE, cwd="/app/packages/prices")
    assert found.install is not None
    assert found.install.manifests == (
        *BOTH,
        "/app/packages/prices/pyproject.toml",
    )
    assert found.install.outputs == ("/app/.venv",)


def test_only_what_is_installed_is_built() -> None:
    lock = SPACE_LOCK.replace('    { name = "prices" },\n', "")
    found = install("uv sync --frozen --no-install-project", {**WORKSPACE, "/app/uv.lock": lock})
    assert found.refusal is None
    whole = install(
        "uv sync --frozen --no-install-project --all-packages", {**WORKSPACE, "/app/uv.lock": lock}
    )
    assert "`prices` is built in its folder" in (whole.refusal or "")


def test_a_path_dependency_is_left_out_by_name() -> None:
    lock = SPACE_LOCK.replace(MEMBERS, "members = []")
    files = {**WORKSPACE, "/app/uv.lock": lock}
    before = step("uv sync --frozen", files)
    assert before.command == "uv sync --frozen --no-install-project --no-install-package prices"


# Caches.


@pytest.mark.parametrize(
    ("command", "env", "target"),
    [
        ("uv sync", {}, "/root/.cache/uv"),
        ("uv sync", {"XDG_CACHE_HOME": "/var/cache"}, "/var/cache/uv"),
        ("uv sync", {"UV_CACHE_DIR": "/var/uv"}, "/var/uv"),
        ("uv --cache-dir /tmp/c sync", {"UV_CACHE_DIR": "/var/uv"}, "/tmp/c"),
    ],
)
def test_where_the_cache_is(command: str, env: dict[str, str], target: str) -> None:
    assert cache(command, env=env).target == target


@pytest.mark.parametrize(
    ("command", "env", "reason"),
    [
        ("uv sync", {"UV_NO_CACHE": "1"}, "UV_NO_CACHE"),
        ("uv sync", {"UV_LINK_MODE": "symlink"}, "points into the cache"),
        ("uv sync --link-mode symlink", {}, "points into the cache"),
        ("uv sync", {"UV_CACHE_DIR": None}, "not known"),
    ],
)
def test_where_a_mount_is_of_no_use(command: str, env: dict[str, str | None], reason: str) -> None:
    assert reason in (cache(command, env=env).off or "")


def test_copies_need_no_word_of_the_author() -> None:
    assert cache("uv sync", env={"UV_LINK_MODE": "copy"}).off is None
    assert cache("uv sync").off is None


def test_no_cache_cancels_the_mount() -> None:
    assert len(cache("uv sync --no-cache").cancels) == 1
    assert len(cache("uv sync -n").cancels) == 1


# Exports.


def test_an_export_that_names_no_folder_follows_from_the_lockfile() -> None:
    found = effects("uv export --frozen --no-emit-project -o requirements.txt")
    assert found.made == {"/app/requirements.txt"}
    assert found.install is not None
    assert found.install.manifests == BOTH
    assert effects("uv export --frozen --no-hashes", PLAIN).prints


def test_an_export_names_the_project() -> None:
    assert effects("uv export --frozen -o requirements.txt").made == frozenset()
