"""`docker build` of an engine that has BuildKit built in and no buildx: 18.09 to 22.

Run for real: 20.10.24. The image gets a name, is saved, and is removed again, since this client
writes no archive with the configuration in it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from reorder.verify import buildkit
from reorder.verify.engine import Built, Request
from reorder.verify.process import run
from reorder.verify.stored import kept_for_now, save, scratch_name

_BUILDKIT = {"DOCKER_BUILDKIT": "1"}


@dataclass(frozen=True, slots=True)
class Docker:
    """The daemon is the one that the client finds: `DOCKER_HOST`, or the context in force."""

    version: str
    name: str = "docker"
    spaces: bool = True

    def build(self, request: Request) -> Built:
        image = scratch_name()
        words = ["docker", "build", "--progress=plain", f"--tag={image}", *buildkit.flags(request)]
        with kept_for_now(["docker", "image", "rm", image]):
            done = buildkit.built([*words, str(request.context)], request, _BUILDKIT)
            if request.into is not None:
                into = f"--output={request.into}"
                save(["docker", "image", "save", into, image], buildkit.failure)
        return done

    def forget(self) -> None:
        """Nothing is kept."""


def probe() -> Docker | str:
    """docker with a daemon whose own BuildKit it can use, or why not."""
    if shutil.which("docker") is None:
        return "it is not installed"
    asked = run(["docker", "version", "--format={{.Client.Version}} {{.Server.Version}}"])
    if asked.code or not asked.lines:
        return asked.lines[-1] if asked.lines else "its daemon does not answer"
    client, _, server = asked.lines[-1].strip().partition(" ")
    if client.split(".")[0].isdecimal() and int(client.split(".")[0]) >= 23:
        return f"client {client} builds with buildx, which does not work"
    return Docker(server)
