"""uv pip and uv venv: what is not understood first, then refusals, closures and environments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import CommandEffects, Install
from reorder.ecosystems.python import uv
from reorder.shell.nodes import Opaque

FILES = {"/app/requirements.txt": "flask\n", "/app/web.py": ""}
PROJECT = '[project]\nname = "shop"\ndependencies = ["flask"]\n'


def effects(
    command: str,
    files: Mapping[str, str] = FILES,
    env: Mapping[str, str | None] | None = None,
    **more: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = uv.effects(call(command, env=state), image(files, env=state, **more))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str] = FILES, **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("uv pip install -r $R", id="requirements that are not known"),
        pytest.param("uv pip install $PACKAGES", id="packages that are not known"),
        pytest.param("uv pip install --no-such-option x", id="an option that uv has not"),
        pytest.param("uv pip sync $R", id="a list that is not known"),
        pytest.param("uv venv $D", id="an environment that is not known"),
        pytest.param("uv pip compile requirements.in", id="another verb"),
    ],
)
def test_not_understood(command: str) -> None:
    assert not isinstance(uv.effects(call(command, env={}), image(FILES)), CommandEffects)


def test_a_setting_with_an_unknown_value_is_opaque() -> None:
    given = call("uv pip install flask", env={"UV_CONSTRAINT": None})
    assert isinstance(uv.effects(given, image()), Opaque)


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("uv pip install .", {}, "installs the project itself", id="the project"),
        pytest.param("uv pip install -e .[dev]", {}, "the project itself", id="editable"),
        pytest.param("uv pip install ./lib", {}, "is built in its folder", id="a folder"),
        pytest.param("uv pip install -r r.txt", {}, "/app/r.txt is not in", id="missing"),
        pytest.param("uv pip sync r.txt", {}, "/app/r.txt is not in", id="missing list"),
        pytest.param("uv pip install x.whl", {}, "/app/x.whl is not in", id="no archive"),
        pytest.param("uv pip install -f wheels six", {}, "--find-links", id="no folder"),
        pytest.param("uv pip install -r setup.py", {"/app/setup.py": ""}, "setup.py", id="code"),
        pytest.param(
            "uv pip install -r pyproject.toml", {}, "pyproject.toml is not in", id="no project"
        ),
        pytest.param(
            "uv pip install -r pyproject.toml",
            {"/app/pyproject.toml": "[tool.x]"},
            "has no [project] section",
            id="another tool's",
        ),
        pytest.param(
            "uv pip install -r pyproject.toml",
            {"/app/pyproject.toml": '[project]\ndynamic = ["dependencies"]'},
            "leaves its dependencies to the build",
            id="what a build finds out",
        ),
        pytest.param(
            "uv pip install -r pyproject.toml",
            {"/app/pyproject.toml": PROJECT + '[tool.uv.sources]\na = { path = "a" }'},
            "takes a dependency from a folder",
            id="a path dependency",
        ),
        pytest.param(
            "uv pip install -r r.txt", {"/app/r.txt": "-e ."}, "project itself", id="in a file"
        ),
    ],
)
def test_refused(command: str, files: dict[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


def test_an_index_in_a_folder_is_refused() -> None:
    found = install("uv pip install flask", env={"UV_FIND_LINKS": "wheels"})
    assert "UV_FIND_LINKS" in (found.refusal or "")


# Closures.


@pytest.mark.parametrize(
    "command",
    [
        "uv pip install -r requirements.txt",
        "uv pip install --system --no-deps --requirement=requirements.txt",
        "uv pip sync requirements.txt",
        "uv --quiet pip install -r requirements.txt",
    ],
)
def test_requirements_are_read(command: str) -> None:
    found = effects(command)
    assert found.install is not None
    assert found.install.manifests == ("/app/requirements.txt",)
    assert found.install.refusal is None
    assert not found.reads.contains("/app/web.py")


def test_includes_constraints_and_variables_are_followed() -> None:
    files = {
        "/app/requirements.txt": "-r more.txt",
        "/app/more.txt": "six",
        "/app/c.txt": "",
        "/app/o.txt": "",
    }
    found = install(
        "uv pip install -r requirements.txt -c c.txt", files, env={"UV_OVERRIDE": "o.txt"}
    )
    assert set(found.manifests) == set(files)


def test_a_project_file_asks_for_its_dependencies() -> None:
    files = {"/app/pyproject.toml": PROJECT, "/app/web.py": ""}
    found = effects("uv pip install --system -r pyproject.toml --extra web", files)
    assert found.install is not None
    assert found.install.manifests == ("/app/pyproject.toml",)
    assert found.install.refusal is None
    assert not found.reads.contains("/app/web.py")


def test_settings_of_uv_count_and_those_of_others_do_not() -> None:
    with_uv = {**FILES, "/app/pyproject.toml": "[tool.uv]\n"}
    assert "/app/pyproject.toml" in install("uv pip sync requirements.txt", with_uv).manifests
    others = {**FILES, "/app/pyproject.toml": "[tool.ruff]\n"}
    found = effects("uv pip sync requirements.txt", others)
    assert found.install is not None
    assert "/app/pyproject.toml" not in found.install.manifests
    assert not found.reads.contains("/app/pyproject.toml")
    assert effects("uv pip sync requirements.txt").reads.contains("/app/pyproject.toml")


def test_names_read_nothing_of_the_project() -> None:
    found = effects("uv pip install --system flask==3.1.0 six", files={"/app/web.py": ""})
    assert found.install is not None
    assert found.install.manifests == ()
    assert found.install.refusal is None


# Environments.


@pytest.mark.parametrize(
    ("command", "env", "outputs"),
    [
        ("uv pip install flask", {}, ("/app/.venv",)),
        ("uv pip install --system flask", {}, ()),
        ("uv pip install flask", {"UV_SYSTEM_PYTHON": "1"}, ()),
        ("uv pip install --system flask", {"VIRTUAL_ENV": "/app/env"}, ("/app/env",)),
        ("uv pip install --target lib flask --system", {}, ("/app/lib",)),
        ("uv pip install --system --python env/bin/python flask", {}, ("/app/env",)),
    ],
)
def test_where_packages_go(command: str, env: dict[str, str], outputs: tuple[str, ...]) -> None:
    assert install(command, env=env).outputs == outputs


def test_a_new_environment_reads_the_version_of_python() -> None:
    found = effects("uv venv --seed", {"/app/.python-version": "3.12", "/app/web.py": ""})
    assert found.install is not None
    assert found.install.manifests == ("/app/.python-version",)
    assert found.install.outputs == ("/app/.venv",)
    assert effects("uv venv /opt/venv").writes.contains("/opt/venv/bin/python")
