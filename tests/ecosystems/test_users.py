"""Numbers that nobody asked for: not known first, then those that are."""

from __future__ import annotations

import pytest

from reorder.ecosystems.image_facts.model import BaseImage
from reorder.ecosystems.images import base_image
from reorder.ecosystems.users import Made, User, after_copy, users_after
from reorder.shell.calls import calls


def after(*scripts: str, image: str = "debian:12") -> Made:
    known: Made = {}
    for script in scripts:
        found = calls(script, "/", {})
        known = users_after(known, found if isinstance(found, tuple) else None, script, base(image))
    return known


def base(image: str) -> BaseImage | None:
    return base_image(image)


def numbers(made: Made, name: str) -> tuple[int | None, int | None]:
    user = made.get(name, User())
    return user.uid, user.gid


@pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(("sh setup.sh", "useradd app"), id="after a script"),
        pytest.param(("python make.py", "useradd app"), id="after a program"),
        pytest.param(("./tool install", "useradd app"), id="after a program by its path"),
        pytest.param(("useradd -u $ID x", "useradd app"), id="after a number by variable"),
        pytest.param(("usermod -u 1234 games", "useradd app"), id="after a change"),
        pytest.param(("id app || useradd app",), id="only perhaps"),
        pytest.param(
            ("find / -name x -exec useradd y ';'", "useradd app"), id="by another command"
        ),
        pytest.param(("useradd app && usermod -u 7 app",), id="with another number then"),
        pytest.param(("useradd -K UID_MIN=2000 app",), id="by other rules"),
        pytest.param(("sed -i s/1000/2000/ /etc/login.defs", "useradd app"), id="rules changed"),
        pytest.param(("useradd -r app",), id="of the system"),
        pytest.param(("adduser --system app",), id="of the system by adduser"),
        pytest.param(("echo $(x", "useradd app"), id="after what is not understood"),
    ],
)
def test_not_known(scripts: tuple[str, ...]) -> None:
    assert numbers(after(*scripts), "app")[0] is None


@pytest.mark.parametrize(
    "image", ["example/debian:12", "maven:3.9-eclipse-temurin-21", "gradle:8", "openjdk:21"]
)
def test_not_known_where_the_image_is_not(image: str) -> None:
    assert numbers(after("useradd app", image=image), "app")[0] is None


@pytest.mark.parametrize(
    ("scripts", "image", "wanted"),
    [
        (("useradd app",), "debian:12", (1000, 1000)),
        (("useradd -m app",), "node:20", (1001, 1001)),
        (("useradd app",), "ubuntu:22.04", (1000, 1000)),
        (("useradd app && usermod -aG sudo app",), "debian:12", (1000, 1000)),
        (("useradd app && echo app:x | chpasswd",), "debian:12", (1000, 1000)),
        (("useradd app",), "ubuntu:24.04", (1001, 1001)),
        (("useradd -u 1005 first", "useradd app"), "debian:12", (1006, 1006)),
        (("groupadd -g 1007 first", "useradd app"), "debian:12", (1000, 1000)),
        (("groupadd app && useradd -g app app",), "debian:12", (1000, 1000)),
        (("groupadd -r app && useradd -g app app",), "debian:12", (1000, None)),
        (("adduser --disabled-password app",), "debian:12", (1000, 1000)),
        (("useradd -u 1005 first", "adduser app"), "debian:12", (1000, 1000)),
        (("adduser -D first", "adduser -D app"), "alpine:3.20", (1001, 1001)),
        (("useradd -u 1005 first", "adduser app"), "amazonlinux:2023", (1006, 1006)),
        (("apt-get update && apt-get install -y git", "useradd app"), "debian:12", (1000, 1000)),
    ],
)
def test_known(scripts: tuple[str, ...], image: str, wanted: tuple[int | None, int | None]) -> None:
    assert numbers(after(*scripts, image=image), "app") == wanted


def test_the_numbers_are_those_of_debian_12() -> None:
    """What passwd 4.13 gave for these commands in a new root of Debian 12."""
    made = after(
        "useradd a1; useradd -u 1005 a2; useradd a3; groupadd -g 1007 g7; useradd a4; useradd a5",
        "useradd -g 1007 a6; useradd -N a7; groupadd new; useradd a8",
    )
    assert {name: numbers(made, name) for name in ("a1", "a2", "a3", "a4", "a5", "a6", "a8")} == {
        "a1": (1000, 1000),
        "a2": (1005, 1005),
        "a3": (1006, 1006),
        "a4": (1007, 1008),
        "a5": (1008, 1009),
        "a6": (1009, 1007),
        "a8": (1011, 1011),
    }


@pytest.mark.parametrize("dest", ["/", "/etc", "/etc/passwd", None])
def test_a_copy_may_bring_accounts(dest: str | None) -> None:
    known = after_copy({}, dest)
    found = calls("useradd app", "/", {})
    assert isinstance(found, tuple)
    assert numbers(users_after(known, found, "useradd app", base("debian:12")), "app")[0] is None


def test_a_copy_elsewhere_brings_none() -> None:
    assert after_copy({}, "/app") == {}
