"""Red Hat's Universal Base Images.

Source: sclorg/s2i-base-container, core/Dockerfile.rhel8 and .rhel9; sclorg/s2i-nodejs-container and
s2i-python-container, Dockerfile.rhel8 and .rhel9 of each version: they run as 1001, a member of the
root group, at home in the application's folder. rh-openjdk/redhat-openjdk-containers, modules/user:
these run as 185.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.image_facts.model import Family, unknown
from reorder.ecosystems.image_facts.official import SYSTEM

_REGISTRIES: Final = ("registry.access.redhat.com/", "registry.redhat.io/")
_UBI: Final = Family({**SYSTEM, **unknown("container")}, system="redhat")
_S2I: Final = Family(
    {"HOME": "/opt/app-root/src", "APP_ROOT": "/opt/app-root", **unknown("PATH", "container")},
    "/opt/app-root/src",
    user="1001",
    users={"default": (1001, 0, "/opt/app-root/src")},
    system="redhat",
    whole=False,
    people=False,
)
_JAVA: Final = Family(
    {"HOME": "/home/jboss", **unknown("PATH", "JAVA_HOME", "container")},
    "/home/jboss",
    user="185",
    users={"jboss": (185, 0, "/home/jboss")},
    system="redhat",
    whole=False,
    people=False,
)
_NODE: Final = tuple(f"nodejs-{v}{kind}" for v in (16, 18, 20, 22, 24) for kind in ("", "-minimal"))
_PYTHON: Final = ("python-36", "python-38", "python-39", "python-311", "python-312", "python-313")
_OPENJDK: Final = tuple(
    f"openjdk-{v}{kind}" for v in (8, 11, 17, 21, 25) for kind in ("", "-runtime")
)

REDHAT: Final[dict[str, Family]] = {
    f"{registry}{place}": family
    for registry in _REGISTRIES
    for version in ("ubi8", "ubi9", "ubi10")
    for family, places in (
        (_UBI, (version, f"{version}-minimal", f"{version}/ubi", f"{version}/ubi-minimal")),
        (_S2I, tuple(f"{version}/{name}" for name in (*_NODE, *_PYTHON))),
        (_JAVA, tuple(f"{version}/{name}" for name in _OPENJDK)),
    )
    for place in places
}
