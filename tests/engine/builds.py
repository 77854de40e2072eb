"""Builds a Dockerfile as a user does, with buildx, and says what happened."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.daemons import Daemons
from engine.home import run
from engine.machine import proxies
from engine.steps import Step, read_steps

_BUILDER = "reorder-engine"


class BuildFailed(Exception):
    """The builder refused the Dockerfile, or a step failed; the message has what it said."""


@dataclass(frozen=True, slots=True)
class Build:
    """One finished build."""

    seconds: float
    steps: tuple[Step, ...]

    def step(self, text: str) -> Step:
        """The only instruction that contains `text`.

        Raises:
            LookupError: none does, or several do.
        """
        found = [step for step in self.steps if text in step.instruction]
        if len(found) != 1:
            names = "\n  ".join(step.name for step in self.steps if step.instruction)
            raise LookupError(f"{len(found)} steps contain {text!r}, of:\n  {names}")
        return found[0]


def connect(daemons: Daemons) -> None:
    """Makes buildx know the builder, in a configuration folder of the home's own."""
    plugins = daemons.home.root / "docker" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    plugin = plugins / "docker-buildx"
    if not plugin.exists():
        plugin.symlink_to(daemons.home.bin / "buildx")
    settings = daemons.home.root / "docker" / "buildx" / "instances" / _BUILDER
    if not settings.exists():
        words = ["create", "--name", _BUILDER, "--driver", "remote", daemons.address]
        run([daemons.home.bin / "buildx", *words], env=_environment(daemons))


def build(
    daemons: Daemons,
    context: Path,
    *,
    dockerfile: Path | None = None,
    output: Sequence[str] = ("type=cacheonly",),
    no_cache: bool = False,
    target: str | None = None,
    build_args: Mapping[str, str] | None = None,
    contexts: Mapping[str, Path] | None = None,
) -> Build:
    """Builds `context`; `no_cache` also starts cache mounts empty.

    Raises:
        BuildFailed: with the failing step's own output.
    """
    words: list[str] = ["build", "--builder", _BUILDER, "--progress=rawjson"]
    words += ["--file", str(dockerfile or context / "Dockerfile")]
    words += [f"--output={one}" for one in output]
    words += ["--no-cache"] * no_cache + ([f"--target={target}"] if target else [])
    given = proxies() | dict(build_args or {})
    words += [f"--build-arg={name}={value}" for name, value in given.items()]
    words += [f"--build-context={name}={path}" for name, path in (contexts or {}).items()]
    begin = time.monotonic()
    done = subprocess.run(
        [str(daemons.home.bin / "buildx"), *words, str(context)],
        env=os.environ | _environment(daemons),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - begin
    lines = done.stderr.splitlines()
    if done.returncode:
        raise BuildFailed("\n".join(_failure(lines)))
    return Build(seconds, read_steps(lines))


def export(daemons: Daemons, context: Path, into: Path, *, no_cache: bool = False) -> Build:
    """Builds the last stage into `into/tree.tar` (the file system) and `into/oci` (the config)."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    tree = f"type=tar,dest={into / 'tree.tar'}"
    oci = f"type=oci,tar=false,compression=uncompressed,dest={into / 'oci'}"
    return build(daemons, context, output=(tree, oci), no_cache=no_cache)


def _environment(daemons: Daemons) -> dict[str, str]:
    folder = daemons.home.root / "docker"
    return {
        "DOCKER_CONFIG": str(folder),
        "BUILDX_CONFIG": str(folder / "buildx"),
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
        "BUILDX_GIT_INFO": "false",
    }


def _failure(lines: Sequence[str]) -> list[str]:
    """What the failing build said: the steps' errors, their log, and what is no JSON."""
    said: list[str] = []
    for line in lines:
        if not line.startswith("{"):
            said.append(line)
            continue
        for log in json.loads(line).get("logs") or ():
            said += base64.b64decode(log.get("data") or "").decode(errors="replace").splitlines()
    failed = [f"{step.name}: {step.error}" for step in read_steps(lines) if step.error]
    return [*said[-60:], *failed]
