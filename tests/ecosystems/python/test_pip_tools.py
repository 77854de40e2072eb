"""pip-tools and tools run as modules: what is not understood first."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque

FILES = {"/app/requirements.txt": "flask==3.1.0\n", "/app/requirements.in": "flask\n"}


def effects(command: str, files: Mapping[str, str] = FILES) -> CommandEffects:
    found = understand(call(command), image(files))
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    "command",
    [
        "pip-sync $FILES",
        "pip-sync --pip-args '--no-deps'",
        "pip-compile",
        "pip-compile pyproject.toml",
        "pip-compile a.in b.in",
        "pip-compile requirements.in -o $F",
        "hatch run test",
        "hatch env create",
        "flit publish",
        "python -m build $D",
        "python -m tool",
        "python -m poetry run x",
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(understand(call(command, env={}), image(FILES)), Opaque)


def test_pip_sync_reads_the_files_it_is_given() -> None:
    for command in ("pip-sync", "pip-sync requirements.txt", "python -m piptools sync"):
        found = effects(command).install
        assert found is not None
        assert found.manifests == ("/app/requirements.txt",)
        assert found.refusal is None
    missing = effects("pip-sync dev.txt").install
    assert missing is not None
    assert "/app/dev.txt is not in the build context" in (missing.refusal or "")


def test_what_pip_compile_makes_follows_from_its_sources() -> None:
    found = effects("pip-compile requirements.in -q -o all.txt")
    assert found.made == {"/app/all.txt"}
    assert found.install is not None
    assert found.install.manifests == ("/app/requirements.in",)
    assert effects("pip-compile requirements.in").writes.contains("/app/requirements.txt")
    local = effects("pip-compile a.in", {"/app/a.in": "-e ."})
    assert local.made == frozenset()
    assert local.install is not None
    assert local.install.refusal is not None


@pytest.mark.parametrize(
    "command", ["python -m build", "pyproject-build --wheel -o dist", "hatch build", "flit build"]
)
def test_a_build_reads_and_writes_the_project(command: str) -> None:
    found = effects(command)
    assert found.barrier is None
    assert found.reads.contains("/app/src/x.py")
    assert found.writes.contains("/app/dist/x.whl")
    assert found.install is None


def test_a_tool_that_is_run_as_a_module() -> None:
    files = {"/app/Pipfile": "[packages]\n", "/app/Pipfile.lock": '{"default": {}}'}
    found = effects("python3 -m pipenv sync --system", files).install
    assert found is not None
    assert found.manifests == ("/app/Pipfile", "/app/Pipfile.lock")
    assert found.refusal is None


def test_a_module_of_the_project_stands_first() -> None:
    files = {"/app/Pipfile": "", "/app/Pipfile.lock": "{}", "/app/secrets.py": ""}
    found = understand(call("python -m pipenv sync"), image(files))
    assert isinstance(found, Opaque)
    assert "secrets.py" in found.reason


def test_no_step_is_put_before_a_module() -> None:
    files = {"/app/pyproject.toml": '[tool.poetry]\nname = "a"\n', "/app/poetry.lock": ""}
    found = effects("python -m poetry install", files)
    assert found.prefetch is None
    assert found.install is not None
    assert found.install.refusal is not None
