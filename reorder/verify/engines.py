"""Which of the programs that build images is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from reorder.verify import buildah, buildctl, buildx, docker
from reorder.verify.engine import Engine, Name, NoEngine

INSTALL = (
    "install Docker with buildx (docker-buildx), or Podman, or Buildah; "
    "or buildctl, with BUILDKIT_HOST naming a running buildkitd"
)


def find(name: Name | Literal["auto"], builder: str | None = None) -> Engine:
    """The engine that is asked for, or the first that works, in this order.

    `builder` names one of buildx's builders. Raises NoEngine.
    """
    probes: dict[Name, Callable[[], Engine | str]] = {
        "buildx": lambda: buildx.probe(builder),
        "buildctl": buildctl.probe,
        "docker": docker.probe,
        "podman": lambda: buildah.probe("podman"),
        "buildah": lambda: buildah.probe("buildah"),
    }
    if builder is not None:
        if name not in ("auto", "buildx"):
            raise NoEngine("--builder-name", f"is buildx's; {name} has no builders")
        name = "buildx"
    reasons = []
    for own, probe in probes.items():
        if name in ("auto", own):
            found = probe()
            if not isinstance(found, str):
                return found
            reasons.append(f"{own}: {found}")
    raise NoEngine("no engine", f"{'; '.join(reasons)}. To verify, {INSTALL}")
