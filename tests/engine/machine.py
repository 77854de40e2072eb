"""What this machine's package managers are told: mirrors, proxies, certificates.

It goes into the base images, which stay in the home and on loopback, and never into the repository.
Asked of the tools themselves where they answer.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from engine.home import Home, Unavailable, run

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_PIP = ("index-url", "extra-index-url", "trusted-host")
_GO = ("GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")


def collect(home: Home) -> None:
    """Writes the folder that base images take as the build context `machine`."""
    shutil.rmtree(home.machine, ignore_errors=True)
    for folder in ("ca", "apt", "maven", "cargo"):
        (home.machine / folder).mkdir(parents=True)
    for number, text in enumerate(_own_certificates()):
        (home.machine / "ca" / f"machine-{number}.crt").write_text(text + "\n")
    for source in _apt_sources():
        shutil.copy(source, home.machine / "apt" / source.name)
    settings = Path.home() / ".m2" / "settings.xml"
    if settings.exists():
        shutil.copy(settings, home.machine / "maven" / "settings.xml")
    cargo = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "config.toml"
    if cargo.exists():
        shutil.copy(cargo, home.machine / "cargo" / "config.toml")
    (home.machine / "pip.conf").write_text(_pip())
    (home.machine / "npmrc").write_text(_npm())
    (home.machine / "go.env").write_text(_go())


def proxies() -> dict[str, str]:
    """Proxy variables; BuildKit keeps them out of its cache keys."""
    return {name: os.environ[name] for name in _PROXIES if name in os.environ}


def debian_mirror() -> str:
    """The first Debian archive that apt is told to use."""
    for source in _apt_sources():
        for line in source.read_text().splitlines():
            words = line.split()
            if words[:1] == ["URIs:"]:
                return words[1]
            if words[:1] == ["deb"]:
                return next(word for word in words[1:] if "://" in word)
    raise Unavailable("apt has no Debian source")


def _apt_sources() -> list[Path]:
    top = Path("/etc/apt")
    found = [top / "sources.list", *sorted(top.glob("sources.list.d/debian*.sources"))]
    return [path for path in found if path.exists() and path.read_text().strip()]


def _own_certificates() -> list[str]:
    """Certificates the machine trusts beyond Debian's own list."""
    bundle = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
    if not bundle.exists():
        return []
    public = {
        found
        for path in Path("/usr/share/ca-certificates").rglob("*.crt")
        for found in _CERTIFICATE.findall(path.read_text())
    }
    return [text for text in _CERTIFICATE.findall(bundle.read_text()) if text not in public]


def _pip() -> str:
    lines = ["[global]"]
    for line in _ask("python3", "-m", "pip", "config", "list").splitlines():
        key, _, value = line.partition("=")
        name = key.rpartition(".")[2]
        if name in _PIP:
            lines.append(f"{name} = {value.strip().strip(chr(39))}")
    return "\n".join(lines) + "\n"


def _npm() -> str:
    registry = _ask("npm", "config", "get", "registry").strip()
    lines = ["cafile=/etc/ssl/certs/ca-certificates.crt", "update-notifier=false"]
    return "\n".join([*lines, *([f"registry={registry}"] if registry else [])]) + "\n"


def _go() -> str:
    values = _ask("go", "env", *_GO).splitlines()
    pairs = zip(_GO, values, strict=False)
    return "".join(f"{name}={value}\n" for name, value in pairs if value)


def _ask(*argv: str) -> str:
    """A tool that is not on the machine has nothing to say."""
    try:
        return run(list(argv), cwd=Path("/"))
    except Unavailable:
        return ""
