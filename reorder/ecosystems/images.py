"""Facts about base images: who runs, where home is, which variables are set.

Only Docker Official Images are known. Every fact is from the `Dockerfile`s their source
repositories publish (docker-library/*, adoptium/containers, carlossg/docker-maven,
keeganwitt/docker-gradle, corretto/corretto-docker, debuerreotype for debian, and for ubuntu the
release note of 23.04, which adds the user `ubuntu`). A variable whose value depends on the tag is
None: set, to an unknown value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

User = tuple[int, int, str]  # uid, gid, home
Env = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class BaseImage:
    """What a `FROM` starts with. A user that is not in `users` may still exist."""

    family: str
    user: str = "root"
    home: str = "/root"
    env: Env = field(default_factory=dict, hash=False)
    users: Mapping[str, User] = field(default_factory=dict, hash=False)
    workdir: str = "/"
    onbuild: bool = False  # its config has triggers that run right after FROM
    tag: str = ""


def base_image(reference: str) -> BaseImage | None:
    """The facts about an expanded image reference (`python:3.12-slim`, `docker.io/library/x@…`).

    None: not known. That covers every image that is not a Docker Official Image, Windows images,
    and a family that is not in the table.
    """
    if reference == "scratch":
        return BaseImage("scratch", home="/", env={"PATH": SYSTEM_PATH})
    name, tag = _official(reference)
    if name not in _FAMILIES or any(word in tag for word in _WINDOWS):
        return None
    env, workdir = _FAMILIES[name]
    alpine = name == "alpine" or "alpine" in tag
    users = dict(
        _ALPINE_USERS if alpine else _BUSYBOX_USERS if name == "busybox" else _DEBIAN_USERS
    )
    users |= _OWN_USERS.get(name, {})
    if name == "amazoncorretto" and not alpine:
        users = dict(_ROOT)  # Amazon Linux, or Debian for some tags
    if name == "php" and alpine:
        users["www-data"] = (82, 82, "/home/www-data")
    if name == "ubuntu" and not tag.startswith(_UBUNTU_WITHOUT_USER):
        users["ubuntu"] = (1000, 1000, "/home/ubuntu")
    if name == "php" and ("apache" in tag or "fpm" in tag):
        workdir = "/var/www/html"
    if name in _JAVA_IN_PATH and "temurin" not in tag and name != "eclipse-temurin":
        env = {**env, "PATH": None, "JAVA_HOME": None}
    return BaseImage(name, env=env, users=users, workdir=workdir, onbuild="onbuild" in tag, tag=tag)


def _official(reference: str) -> tuple[str, str]:
    """Name and tag, without what may stand before the name of a Docker Official Image."""
    rest, _, digest = reference.partition("@")
    for prefix in ("docker.io/library/", "index.docker.io/library/", "docker.io/"):
        rest = rest.removeprefix(prefix)
    rest = rest.removeprefix("public.ecr.aws/docker/library/").removeprefix("library/")
    folder, _, name = rest.partition("/")
    rest = name if folder in _ARCHITECTURES else rest
    name, _, tag = rest.partition(":")
    return name, tag or ("" if digest else "latest")


def _path(*folders: str) -> str:
    return ":".join((*folders, SYSTEM_PATH))


def _unknown(*names: str) -> Env:
    return dict.fromkeys(names)


# The same images under the name of one architecture (docker-library/official-images README).
_ARCHITECTURES: Final = frozenset(
    "amd64 arm32v5 arm32v6 arm32v7 arm64v8 i386 mips64le ppc64le riscv64 s390x".split()
)
_WINDOWS: Final = ("windows", "nanoserver", "ltsc")
_UBUNTU_WITHOUT_USER: Final = (
    *("14.", "16.", "18.", "20.", "22.", "12.", "10."),
    *("precise", "trusty", "xenial", "bionic", "focal", "jammy", "kinetic"),
)
_ROOT: Final[Mapping[str, User]] = {"root": (0, 0, "/root")}
_DEBIAN_USERS: Final[Mapping[str, User]] = {  # Debian's base-passwd
    **_ROOT,
    "www-data": (33, 33, "/var/www"),
    "nobody": (65534, 65534, "/nonexistent"),
}
_ALPINE_USERS: Final[Mapping[str, User]] = {**_ROOT, "nobody": (65534, 65534, "/")}
_BUSYBOX_USERS: Final[Mapping[str, User]] = {
    **_ROOT,
    "www-data": (33, 33, "/var/www"),
    "nobody": (65534, 65534, "/home"),
}
_OWN_USERS: Final[Mapping[str, Mapping[str, User]]] = {
    "node": {"node": (1000, 1000, "/home/node")},
    "gradle": {"gradle": (1000, 1000, "/home/gradle")},
}
_JAVA_IN_PATH: Final = frozenset({"maven", "openjdk", "amazoncorretto", "gradle"})
_TEMURIN: Final[Env] = {
    "PATH": _path("/opt/java/openjdk/bin"),
    "JAVA_HOME": "/opt/java/openjdk",
    **_unknown("LANG", "LANGUAGE", "LC_ALL", "JAVA_VERSION"),
}

# family: variables and working folder. A tag that differs is handled in `base_image`.
_FAMILIES: Final[Mapping[str, tuple[Env, str]]] = {
    "python": (
        {
            "PATH": _path("/usr/local/bin"),
            **_unknown("LANG", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"),
            **_unknown("PYTHON_PIP_VERSION", "PYTHON_SETUPTOOLS_VERSION"),
            **_unknown("PYTHON_GET_PIP_URL", "PYTHON_GET_PIP_SHA256"),
        },
        "/",
    ),
    "node": ({"PATH": SYSTEM_PATH, **_unknown("NODE_VERSION", "YARN_VERSION")}, "/"),
    "golang": (
        {
            "PATH": _path("/go/bin", "/usr/local/go/bin"),
            "GOPATH": "/go",
            **_unknown("GOLANG_VERSION", "GOTOOLCHAIN"),
        },
        "/go",
    ),
    "maven": (
        {
            **_TEMURIN,
            "MAVEN_HOME": "/usr/share/maven",
            "MAVEN_CONFIG": "/root/.m2",
        },
        "/",
    ),
    "gradle": (
        {**_TEMURIN, "GRADLE_HOME": "/opt/gradle", **_unknown("GRADLE_VERSION")},
        "/home/gradle",
    ),
    "eclipse-temurin": (_TEMURIN, "/"),
    "openjdk": (_unknown("PATH", "JAVA_HOME", "JAVA_VERSION", "LANG"), "/"),
    "amazoncorretto": (_unknown("PATH", "JAVA_HOME", "LANG"), "/"),
    "debian": ({"PATH": SYSTEM_PATH}, "/"),
    "ubuntu": ({"PATH": SYSTEM_PATH}, "/"),
    "alpine": ({"PATH": SYSTEM_PATH}, "/"),
    "busybox": ({"PATH": SYSTEM_PATH}, "/"),
    "buildpack-deps": ({"PATH": SYSTEM_PATH}, "/"),
    "php": (
        {
            "PATH": SYSTEM_PATH,
            "PHP_INI_DIR": "/usr/local/etc/php",
            **_unknown("PHPIZE_DEPS", "PHP_CFLAGS", "PHP_CPPFLAGS", "PHP_LDFLAGS", "GPG_KEYS"),
            **_unknown("PHP_VERSION", "PHP_URL", "PHP_ASC_URL", "PHP_SHA256"),
            **_unknown("APACHE_CONFDIR", "APACHE_ENVVARS"),
        },
        "/",
    ),
    "ruby": (
        {
            "PATH": _path("/usr/local/bundle/bin"),
            "GEM_HOME": "/usr/local/bundle",
            "BUNDLE_APP_CONFIG": "/usr/local/bundle",
            "BUNDLE_SILENCE_ROOT_WARNING": "1",
            **_unknown("LANG", "RUBY_VERSION", "RUBY_MAJOR", "RUBY_DOWNLOAD_URL"),
            **_unknown("RUBY_DOWNLOAD_SHA256"),
        },
        "/",
    ),
    "rust": (
        {
            "PATH": _path("/usr/local/cargo/bin"),
            "RUSTUP_HOME": "/usr/local/rustup",
            "CARGO_HOME": "/usr/local/cargo",
            **_unknown("RUST_VERSION"),
        },
        "/",
    ),
}
