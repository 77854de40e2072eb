"""The second engine: Docker 20.10 of Debian 12, whose BuildKit knows no heredoc and no `--link`.

Its packages are unpacked into the home as the others are; the registry on loopback is its mirror.
"""

from __future__ import annotations

import json
from pathlib import Path

from engine import processes, tools
from engine.daemons import Daemons
from engine.home import Unavailable, run

_PACKAGES = {
    "docker.io": "usr/sbin/dockerd",
    "containerd": "usr/bin/containerd",
    "libdevmapper1.02.1": "lib/x86_64-linux-gnu/libdevmapper.so.1.02.1",
}


def environment(daemons: Daemons) -> dict[str, str]:
    """What finds its client and its daemon, and nothing of buildx."""
    home = daemons.home
    return {
        "PATH": f"{home.debian / 'usr/bin'}:/usr/sbin:/usr/bin:/sbin:/bin",
        "DOCKER_HOST": f"unix://{home.run / _name(daemons)}.sock",
        "DOCKER_CONFIG": str(home.root / "old-docker"),
    }


def start(daemons: Daemons) -> None:
    """Starts it beside the registry; `stop` ends it.

    Raises:
        Unavailable: it cannot be had here, or did not come up.
    """
    home = daemons.home
    for package, program in _PACKAGES.items():
        if not (home.debian / program).exists():
            tools.unpack(home, package)
    stop(daemons)  # it may know another registry
    name, address = _name(daemons), environment(daemons)["DOCKER_HOST"]
    (home.root / "old-docker").mkdir(exist_ok=True)
    settings = home.run / f"{name}.json"
    mirrors = {
        "registry-mirrors": [f"http://{daemons.registry}"],
        "insecure-registries": [daemons.registry],
        "features": {"buildkit": True},
    }
    settings.write_text(json.dumps(mirrors))
    flags = {
        "config-file": settings,
        "data-root": home.root / name,
        "exec-root": home.run / name,
        "pidfile": home.root / f"{name}.own-pid",
        "host": address,
        "iptables": "false",
        "bridge": "none",
    }
    words = [f"--{flag}={value}" for flag, value in flags.items()]
    folders = (home.debian / "usr/bin", home.debian / "usr/sbin")
    env = {
        "PATH": f"{folders[0]}:{folders[1]}:/usr/sbin:/usr/bin:/sbin:/bin",
        "LD_LIBRARY_PATH": str(home.debian / "lib/x86_64-linux-gnu"),
    }
    argv: list[str | Path] = [folders[1] / "dockerd", *words]
    processes.start(home, name, argv, lambda: _answers(daemons), env)


def stop(daemons: Daemons) -> None:
    """Ends the daemon, and with it the containerd that is its child."""
    processes.stop(daemons.home, _name(daemons))


def _name(daemons: Daemons) -> str:
    return daemons.name.replace("buildkitd", "dockerd")


def _answers(daemons: Daemons) -> bool:
    try:
        run([daemons.home.debian / "usr/bin/docker", "version"], env=environment(daemons))
    except Unavailable:
        return False
    return True
