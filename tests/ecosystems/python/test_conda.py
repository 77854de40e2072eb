"""conda and its kin: refusals first, then closures and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import CommandEffects, Install
from reorder.ecosystems.python import conda
from reorder.shell.nodes import Opaque

FILE = "name: a\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n"


def with_pip(*lines: str) -> str:
    return FILE + "  - pip:\n" + "".join(f"      - {line}\n" for line in lines)


def effects(
    command: str,
    files: Mapping[str, str],
    env: Mapping[str, str | None] | None = None,
    **overrides: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = conda.effects(call(command, env=state), image(files, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str], **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


@pytest.mark.parametrize(
    "command",
    [
        "conda run -n a python x.py",
        "conda env create user/name",
        "conda env create -f $FILE",
        "conda env create -p $P -f e.yml",
        "micromamba run x",
    ],
)
def test_opaque(command: str) -> None:
    found = conda.effects(call(command), image({"/app/e.yml": FILE}))
    assert found is None or isinstance(found, Opaque)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (with_pip("-e ."), "installs the project itself"),
        (with_pip("./libs/x"), "is built in its folder"),
        (with_pip("-r missing.txt"), "missing.txt is not in the build context"),
        (with_pip("x.whl"), "x.whl does not come from the build context"),
        ("a: [", "is not YAML"),
        (FILE.replace("conda-forge", "$CHANNEL"), "a channel"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    refusal = install("conda env create -f environment.yml", {"/app/environment.yml": text}).refusal
    assert refusal is not None
    assert reason in refusal


def test_no_file() -> None:
    refusal = install("conda env create", {}).refusal
    assert refusal == "/app/environment.yml is not in the build context"


@pytest.mark.parametrize(
    "command",
    [
        "conda env create",
        "conda env create --file environment.yml -n x",
        "conda env update -n base -f environment.yml --prune",
        "mamba env create -f environment.yml",
        "micromamba install -y -n base -f environment.yml",
        "conda create -n x --file environment.yml",
    ],
)
def test_an_environment_file(command: str) -> None:
    found = install(command, {"/app/environment.yml": FILE})
    assert found.refusal is None
    assert found.manifests == ("/app/environment.yml",)


def test_the_part_for_pip_is_relative_to_the_file() -> None:
    files = {
        "/app/env/e.yml": with_pip("-r ../r/a.txt", "flask==3.0", "./w/x.whl"),
        "/app/r/a.txt": "-c c.txt\nrich\n",
        "/app/r/c.txt": "rich==1",
        "/app/env/w/x.whl": "",
    }
    found = install("conda env create -f env/e.yml", files)
    assert found.refusal is None
    assert set(found.manifests) == set(files)


def test_an_environment_in_the_application() -> None:
    found = install("conda env create -p ./env", {"/app/environment.yml": FILE})
    assert found.outputs == ("/app/env",)
    assert found.ignore == ("env",)


@pytest.mark.parametrize(
    ("command", "env", "off"),
    [
        ("conda env create", {}, "CONDA_PKGS_DIRS"),
        ("conda env create", {"CONDA_PKGS_DIRS": "/c"}, "linked or copied"),
        ("conda env create", {"CONDA_PKGS_DIRS": None}, "not known"),
        ("conda env create", {"CONDA_PKGS_DIRS": "/c", "CONDA_ALWAYS_COPY": "true"}, None),
        ("conda create --copy --file e.txt", {"CONDA_PKGS_DIRS": "/c"}, None),
    ],
)
def test_packages(command: str, env: Mapping[str, str | None], off: str | None) -> None:
    files = {"/app/environment.yml": FILE, "/app/e.txt": "numpy\n"}
    (found,) = effects(command, files, env=env).caches
    assert (found.off is None) == (off is None)
    assert (off or "") in (found.off or "")
    assert off is not None or found.target == "/c"


def test_packages_by_name_are_still_understood() -> None:
    assert effects("conda install -y numpy", {}).costly
    assert not effects("conda clean -afy", {}).costly
    assert isinstance(effects("conda config --set always_yes true", {}), CommandEffects)
