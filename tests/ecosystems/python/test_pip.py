"""pip: no use of it that is not understood first, then refusals, then closures and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ecosystems.fakes import PATH, call, image

from reorder.ecosystems.contract import Cache, CommandEffects, Install
from reorder.ecosystems.python import pip
from reorder.shell.nodes import Opaque

REQUIREMENTS = {"/app/requirements.txt": "six\n"}
Env = Mapping[str, str | None]


def effects(
    command: str,
    files: Mapping[str, str] = REQUIREMENTS,
    env: Env | None = None,
    **overrides: Any,
) -> CommandEffects:
    state = {"PATH": PATH, "HOME": "/root", **(env or {})}
    found = pip.effects(call(command, env=state), image(files, env=state, **overrides))
    assert isinstance(found, CommandEffects), found
    return found


def install(command: str, files: Mapping[str, str] = REQUIREMENTS, **more: Any) -> Install:
    found = effects(command, files, **more).install
    assert found is not None
    return found


def cache(command: str, **more: Any) -> Cache:
    (found,) = effects(command, **more).caches
    return found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("pip install -r $R", id="a requirement file that is not known"),
        pytest.param("pip install $PACKAGES", id="packages that are not known"),
        pytest.param("pip install --no-such-option six", id="an option pip has not"),
        pytest.param("pip install --no six", id="an abbreviation of several options"),
        pytest.param("pip install --no-cache-dir=1 six", id="a value for a flag"),
        pytest.param("pip install -r", id="a value that lacks"),
        pytest.param("pip install --group dev", id="dependency groups"),
        pytest.param("pip frobnicate", id="an unknown command"),
        pytest.param("pip config set global.target /x", id="a setting that changes installs"),
        pytest.param("python -m venv $D", id="an environment that is not known"),
    ],
)
def test_opaque(command: str) -> None:
    assert isinstance(pip.effects(call(command, env={}), image(REQUIREMENTS)), Opaque)


@pytest.mark.parametrize("name", ["PIP_REQUIREMENT", "PIP_TARGET", "PIP_CONSTRAINT"])
def test_a_setting_with_an_unknown_value_is_opaque(name: str) -> None:
    assert isinstance(pip.effects(call("pip install six", env={name: None}), image()), Opaque)


@pytest.mark.parametrize(
    "command", ["python manage.py x", "python -c 1", "python -m http.server", "./pip install six"]
)
def test_not_its_command(command: str) -> None:
    assert pip.effects(call(command), image()) is None


@pytest.mark.parametrize(
    ("command", "files", "reason"),
    [
        pytest.param("pip install .", {}, "installs the project itself", id="the project"),
        pytest.param("pip install -e .[dev]", {}, "installs the project itself", id="editable"),
        pytest.param("pip install --editable=../app", {}, "project itself", id="editable by path"),
        pytest.param("pip install ./lib", {}, "is built in its folder", id="a folder"),
        pytest.param(
            "pip install file:///app/lib", {}, "is built in its folder", id="a folder url"
        ),
        pytest.param(
            "pip install -r r.txt", {}, "/app/r.txt is not in the build context", id="missing"
        ),
        pytest.param("pip install -r /tmp/r.txt", {}, "does not come from", id="from elsewhere"),
        pytest.param(
            "pip install x.whl", {}, "/app/x.whl does not come", id="an archive not known"
        ),
        pytest.param("pip install -f wheels six", {}, "/app/wheels (--find-links)", id="no folder"),
        pytest.param("pip install -e git+https://x/y#egg=y", {}, "is checked out into", id="vcs"),
        pytest.param(
            "pip install -r r.txt",
            {"/app/r.txt": "-e ."},
            "`-e .` installs the project",
            id="in a file",
        ),
        pytest.param(
            "python -m pip install six",
            {"/app/secrets.py": ""},
            "/app/secrets.py stands",
            id="shadowed",
        ),
        pytest.param(
            "python3 -m pip install six",
            {"/app/email/__init__.py": ""},
            "/app/email/__init__.py stands",
            id="shadowed by a package",
        ),
    ],
)
def test_refused(command: str, files: dict[str, str], reason: str) -> None:
    refusal = install(command, files).refusal
    assert refusal is not None
    assert reason in refusal


def test_pythonpath_is_searched_however_pip_is_called() -> None:
    files = {**REQUIREMENTS, "/app/src/logging.py": ""}
    refusal = install(
        "pip install -r requirements.txt", files, env={"PYTHONPATH": "/app/src"}
    ).refusal
    assert refusal is not None
    assert "/app/src/logging.py" in refusal


@pytest.mark.parametrize(
    "command", ["pip install six", "python -I -m pip install six", "/usr/bin/pip3 install six"]
)
def test_the_working_folder_matters_only_to_python_m(command: str) -> None:
    assert install(command, {"/app/secrets.py": "", "/app/models.py": ""}).refusal is None


@pytest.mark.parametrize("name", ["models.py", "test/__init__.py", "data/io.py"])
def test_modules_that_pip_does_not_import_are_no_hindrance(name: str) -> None:
    assert install("python -m pip install six", {f"/app/{name}": ""}).refusal is None


def test_the_project_is_read_and_written_whole_without_a_barrier() -> None:
    found = effects("pip install -e .")
    assert found.barrier is None
    assert found.reads.contains("/app/src/x.py")
    assert found.writes.contains("/app/x.egg-info/PKG-INFO")


# Closures.


@pytest.mark.parametrize(
    "command",
    [
        "pip install -r requirements.txt",
        "pip3 install -rrequirements.txt",
        "pip3.11 install --requirement=requirements.txt",
        "pip install --requirement requirements.txt",
        "pip install -qr requirements.txt",
        "pip -q --no-input install -U -r ./requirements.txt",
        "/usr/local/bin/pip install -r /app/requirements.txt",
        "python -m pip install -r requirements.txt",
        "python3 -u -m pip install -r requirements.txt",
        "python -mpip install -r requirements.txt",
        "pip download -d /wheels -r requirements.txt",
        "pip wheel --no-deps -w /wheels -r requirements.txt",
        "pip install -c requirements.txt six",
        "pip install -r requirements.txt --index-url=https://$USER:$PASSWORD@example.org/simple",
        "pip install -r requirements.txt -i $INDEX",
        "pip install -r requirements.txt 'six==1.0' uvicorn[standard] flask==$FLASK_VERSION",
    ],
)
def test_every_spelling_has_the_closure(command: str) -> None:
    found = install(command, env={"USER": None})
    assert (found.manifests, found.refusal) == (("/app/requirements.txt",), None)


def test_the_application_beside_the_closure_is_not_touched() -> None:
    found = effects("pip install -r requirements.txt")
    assert found.reads.contains("/app/requirements.txt")
    assert found.reads.contains("/usr/lib/x")
    assert not found.reads.contains("/app/main.py")
    assert not found.writes.contains("/app/main.py")
    assert found.writes.contains("/usr/local/lib/python3/site-packages/six.py")


def test_names_alone_need_no_manifests() -> None:
    found = effects("pip install -U pip setuptools wheel", {"/app/pip/x": ""})
    assert found.install == Install(
        manifests=(), assumptions=found.install.assumptions if found.install else ()
    )
    assert not found.reads.contains("/app/x")


def test_a_pattern_stands_for_every_known_match() -> None:
    files = {"/app/p/a/requirements.txt": "-r more.txt", "/app/p/a/more.txt": "", "/app/p/b/x": ""}
    found = effects("pip install -r p/*/requirements.txt", files)
    assert found.install is not None
    assert found.install.manifests == ("/app/p/a/requirements.txt", "/app/p/a/more.txt")
    assert found.reads.contains("/app/p/b/requirements.txt")
    assert not found.reads.contains("/app/p/b/x")


def test_requirements_from_the_network_are_no_files() -> None:
    found = install("pip install -r https://example.org/r.txt -f https://example.org/links")
    assert (found.manifests, found.folders, found.refusal) == ((), (), None)


def test_a_local_wheel_and_a_folder_of_wheels_are_part_of_it() -> None:
    files = {"/app/x.whl": "", "/app/wheels/y.whl": "", "/app/r.txt": "./x.whl"}
    found = install("pip install --no-index -f wheels -r r.txt", files)
    assert found.refusal is None
    assert found.manifests == ("/app/r.txt", "/app/x.whl")
    assert found.folders == ("/app/wheels",)


def test_wheels_from_another_stage_are_understood_without_the_source() -> None:
    found = effects("pip install --no-cache /wheels/*")
    assert found.reads.contains("/wheels/x.whl")
    assert not found.reads.contains("/app/x")


@pytest.mark.parametrize(
    ("env", "manifests"),
    [
        ({"PIP_CONSTRAINT": "c.txt"}, ("/app/c.txt",)),
        ({"PIP_CONSTRAINT": ""}, ()),
        ({"PIP_REQUIREMENT": "c.txt d.txt"}, ("/app/c.txt", "/app/d.txt")),
        ({"PIP_CONFIG_FILE": "/app/pip.conf"}, ("/app/d.txt",)),
    ],
)
def test_settings_from_outside_count(env: Env, manifests: tuple[str, ...]) -> None:
    files = {
        "/app/c.txt": "",
        "/app/d.txt": "",
        "/app/pip.conf": "[global]\ntimeout = 60\n[install]\nconstraint = d.txt\n",
    }
    found = effects("pip install six", files, env=env)
    assert found.install is not None
    assert set(manifests) <= set(found.install.manifests)
    assert all(found.reads.contains(path) for path in manifests)


def test_a_configuration_of_the_application_is_part_of_the_closure() -> None:
    files = {**REQUIREMENTS, "/app/pip.conf": "[global]\ntimeout = 60\n"}
    found = install(
        "pip install -r requirements.txt", files, env={"PIP_CONFIG_FILE": "/app/pip.conf"}
    )
    assert found.manifests == ("/app/requirements.txt", "/app/pip.conf")


def test_isolated_ignores_them() -> None:
    env: Env = {"PIP_NO_CACHE_DIR": "1", "PIP_CONSTRAINT": None}
    found = effects("pip install --isolated six", env=env)
    assert [c.off for c in found.caches] == [None]


@pytest.mark.parametrize(
    ("command", "env", "output"),
    [
        ("pip install -t lib six", {}, "/app/lib"),
        ("pip install --prefix=/app/p six", {}, "/app/p"),
        ("/app/.venv/bin/pip install six", {}, "/app/.venv"),
        (".venv/bin/python -m pip install six", {}, "/app/.venv"),
        ("pip install six", {"PATH": "/app/env/bin:/usr/bin"}, "/app/env"),
        ("pip install six", {"VIRTUAL_ENV": "/app/v"}, "/app/v"),
        ("pip wheel -w wheels six", {}, "/app/wheels"),
        ("pip download six", {}, "/app"),
        ("pip install --user six", {"HOME": "/app"}, "/app/.local"),
    ],
)
def test_outputs_in_the_application(command: str, env: Env, output: str) -> None:
    found = effects(command, env=env)
    assert found.install is not None
    assert found.install.outputs == (output,)
    assert found.writes.contains(output + "/x")


def test_an_output_is_ignored_where_the_context_would_have_it() -> None:
    found = install("/app/.venv/bin/pip install -r requirements.txt")
    assert found.ignore == (".venv",)


def test_a_venv_is_written() -> None:
    found = effects("python -m venv --copies .venv")
    assert found.writes.trees == {"/app/.venv"}


def test_assumptions_are_told() -> None:
    assert install("pip install six").assumptions == (
        "building a dependency from source reads only the files of that dependency",
    )
    assert install("pip install --only-binary=:all: six").assumptions == ()
    assert "version control" in install("pip install git+https://example.org/x").assumptions[1]
    assert "PATH" in install("pip install six", env={"PATH": None}).assumptions[1]


def test_variables_of_a_requirement_file_are_read() -> None:
    found = effects(
        "pip install -r r.txt", {"/app/r.txt": "x @ https://${TOKEN}@example.org/x.zip"}
    )
    assert found.env is not None
    assert "TOKEN" in found.env
    assert "GIT_SHA" not in found.env


# Caches.


@pytest.mark.parametrize(
    ("command", "more", "reason"),
    [
        pytest.param("pip install six", {"env": {"PIP_NO_CACHE_DIR": "1"}}, "disables", id="on"),
        pytest.param("pip install six", {"env": {"PIP_NO_CACHE_DIR": "off"}}, "disables", id="off"),
        pytest.param(
            "pip install six", {"env": {"PIP_NO_CACHE_DIR": None}}, "disables", id="unknown"
        ),
        pytest.param("pip install six", {"env": {"XDG_CACHE_HOME": None}}, "not known", id="xdg"),
        pytest.param("pip install --cache-dir $C six", {}, "not known", id="an unknown folder"),
        pytest.param("pip install six", {"user": None}, "user that runs it", id="an unknown user"),
        pytest.param(
            "pip install six", {"env": {"HOME": None}}, "home folder", id="an unknown home"
        ),
        pytest.param(
            "pip install six", {"user": "app", "uid": None}, "numeric id", id="an unknown uid"
        ),
        pytest.param("sudo pip install six", {"user": "app"}, "sudo", id="another user"),
    ],
)
def test_no_cache_with_the_reason(command: str, more: dict[str, Any], reason: str) -> None:
    off = cache(command, **more).off
    assert off is not None
    assert reason in off


@pytest.mark.parametrize(
    ("command", "env", "target"),
    [
        ("pip install six", {}, "/root/.cache/pip"),
        ("pip install six", {"HOME": "/home/app"}, "/home/app/.cache/pip"),
        ("pip install six", {"XDG_CACHE_HOME": "/c"}, "/c/pip"),
        ("pip install six", {"PIP_CACHE_DIR": "/c"}, "/c"),
        ("pip install six", {"PIP_NO_CACHE_DIR": ""}, "/root/.cache/pip"),
        ("pip install --cache-dir=/d six", {"PIP_CACHE_DIR": "/c"}, "/d"),
    ],
)
def test_where_the_cache_is(command: str, env: Env, target: str) -> None:
    found = cache(command, env=env)
    assert (found.target, found.off, found.cancels, found.payload) == (target, None, (), False)


def test_wheels_that_are_there_need_no_cache() -> None:
    for command in ("pip install --no-deps dist/*.whl", "pip install --no-deps ./x-1.whl"):
        assert effects(command).caches == ()
    for command in ("pip install dist/*.whl", "pip install --no-deps flask"):
        assert effects(command).caches


def test_what_cancels_the_cache() -> None:
    assert cache("pip install --no-cache-dir six").cancels == ((12, 26),)
    assert cache("pip --no-cache-dir install six").cancels == ((4, 18),)


def test_a_purge_writes_the_cache_by_name() -> None:
    assert effects("pip cache purge").writes.trees == {"/root/.cache/pip"}


def test_a_query_changes_nothing() -> None:
    for command in ("pip --version", "pip list", "pip check", "python3.11 --version", "pip"):
        assert not effects(command).writes
