"""Checksums, gpg, openssl, ssh keys: what is not understood first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.ecosystems.table import understand
from reorder.shell.nodes import Opaque


def effects(command: str) -> CommandEffects:
    found = understand(call(command), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("sha256sum $F", "$F", id="a file that is not known"),
        pytest.param("sha256sum --unheard x", "--unheard", id="an unknown option"),
        pytest.param("gpg --gen-key", "--gen-key", id="asks and makes keys"),
        pytest.param("gpg --dearmor -o $F", "$F", id="an output that is not known"),
        pytest.param("gpg --options o --import k", "--options", id="options from a file"),
        pytest.param("gpg --homedir $D --import k", "$D", id="a home that is not known"),
        pytest.param("gpgconf --apply-defaults", "gpgconf", id="changes settings"),
        pytest.param("openssl req -new", "openssl req", id="asks or reads settings"),
        pytest.param("openssl x509 -in $F", "$F", id="a certificate that is not known"),
        pytest.param("ssh-keyscan -f hosts", "-f", id="hosts from a file"),
        pytest.param("ssh-keyscan $HOST", "$HOST", id="a host that may be options"),
        pytest.param("ssh-keygen -y -f k", "-y", id="another use of ssh-keygen"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, env={}), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


def test_a_keyring_folder_out_of_a_variable_is_not_understood() -> None:
    found = understand(call("gpg --import k", env={"GNUPGHOME": None}), image())
    assert isinstance(found, Opaque)


def test_a_list_names_files_of_the_folder() -> None:
    found = effects("sha256sum -c sums")
    assert found.reads.contains("/app/sums")
    assert found.reads.contains("/app/any/file")
    assert not found.writes


@pytest.mark.parametrize(
    "script",
    [
        "echo '0123  /opt/tool' | sha256sum -c -",
        'echo "$SUM */opt/tool" | sha256sum --check --status',
        "printf '%s  %s' 0123 /opt/tool | sha512sum -c",
        "echo 0123  /opt/tool | sudo sha256sum -c -",
    ],
)
def test_a_list_that_echo_gives_is_read(script: str) -> None:
    found = run_effects(script, image(env={"SUM": None, "PATH": "/usr/bin"}))
    assert isinstance(found, RunEffects)
    assert found.barrier is None
    assert found.reads.contains("/opt/tool")
    assert not found.reads.contains("/app/main.py")


@pytest.mark.parametrize(
    "script",
    [
        "cat sums | sha256sum -c -",
        'echo "0123  $FILE" | sha256sum -c -',
        "echo '0123  /opt/tool'; sha256sum -c -",
        "echo '0123  /opt/tool' | { read a; sha256sum -c -; }",
    ],
)
def test_any_other_list_may_name_every_file_of_the_folder(script: str) -> None:
    found = run_effects(script, image(env={"FILE": None, "PATH": "/usr/bin"}))
    assert isinstance(found, RunEffects)
    assert found.reads.contains("/app/main.py")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("gpg --import keys.asc", "/root/.gnupg/pubring.kbx"),
        ("gpg --homedir /opt/g --import keys.asc", "/opt/g/pubring.kbx"),
        ("gpg --dearmor -o /etc/apt/keyrings/x.gpg", "/etc/apt/keyrings/x.gpg"),
        ("gpg --dearmor key.asc", "/app/key.asc.gpg"),
        ("gpg --no-default-keyring --keyring /opt/r.gpg --recv-keys 0123", "/opt/r.gpg"),
        ("openssl dgst -sha256 -out /opt/sum file", "/opt/sum"),
        ("ssh-keygen -q -t ed25519 -N '' -f /opt/key", "/opt/key.pub"),
        ("ssh-keygen -A", "/etc/ssh/ssh_host_rsa_key"),
        ("ssh-keyscan example.org >> /root/.ssh/known_hosts", "/root/.ssh/known_hosts"),
    ],
)
def test_what_is_written(command: str, path: str) -> None:
    found = effects(command)
    assert found.writes.contains(path)
    assert not found.writes.contains("/app/main.py")


def test_a_signature_reads_both_files() -> None:
    found = effects("gpg --batch --verify tool.asc tool")
    assert {"/app/tool.asc", "/app/tool"} <= found.reads.files


def test_keys_from_a_server_are_downloads_and_no_files() -> None:
    found = effects("gpg --keyserver keys.example.org --recv-keys 0123ABCD")
    assert found.costly
    assert not found.reads.contains("/app/0123ABCD")
