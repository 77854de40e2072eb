"""`docker buildx build`, or buildx by itself.

Run for real: 0.36.1 with a `remote` builder of BuildKit 0.32.2, and with the `docker` driver of
20.10.24. That driver writes no archive, so its image gets a name, is saved, and is removed again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from reorder.verify import buildkit
from reorder.verify.engine import Built, Request
from reorder.verify.process import run
from reorder.verify.stored import kept_for_now, save, scratch_name

# No attestations: they are no part of the image, and name the build.
_ENVIRONMENT = {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1", "BUILDX_GIT_INFO": "false"}


@dataclass(frozen=True, slots=True)
class Buildx:
    """`command` starts buildx; `driver` is that of `builder`, or of the current one."""

    command: tuple[str, ...]
    version: str
    driver: str
    rawjson: bool
    builder: str | None = None
    name: str = "buildx"
    spaces: bool = True

    def build(self, request: Request) -> Built:
        words = [*self.command, "build", *buildkit.flags(request)]
        words += ["--progress=rawjson" if self.rawjson else "--progress=plain"]
        words += [f"--builder={self.builder}"] if self.builder else []
        if request.into is None:
            return self._run([*words, "--output=type=cacheonly"], request)
        if self.driver == "docker":
            return self._through_docker(words, request, request.into)
        output = f"--output=type=oci,compression=uncompressed,dest={request.into}"
        return self._run([*words, output], request)

    def _run(self, words: list[str], request: Request) -> Built:
        return buildkit.built([*words, str(request.context)], request, _ENVIRONMENT)

    def _through_docker(self, words: list[str], request: Request, into: Path) -> Built:
        name = scratch_name()
        with kept_for_now(["docker", "image", "rm", name]):
            done = self._run([*words, "--load", f"--tag={name}"], request)
            save(["docker", "image", "save", f"--output={into}", name], buildkit.failure)
        return done

    def forget(self) -> None:
        """Nothing is kept."""


def probe(builder: str | None = None) -> Buildx | str:
    """buildx with a builder that answers, or why not."""
    reason = "it is not installed"
    for command in (("docker", "buildx"), ("docker-buildx",), ("buildx",)):
        if shutil.which(command[0]) is None:
            continue
        version = run([*command, "version"])
        if version.code:
            continue
        inspected = run([*command, "inspect", *([builder] if builder else [])])
        if inspected.code:
            reason = _last(inspected.lines)
            continue
        fields = [line.partition(":") for line in inspected.lines]
        known = {key.strip(): value.strip() for key, _, value in reversed(fields)}
        if "Error" in known:
            reason = known["Error"]
            continue
        helped = "\n".join(run([*command, "build", "--help"]).lines)
        own = version.lines[0].split()[1:2] if version.lines else []
        return Buildx(
            command,
            f"{''.join(own).removeprefix('v')}, builder {known.get('Name', '')}",
            known.get("Driver", ""),
            "rawjson" in helped,
            builder,
        )
    return reason


def _last(lines: tuple[str, ...]) -> str:
    return lines[-1] if lines else "it says nothing"
