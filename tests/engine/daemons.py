"""The two daemons, a registry and buildkitd: started, found again, and stopped by their own pid."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.home import Home, Unavailable, run

_REGISTRY = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {storage}}}, delete: {{enabled: true}}}}
http: {{addr: "{host}"}}
"""
_BUILDKITD = """\
[registry."docker.io"]
  mirrors = ["{host}"]
[registry."{host}"]
  http = true
"""
_PATIENCE = 60  # seconds for a daemon to come up or to go


@dataclass(frozen=True, slots=True)
class Daemons:
    """Both, running. `started`: by this call, so that it is also the one who stops them."""

    home: Home
    registry: str  # host:port on loopback
    started: bool

    @property
    def address(self) -> str:
        """What buildctl and buildx connect to."""
        return f"unix://{self.home.run / 'buildkitd.sock'}"


def up(home: Home) -> Daemons:
    """Starts what is not running.

    Raises:
        Unavailable: a daemon did not come up; the message has the end of its log.
    """
    home.run.mkdir(parents=True, exist_ok=True)
    if all(_pid(home, name) for name in ("registry", "buildkitd")):
        return Daemons(home, (home.run / "registry.host").read_text(), started=False)
    down(home)
    try:
        return _start_both(home)
    except Unavailable:
        down(home)
        raise


def _start_both(home: Home) -> Daemons:
    host = f"127.0.0.1:{_free_port()}"
    (home.run / "registry.host").write_text(host)
    (home.run / "registry.yml").write_text(
        _REGISTRY.format(storage=home.root / "registry", host=host)
    )
    (home.run / "buildkitd.toml").write_text(_BUILDKITD.format(host=host))
    program = home.debian / "usr/bin/docker-registry"
    _start(home, "registry", [program, "serve", home.run / "registry.yml"])
    _wait(home, "registry", lambda: _answers(host))
    daemons = Daemons(home, host, started=True)
    flags = {
        "addr": daemons.address,
        "root": home.root / "buildkit",
        "config": home.run / "buildkitd.toml",
        "containerd-worker": "false",
        "oci-worker-net": "host",
    }
    words = [f"--{name}={value}" for name, value in flags.items()]
    _start(home, "buildkitd", [home.bin / "buildkitd", *words])
    _wait(home, "buildkitd", lambda: _works(home, daemons.address))
    return daemons


def down(home: Home) -> None:
    """Ends the daemons whose pids are recorded, if they are still ours."""
    for name in ("buildkitd", "registry"):
        pid = _pid(home, name)
        if pid:
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + _PATIENCE
            while _pid(home, name) == pid and time.monotonic() < deadline:
                time.sleep(0.1)
        (home.run / f"{name}.pid").unlink(missing_ok=True)


def _start(home: Home, name: str, argv: Sequence[str | Path]) -> None:
    """Not `subprocess.Popen`: it warns when its object goes while the daemon lives on."""
    words = [str(word) for word in argv]
    with (home.run / f"{name}.log").open("wb") as log, Path(os.devnull).open("rb") as nothing:
        actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        path = f"{home.debian / 'usr/sbin'}:{os.environ.get('PATH', os.defpath)}"  # runc
        environment = os.environ | {"PATH": path}
        pid = os.posix_spawn(words[0], words, environment, file_actions=actions, setsid=True)
    (home.run / f"{name}.pid").write_text(str(pid))


def _pid(home: Home, name: str) -> int | None:
    """None where the process is gone, or the number is another program's by now."""
    try:
        pid = int((home.run / f"{name}.pid").read_text())
        program = Path(f"/proc/{pid}/exe").readlink()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return None
    return pid if program.is_relative_to(home.root.resolve()) and state != "Z" else None


def _wait(home: Home, name: str, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > deadline or _pid(home, name) is None:
            said = (home.run / f"{name}.log").read_text(errors="replace")[-2000:]
            raise Unavailable(f"{name} did not start: {said}")
        time.sleep(0.1)


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
