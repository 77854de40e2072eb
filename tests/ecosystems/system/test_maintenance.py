"""System upkeep, rpm and PHP's extensions: what is not understood first."""

from __future__ import annotations

import pytest
from ecosystems.fakes import call, image

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.table import understand
from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque


def effects(command: str) -> CommandEffects:
    found = understand(call(command), image())
    assert isinstance(found, CommandEffects), found
    return found


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        pytest.param("ldconfig -r /x", "root", id="libraries of another root"),
        pytest.param("localedef --prefix=/x -i en_US -f UTF-8 en_US", "root", id="another prefix"),
        pytest.param("localedef -i ./en -f UTF-8 en", "of its own", id="a locale of the project"),
        pytest.param("update-alternatives --altdir /x", "root folder", id="another folder"),
        pytest.param("systemctl start nginx", "running services", id="a running service"),
        pytest.param("crontab -e", "input", id="asks"),
        pytest.param("visudo", "input", id="asks, too"),
        pytest.param("ldconfig $D", "$D", id="a folder that is not known"),
        pytest.param("update-alternatives --install $L x $P 1", "$L", id="a link not known"),
        pytest.param("rpm --root /x -i a.rpm", "--root", id="packages of another root"),
        pytest.param("rpm -i $P", "$P", id="a package that is not known"),
        pytest.param("rpm --pipe x -qa", "--pipe", id="runs a command"),
        pytest.param("docker-php-ext-install $E", "$E", id="an extension that is not known"),
        pytest.param("docker-php-ext-configure gd --with-x=$D/y", "$D", id="a folder of its own"),
        pytest.param("pecl package x", "pecl package", id="packs the project"),
        pytest.param("pecl install -R /x redis", "root", id="extensions of another root"),
        pytest.param("useradd -m $NAME", "$NAME", id="a user that is not known"),
        pytest.param("useradd -d $D app", "$D", id="a home that is not known"),
        pytest.param("useradd --unheard app", "--unheard", id="an unknown option"),
    ],
)
def test_opaque_with_the_reason(command: str, reason: str) -> None:
    found = understand(call(command, env={}), image())
    assert isinstance(found, Opaque)
    assert reason in found.reason


@pytest.mark.parametrize(
    "command",
    [
        "locale-gen en_US.UTF-8",
        "locale-gen ${LANG}",
        "localedef -i en_US -f UTF-8 en_US.UTF-8",
        "update-locale LANG=C.UTF-8",
        "update-ca-certificates",
        "dpkg-reconfigure -f noninteractive tzdata",
        "debconf-set-selections",
        "a2enmod rewrite ssl",
        "systemctl enable nginx",
        "yum-config-manager --add-repo https://example.org/x.repo",
        "visudo -c",
        "rpm -Uvh https://example.org/x-$V.rpm",
        "rpm --import https://example.org/key",
        "docker-php-ext-install -j$(nproc) pdo_mysql gd",
        'docker-php-ext-install -j "$(nproc)" gd',
        "docker-php-ext-configure gd --with-jpeg --with-freetype=/usr",
        "pecl install redis-6.0.2",
        "pecl install xdebug-$V",
        "docker-php-ext-enable redis",
        "add-apt-repository -y ppa:example/x",
        "apt-key adv --keyserver keys.example.org --recv-keys 0123",
    ],
)
def test_the_system_changes_and_the_application_does_not(command: str) -> None:
    (found,) = [
        understand(each, image())
        for each in calls_of(command, {"HOME": "/root", "V": None, "LANG": None})
        if each.name not in ("nproc",)
    ]
    assert isinstance(found, CommandEffects), found
    assert found.writes.contains("/etc/x")
    assert not found.writes.contains("/app/x")
    assert not found.reads.contains("/app/x")


def calls_of(command: str, env: dict[str, str | None]) -> tuple[Call, ...]:
    found = calls(command, "/app", env)
    assert not isinstance(found, Opaque), found
    return found


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("debconf-set-selections answers", "/app/answers"),
        ("crontab crontab.txt", "/app/crontab.txt"),
        ("visudo -cf sudoers", "/app/sudoers"),
        ("rpm -i ./tool.rpm", "/app/tool.rpm"),
        ("rpm -i tool.rpm", "/app/tool.rpm"),
        ("pecl install ./ext", "/app/ext/config.m4"),
        ("docker-php-ext-configure x --with-y=/app/y", "/app/y/z"),
        ("ldconfig lib", "/app/lib/x.so"),
        ("apt-key add key.asc", "/app/key.asc"),
    ],
)
def test_files_that_are_named_are_read(command: str, path: str) -> None:
    assert effects(command).reads.contains(path)


def test_an_alternative_writes_its_link() -> None:
    found = effects("update-alternatives --install /app/bin/x x /opt/x 1")
    assert found.writes.contains("/app/bin/x")


@pytest.mark.parametrize("command", ["rpm -qa", "rpm -q bash", "rpm -E %fedora"])
def test_a_query_changes_nothing(command: str) -> None:
    assert not effects(command).writes


@pytest.mark.parametrize(
    "command", ["useradd -u $UID -m app", "groupadd -g $GID app", "usermod -aG sudo app"]
)
def test_numbers_of_accounts_may_be_variables(command: str) -> None:
    found = effects(command)
    assert found.writes.contains("/etc/passwd")
    assert not found.writes.contains("/app/x")
