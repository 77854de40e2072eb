"""Where everything of the engine lives, outside the repository, and which versions it has."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BUILDKIT = "v0.32.2"
BUILDX = "v0.36.1"
SUITE = "bookworm"  # the pin of all that comes from Debian
NODE, NPM = "20.20.2", "10.8.2"
MAVEN = "3.9.9"
SBT = "1.10.7"


class Unavailable(Exception):
    """An engine, or a part of it, cannot be had on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that is kept between runs. Deleting it while the engine is down is always safe."""

    root: Path

    @property
    def bin(self) -> Path:
        """What Go compiled: buildkitd, buildctl, docker-buildx, dockerfile-frontend."""
        return self.root / f"bin-{BUILDKIT}-{BUILDX}"

    @property
    def debian(self) -> Path:
        """Debian packages, unpacked and never installed."""
        return self.root / "debian"

    @property
    def store(self) -> Path:
        """Archives the base images are made from."""
        return self.root / "store"

    @property
    def machine(self) -> Path:
        """This machine's client configuration, for the base images."""
        return self.root / "machine"

    @property
    def run(self) -> Path:
        """Sockets, process ids, logs and the configuration of the daemons."""
        return self.root / "run"


def home() -> Home:
    """`$REORDER_ENGINE_HOME`, else `reorder-engine` in the user's cache folder."""
    named = os.environ.get("REORDER_ENGINE_HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Home(Path(named) if named else Path(cache) / "reorder-engine")


def run(
    argv: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> str:
    """The standard output of a command.

    Raises:
        Unavailable: it is not there, or it failed; the message has the end of what it said.
    """
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=os.environ | dict(env or {}),
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as missing:
        raise Unavailable(f"{words[0]} is not on this machine") from missing
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise Unavailable(f"{' '.join(words[:4])} … exited {done.returncode}: {said}")
    return done.stdout


def digest(files: Iterable[Path]) -> str:
    """A hash over the paths and contents of files and whole folders."""
    total = hashlib.sha256()
    for top in files:
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                total.update(f"{path.relative_to(top.parent)}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
