"""The table: what is unknown, and that it says the same as the modules."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import ECOSYSTEMS, command_key, module, understand
from reorder.shell.nodes import Opaque


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("make all", "`make all` is not understood", id="not in the table"),
        pytest.param("./cat x", "`./cat x` is not understood", id="a script with a known name"),
        pytest.param("/app/npm ci", "`/app/npm ci` is not understood", id="a tool of the project"),
        pytest.param("echo x > $F", "`echo` gets `$F`", id="a redirect that is not known"),
        pytest.param("python manage.py migrate", "not understood", id="code of the project"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("pip", "pip"),
        ("pip3", "pip"),
        ("/usr/local/bin/pip3.11", "pip"),
        ("python3.12", "python"),
        ("./mvnw", "mvnw"),
        ("apk3", "apk3"),
    ],
)
def test_command_key(name: str, key: str) -> None:
    assert command_key(name) == key


@pytest.mark.parametrize("command", ["/bin/rm -f a", "/usr/bin/npm ci", "/opt/venv/bin/pip list"])
def test_a_folder_in_front_is_fine_for_system_tools_and_environments(command: str) -> None:
    assert isinstance(understand(call(command), image()), CommandEffects)


@pytest.mark.parametrize(
    "command", ["sh mvnw package", "bash ./mvnw package", "ash ./gradlew build"]
)
def test_a_shell_runs_the_wrapper_of_a_build_tool(command: str) -> None:
    found = understand(call(command), image())
    assert isinstance(found, CommandEffects)
    assert found.prefetch is not None
    assert found.prefetch.command.startswith("sh ./")


@pytest.mark.parametrize("command", ["sh build.sh", "bash", "sh $MVNW", "sh mvnw.sh"])
def test_a_shell_is_only_known_to_run_a_wrapper(command: str) -> None:
    assert isinstance(understand(call(command), image()), Opaque)


def test_redirects_count_for_every_command() -> None:
    found = understand(call("pip freeze < in > /app/out 2>> /app/log"), image())
    assert isinstance(found, CommandEffects)
    assert found.reads.contains("/app/in")
    assert found.reads.contains("/app/log")
    assert not found.reads.contains("/app/out")
    assert found.writes.files == {"/app/out", "/app/log"}


def test_a_redirect_needs_its_folder() -> None:
    found = understand(call("echo x > conf/y"), image())
    assert isinstance(found, CommandEffects)
    assert found.reads.contains("/app/conf")


def test_kernel_files_are_not_in_the_image() -> None:
    found = understand(call("echo x > /proc/sys/x"), image())
    assert isinstance(found, CommandEffects)
    assert not found.writes


@pytest.mark.parametrize("row", ECOSYSTEMS, ids=lambda row: row.module)
def test_a_row_has_the_commands_of_its_module(row: object) -> None:
    found = module(row.module)  # type: ignore[attr-defined]
    assert row.commands == found.COMMANDS  # type: ignore[attr-defined]
    assert found.LEVEL in (1, 2, 3, 4)
    assert found.NAME


def test_no_command_is_in_two_rows() -> None:
    names = [name for row in ECOSYSTEMS for name in row.commands]
    assert sorted(names) == sorted(set(names))


def test_the_table_imports_no_ecosystem() -> None:
    code = (
        "import sys, reorder.ecosystems.table as t; "
        "print([r.module for r in t.ECOSYSTEMS if 'reorder.ecosystems.' + r.module in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
