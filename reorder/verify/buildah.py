"""`podman build` and `buildah build`: one builder with two command lines.

Run for real, as root: Podman 4.3.1, Buildah 1.28.2. Their layer cache is the images themselves, so
each keeps a name until the end; and it cannot be kept apart from the user's: a rebuild may find
older layers. The log tells no times.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Literal

from reorder.verify import buildah_log
from reorder.verify.engine import Built, Request
from reorder.verify.process import run
from reorder.verify.stored import remove, save, scratch_name


@dataclass(frozen=True, slots=True)
class Buildah:
    """`kept` has the names of the images that are still there."""

    name: Literal["podman", "buildah"]
    version: str
    spaces: bool = False
    kept: list[str] = field(default_factory=list)

    def build(self, request: Request) -> Built:
        image = scratch_name()
        self.kept.append(image)
        done = buildah_log.built([self.name, "build", f"--tag={image}"], request)
        if request.into is not None:
            # As docker's archives, which are not compressed.
            if self.name == "podman":
                words = ["save", "--format=docker-archive", f"--output={request.into}", image]
            else:
                words = ["push", image, f"docker-archive:{request.into}"]
            save([self.name, *words], buildah_log.last)
        return done

    def forget(self) -> None:
        """Removes the images."""
        while self.kept:
            remove([self.name, "rmi", self.kept.pop()])


def probe(name: Literal["podman", "buildah"]) -> Buildah | str:
    """The program, if it works for this user, or why not."""
    if shutil.which(name) is None:
        return "it is not installed"
    asked = run([name, "info"])
    if asked.code:
        return asked.lines[-1] if asked.lines else "it does not answer"
    said = " ".join(run([name, "--version"]).lines[:1])
    return Buildah(name, said.removeprefix(f"{name} version ").partition(" ")[0])
