"""pipenv: what is not understood first, then refusals, closures, environments and caches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.python import pipenv
from reorder.shell.nodes import Opaque

PIPFILE = """\
[[source]]
url = "https://pypi.org/simple"
verify_ssl = true
name = "pypi"

[packages]
six = "*"

[dev-packages]
iniconfig = "*"

[requires]
python_version = "3.11"
"""
# As pipenv 2026.10.3 noted it for this very Pipfile.
NOTED = "660b2e0e9894d2da15d7434ce39eaa724f987d838e0f676c17138e12cd1c57c6"


def lock(default: Mapping[str, object] | None = None, noted: str = NOTED) -> str:
    return json.dumps(
        {
            "_meta": {"hash": {"sha256": noted}},
            "default": default or {"six": {"version": "==1.17.0"}},
            "develop": {},
        }
    )


FILES = {"/app/Pipfile": PIPFILE, "/app/Pipfile.lock": lock(), "/app/web.py": ""}
BOTH = ("/app/Pipfile", "/app/Pipfile.lock")


def effects(
    command: str,
    files: Mapping[str, str] = FILES,
    env: Mapping[str, str | None] | None = None,
    **more: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = pipenv.effects(call(command, env=state), image(files, env=state, **more))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str] = FILES, **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def cache(command: str, **more: Any) -> Cache:
    (found,) = effects(command, **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("pipenv install flask", id="a package by name"),
        pytest.param("pipenv install -r requirements.txt", id="requirements"),
        pytest.param("pipenv install -e .", id="editable"),
        pytest.param("pipenv install $PACKAGES", id="words that are not known"),
        pytest.param("pipenv install --no-such-option", id="an option that pipenv has not"),
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(pipenv.effects(call(command, env={}), image(FILES)), Opaque)


@pytest.mark.parametrize("command", ["pipenv run python x.py", "pipenv lock", "pipenv update"])
def test_what_runs_or_changes_the_project_is_not_its_own(command: str) -> None:
    assert pipenv.effects(call(command), image(FILES)) is None


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("pipenv sync", {}, "/app/Pipfile is not in", id="no Pipfile"),
        pytest.param("pipenv sync", {**FILES, "/app/Pipfile": "x"}, "Pipfile", id="no TOML"),
        pytest.param(
            "pipenv sync", {"/app/Pipfile": PIPFILE}, "/app/Pipfile.lock is not in", id="no lock"
        ),
        pytest.param(
            "pipenv install --system",
            {**FILES, "/app/Pipfile.lock": lock(noted="0")},
            "does not plainly fit",
            id="a stale lock",
        ),
        pytest.param(
            "pipenv sync",
            {**FILES, "/app/Pipfile.lock": lock({"shop": {"path": ".", "editable": True}})},
            "installs the project itself",
            id="the project",
        ),
        pytest.param(
            "pipenv sync",
            {**FILES, "/app/Pipfile.lock": lock({"a": {"file": "file:///app/libs/a"}})},
            "in its folder",
            id="a folder by its address",
        ),
        pytest.param(
            "pipenv sync",
            {**FILES, "/app/Pipfile.lock": lock({"a": {"path": "./a-1.0-py3-none-any.whl"}})},
            "a-1.0-py3-none-any.whl is not in",
            id="an archive that is not there",
        ),
        pytest.param("pipenv sync", {**FILES, "/app/Pipfile.lock": "{"}, "lock", id="no JSON"),
    ],
)
def test_refused(command: str, files: dict[str, str], reason: str) -> None:
    assert reason in (install(command, files).refusal or "")


@pytest.mark.parametrize(
    "command",
    [
        "pipenv install",
        "pipenv install --system --deploy --ignore-pipfile",
        "pipenv install --dev --deploy",
        "pipenv sync --system -v",
        "pipenv requirements",
    ],
)
def test_the_pipfile_and_its_lock_are_read(command: str) -> None:
    found = effects(command)
    assert found.install is not None
    assert found.install.manifests == BOTH
    assert found.install.refusal is None
    assert not found.reads.contains("/app/web.py")
    assert not found.writes.contains("/app/Pipfile.lock")


def test_the_hash_is_that_of_what_the_pipfile_asks_for() -> None:
    changed = {**FILES, "/app/Pipfile": PIPFILE.replace("six", "attrs")}
    assert install("pipenv install", changed).refusal is not None
    more = PIPFILE + '\n[docs]\nsphinx = "*"\n'
    data = {
        "_meta": {
            "sources": [{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}],
            "requires": {"python_version": "3.11"},
        },
        "default": {"six": "*"},
        "develop": {"iniconfig": "*"},
        "docs": {"sphinx": "*"},
    }
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"))
    noted = hashlib.sha256(plain.encode()).hexdigest()
    files = {"/app/Pipfile": more, "/app/Pipfile.lock": lock(noted=noted)}
    assert install("pipenv install", files).refusal is None


def test_a_lockfile_that_it_makes_is_written() -> None:
    found = effects("pipenv install --system", {"/app/Pipfile": PIPFILE})
    assert found.writes.contains("/app/Pipfile.lock")
    assert found.install is not None
    assert found.install.refusal is None
    skipped = effects("pipenv install --skip-lock", {"/app/Pipfile": PIPFILE})
    assert not skipped.writes.contains("/app/Pipfile.lock")


def test_the_pipfile_may_be_named_or_above() -> None:
    files = {"/app/deploy/Pipfile": PIPFILE, "/app/deploy/Pipfile.lock": lock()}
    found = install("pipenv sync", files, env={"PIPENV_PIPFILE": "/app/deploy/Pipfile"})
    assert found.manifests == ("/app/deploy/Pipfile", "/app/deploy/Pipfile.lock")
    above = pipenv.effects(call("pipenv sync", "/app/sub"), image(FILES, cwd="/app/sub"))
    assert isinstance(above, CommandEffects)
    assert above.install is not None
    assert above.install.manifests == BOTH


def test_the_environment_is_kept_out_of_the_context() -> None:
    assert install("pipenv install").ignore == (".venv",)
    assert install("pipenv install --system").outputs == ()
    assert install("pipenv sync", env={"WORKON_HOME": "/app/envs"}).outputs == (
        "/app/.venv",
        "/app/envs",
    )


@pytest.mark.parametrize(
    ("env", "target"),
    [
        ({}, "/root/.cache/pipenv"),
        ({"PIPENV_CACHE_DIR": "/var/cache/x"}, "/var/cache/x"),
        ({"XDG_CACHE_HOME": "/var/cache"}, "/var/cache/pipenv"),
    ],
)
def test_where_the_cache_is(env: dict[str, str], target: str) -> None:
    assert cache("pipenv sync", env=env).target == target


def test_a_cache_that_is_not_known_is_not_mounted() -> None:
    assert "not known" in (cache("pipenv sync", env={"PIPENV_CACHE_DIR": None}).off or "")


@pytest.mark.parametrize("value", ["1", "false", None])
def test_pip_may_be_told_to_keep_nothing(value: str | None) -> None:
    assert "PIP_NO_CACHE_DIR" in (cache("pipenv sync", env={"PIP_NO_CACHE_DIR": value}).off or "")


def test_what_it_prints_follows_from_the_lockfile() -> None:
    assert effects("pipenv requirements").prints
    folder = {**FILES, "/app/Pipfile.lock": lock({"a": {"path": "./a"}})}
    assert not effects("pipenv requirements", folder).prints


def test_a_question_writes_nothing() -> None:
    assert not effects("pipenv --version").writes
