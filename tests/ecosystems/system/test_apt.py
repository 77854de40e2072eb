"""System packages: what is not understood first, then what is read, written and left alone."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.system import apt
from reorder.ecosystems.table import understand
from reorder.shell.calls import calls
from reorder.shell.nodes import Opaque


def ask(command: str) -> CommandEffects | Opaque:
    return understand(call(command), image())


def effects(command: str) -> CommandEffects:
    found = ask(command)
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("apt-get install -y $PACKAGES", id="names-not-known"),
        pytest.param("apt-get install -y $NAME=1.0", id="name-not-known"),
        pytest.param("apt-get -o Dpkg::Pre-Invoke::=./x.sh install git", id="runs-a-command"),
        pytest.param("apt-get source git", id="writes-into-the-folder"),
        pytest.param("apt-get download git", id="downloads-into-the-folder"),
        pytest.param("apt $VERB git", id="verb-not-known"),
        pytest.param("dpkg -x tool.deb /app", id="unpacks-anywhere"),
        pytest.param("dpkg --root=/x -i tool.deb", id="another-root"),
        pytest.param("dpkg -i $DEB", id="file-not-known"),
        pytest.param("ldconfig -r /x", id="another-root-of-libraries"),
        pytest.param("apk add $PACKAGES", id="apk-names-not-known"),
        pytest.param("apk --root /x add git", id="apk-another-root"),
        pytest.param("apk fetch git", id="apk-downloads-into-the-folder"),
        pytest.param("dnf --installroot=/x install git", id="dnf-another-root"),
        pytest.param("zypper download git", id="zypper-unknown-verb"),
    ],
)
def test_not_understood(command: str) -> None:
    assert isinstance(ask(command), Opaque)


def test_names_from_a_file_are_not_known() -> None:
    found = calls("apt-get install -y $(cat packages.txt)", "/app", {})
    assert not isinstance(found, Opaque)
    assert isinstance(apt.effects(found[-1], image()), Opaque)


@pytest.mark.parametrize(
    "command",
    [
        "apt-get update",
        "apt-get install -y --no-install-recommends git curl=7.*",
        "apt-get install -y nginx=$NGINX_VERSION",
        "apt-get -qq -o Acquire::Retries=3 -y upgrade",
        "apt install -y git",
        "apt-get purge -y --auto-remove gcc",
        "apt-get clean",
        "apt-mark hold git",
        "apt-key adv --keyserver example.org --recv-keys 12",
        "add-apt-repository -y ppa:git-core/ppa",
        "dpkg --add-architecture i386",
        "dpkg-reconfigure -f noninteractive tzdata",
        "update-ca-certificates",
        "locale-gen en_US.UTF-8",
        "ldconfig",
        "apk add --no-cache git",
        "apk add --no-cache --virtual .build-deps gcc",
        "apk del .build-deps",
        "apk --update add git>2",
        "dnf install -y git-$VERSION",
        "yum clean all",
        "microdnf install git",
        "zypper --non-interactive in git",
    ],
)
def test_the_system_but_not_the_application(command: str) -> None:
    found = effects(command)
    assert found.barrier is None
    assert found.install is None
    assert found.caches == ()
    for path in ("/app", "/app/main.py", "/app/.build-deps"):
        assert not found.reads.contains(path)
        assert not found.writes.contains(path)
    for path in ("/etc/apt/sources.list.d/x.list", "/usr/bin/git", "/var/lib/dpkg/status"):
        assert found.reads.contains(path)
        assert found.writes.contains(path)


@pytest.mark.parametrize(
    "command",
    ["apt-get --version", "apt-cache policy git", "apt list", "dpkg -l", "apk info"],
)
def test_queries_write_nothing(command: str) -> None:
    found = effects(command)
    assert not found.writes
    assert not found.reads.contains("/app/main.py")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("apt-get install -y ./tool.deb", "/app/tool.deb"),
        ("apt install /app/debs/tool.deb", "/app/debs/tool.deb"),
        ("apt-get install -y ./debs/*.deb", "/app/debs/a.deb"),
        ("apt-get -c apt.conf update", "/app/apt.conf"),
        ("apt-get -o Dir::Etc::SourceList=/app/x.list update", "/app/x.list"),
        ("dpkg -i tool.deb", "/app/tool.deb"),
        ("dpkg -R -i debs", "/app/debs/a.deb"),
        ("apt-key add key.gpg", "/app/key.gpg"),
        ("ldconfig /app/lib", "/app/lib/x.so"),
        ("apk add --allow-untrusted x.apk", "/app/x.apk"),
        ("apk add --repositories-file repos git", "/app/repos"),
        ("yum localinstall -y ./x.rpm", "/app/x.rpm"),
    ],
)
def test_files_that_are_named_are_read(command: str, path: str) -> None:
    found = effects(command)
    assert found.reads.contains(path)
    assert not found.reads.contains("/app/main.py")


def test_alternatives_write_their_link() -> None:
    found = effects("update-alternatives --install /app/bin/x x /opt/x 1")
    assert found.writes.contains("/app/bin/x")


def test_what_is_worth_moving() -> None:
    assert effects("apt-get update").costly
    assert effects("apk add git").costly
    assert not effects("apt-get clean").costly
    assert not effects("dpkg -l").costly


def test_variables() -> None:
    names = effects("apt-get install -y git").env
    assert names is not None
    assert {"DEBIAN_*", "https_proxy", "LC_*"} <= names
    assert "VERSION" not in names
