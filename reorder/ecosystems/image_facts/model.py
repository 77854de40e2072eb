"""What is known of a base image, and what many of them have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

User = tuple[int, int, str]  # uid, gid, home
Users = Mapping[str, User]
Env = Mapping[str, str | None]
System = Literal["debian", "ubuntu", "alpine", "busybox", "redhat", "bare", ""]


@dataclass(frozen=True, slots=True)
class BaseImage:
    """What a `FROM` starts with. A user that is not in `users` may still exist."""

    family: str
    user: str = "root"
    home: str = "/root"  # of root
    env: Env = field(default_factory=dict, hash=False)
    users: Users = field(default_factory=dict, hash=False)
    workdir: str = "/"
    onbuild: bool = False  # its config has triggers that run right after FROM
    tag: str = ""
    whole: bool = True  # `env` has every variable that the image sets
    people: bool = False  # `users` has everybody with a number of 1000 to 59999, group or user
    system: System = ""


@dataclass(frozen=True, slots=True)
class Family:
    """The facts of one name, for its usual tags; `vary` gives those of a tag that differs."""

    env: Env = field(default_factory=dict, hash=False)
    workdir: str = "/"
    user: str = "root"
    users: Users = field(default_factory=dict, hash=False)  # beside those of the system
    system: System = "debian"  # what it is built on where the tag does not say `alpine`
    whole: bool = True
    people: bool = True
    vary: Callable[[BaseImage, str], BaseImage | None] | None = None  # image and tag


def path(*folders: str) -> str:
    """PATH with some folders first."""
    return ":".join((*folders, SYSTEM_PATH))


def unknown(*names: str) -> Env:
    """Variables that are set, to values that depend on the tag."""
    return dict.fromkeys(names)


ROOT: Final[Users] = {"root": (0, 0, "/root")}
# base-passwd of Debian and Ubuntu; alpine-baselayout; busybox of docker-library; `setup` of Fedora
# and its kin, Amazon Linux and Azure Linux.
SYSTEM_USERS: Final[Mapping[System, Users]] = {
    "debian": {
        **ROOT,
        "www-data": (33, 33, "/var/www"),
        "nobody": (65534, 65534, "/nonexistent"),
    },
    "ubuntu": {
        **ROOT,
        "www-data": (33, 33, "/var/www"),
        "nobody": (65534, 65534, "/nonexistent"),
    },
    "alpine": {**ROOT, "nobody": (65534, 65534, "/")},
    "busybox": {
        **ROOT,
        "www-data": (33, 33, "/var/www"),
        "nobody": (65534, 65534, "/home"),
    },
    "redhat": ROOT,
    "bare": {},
    "": ROOT,
}
