"""A registry, and a buildkitd for each test process: started, found again, stopped by their pid."""

from __future__ import annotations

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from engine import processes
from engine.home import Home, Unavailable, run

_REGISTRY_YML = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {storage}}}, delete: {{enabled: true}}}}
http: {{addr: "{host}"}}
"""
_BUILDKIT_TOML = """\
[registry."docker.io"]
  mirrors = ["{host}"]
[registry."{host}"]
  http = true
"""
CACHES = "verify"  # the registry's folder for what builders export
_REGISTRY, _BUILDKIT = "registry", "buildkitd"  # pid files, logs and programs


@dataclass(frozen=True, slots=True)
class Daemons:
    """Both, running. `started`: by this call, so that it is also the one who stops them."""

    home: Home
    registry: str  # host:port on loopback
    name: str  # of this buildkitd: what one process prunes, another one keeps
    started: bool

    @property
    def address(self) -> str:
        """What buildctl and buildx connect to."""
        return f"unix://{self.home.run / self.name}.sock"


def up(home: Home, worker: str) -> Daemons:
    """Starts what is not running; each `worker` has a buildkitd of its own.

    Raises:
        Unavailable: a daemon did not come up; the message has the end of its log.
    """
    home.run.mkdir(parents=True, exist_ok=True)
    name = f"{_BUILDKIT}-{worker}" if worker else _BUILDKIT
    if not processes.running(home, _REGISTRY):
        down(home)  # they know the registry by its port
        _start_registry(home)
    host = (home.run / "registry.host").read_text()
    daemons = Daemons(home, host, name, started=not processes.running(home, name))
    if daemons.started:
        try:
            _start_buildkit(daemons)
        except Unavailable:
            release(daemons)
            raise
    return daemons


def release(daemons: Daemons) -> None:
    """Ends a buildkitd, and the registry with the last who uses it."""
    home = daemons.home
    processes.stop(home, daemons.name)
    others = [name for name in processes.recorded(home) if name != _REGISTRY]
    if not any(processes.running(home, other) for other in others):
        down(home)


def down(home: Home) -> None:
    """Ends the daemons whose pids are recorded, if they are still ours."""
    for name in sorted(processes.recorded(home), key=lambda name: name == _REGISTRY):
        processes.stop(home, name)


def _start_registry(home: Home) -> None:
    host = f"127.0.0.1:{_free_port()}"
    (home.run / "registry.host").write_text(host)
    settings, storage = home.run / "registry.yml", home.root / "registry"
    settings.write_text(_REGISTRY_YML.format(storage=storage, host=host))
    program = home.debian / "usr/bin/docker-registry"
    caches = storage / "docker/registry/v2/repositories" / CACHES
    if caches.exists():  # of earlier runs: nothing asks for them again
        shutil.rmtree(caches)
        run([program, "garbage-collect", settings])
    processes.start(home, _REGISTRY, [program, "serve", settings], lambda: _answers(host))


def _start_buildkit(daemons: Daemons) -> None:
    home = daemons.home
    settings = home.run / "buildkitd.toml"
    settings.write_text(_BUILDKIT_TOML.format(host=daemons.registry))
    flags = {
        "addr": daemons.address,
        "root": home.root / daemons.name.replace(_BUILDKIT, "buildkit"),
        "config": settings,
        "containerd-worker": "false",
        "oci-worker-net": "host",
    }
    words = [f"--{name}={value}" for name, value in flags.items()]
    argv: list[str | Path] = [home.bin / "buildkitd", *words]
    processes.start(home, daemons.name, argv, lambda: _works(home, daemons.address))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(host: str) -> bool:
    name, _, port = host.partition(":")
    with socket.socket() as client:
        return client.connect_ex((name, int(port))) == 0


def _works(home: Home, address: str) -> bool:
    try:
        run([home.bin / "buildctl", "--addr", address, "debug", "workers"])
    except Unavailable:
        return False
    return True
