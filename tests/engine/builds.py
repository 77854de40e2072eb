"""Makes buildx know the suite's BuildKit, and builds base images with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from engine.daemons import Daemons
from engine.home import run
from engine.machine import proxies


def builder(daemons: Daemons) -> str:
    """What buildx calls it."""
    return daemons.name.replace("buildkitd", "reorder-engine")


def environment(daemons: Daemons) -> dict[str, str]:
    """What finds the suite's programs and its builder, for `reorder verify` and by hand."""
    folder = daemons.home.root / "docker"
    return {
        "PATH": f"{daemons.home.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "DOCKER_CONFIG": str(folder),
        "BUILDX_CONFIG": str(folder / "buildx"),
        "BUILDX_BUILDER": builder(daemons),
        "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
        "BUILDX_GIT_INFO": "false",
        "BUILDKIT_HOST": daemons.address,
    }


def connect(daemons: Daemons) -> None:
    """Makes buildx know the builder, in a configuration folder of the home's own."""
    plugins = daemons.home.root / "docker" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    plugin = plugins / "docker-buildx"
    if not plugin.exists():
        plugin.symlink_to(daemons.home.bin / "buildx")
    settings = daemons.home.root / "docker" / "buildx" / "instances" / builder(daemons)
    if not settings.exists():
        words = ["create", "--name", builder(daemons), "--driver", "remote", daemons.address]
        buildx(daemons, *words)


def buildx(daemons: Daemons, *words: str) -> str:
    """What buildx says. Raises Unavailable when it fails."""
    return run([daemons.home.bin / "buildx", *words], env=environment(daemons))


def push(
    daemons: Daemons,
    context: Path,
    dockerfile: Path,
    name: str,
    *,
    args: Mapping[str, str],
    contexts: Mapping[str, Path],
) -> None:
    """Builds an image into the registry on loopback. Raises Unavailable when it fails."""
    words = ["build", f"--builder={builder(daemons)}", "--progress=plain", f"--file={dockerfile}"]
    words += [f"--output=type=image,name={daemons.registry}/{name},push=true"]
    words += [f"--build-arg={key}={value}" for key, value in (proxies() | dict(args)).items()]
    words += [f"--build-context={key}={path}" for key, path in contexts.items()]
    buildx(daemons, *words, str(context))
