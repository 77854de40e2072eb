"""Docker Official Images: languages, systems and servers.

Source: the Dockerfiles that their repositories publish (docker-library/*, nodejs/docker-node,
rust-lang/docker-rust, adoptium/containers, carlossg/docker-maven, keeganwitt/docker-gradle,
corretto/corretto-docker, composer/docker, erlang/docker-erlang-otp, erlef/docker-elixir,
nginx/docker-nginx; debuerreotype for debian; for ubuntu the release note of 23.04, which adds the
user `ubuntu`).

Left out: databases and other servers; builds put files into them, and seldom install anything.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from reorder.ecosystems.image_facts.model import (
    ROOT,
    BaseImage,
    Env,
    Family,
    path,
    unknown,
)

SYSTEM: Final[Env] = {"PATH": path()}
_UBUNTU_WITHOUT_USER: Final = (
    *("14.", "16.", "18.", "20.", "22.", "12.", "10."),
    *("precise", "trusty", "xenial", "bionic", "focal", "jammy", "kinetic"),
)
_OLD_RUBY: Final = re.compile(r"(1|2\.[0-5])(\.|-|$)")  # their images moved gems by a variable
_TEMURIN: Final[Env] = {
    "PATH": path("/opt/java/openjdk/bin"),
    "JAVA_HOME": "/opt/java/openjdk",
    **unknown("LANG", "LANGUAGE", "LC_ALL", "JAVA_VERSION"),
}
_OTHER_JAVA: Final[Env] = unknown("PATH", "JAVA_HOME", "LANG", "LANGUAGE", "LC_ALL", "JAVA_VERSION")
_PHP: Final[Env] = {
    **SYSTEM,
    "PHP_INI_DIR": "/usr/local/etc/php",
    **unknown("PHPIZE_DEPS", "PHP_CFLAGS", "PHP_CPPFLAGS", "PHP_LDFLAGS", "GPG_KEYS"),
    **unknown("PHP_VERSION", "PHP_URL", "PHP_ASC_URL", "PHP_SHA256"),
    **unknown("APACHE_CONFDIR", "APACHE_ENVVARS"),
}


def _ubuntu(image: BaseImage, tag: str) -> BaseImage:
    if tag.startswith(_UBUNTU_WITHOUT_USER):
        return image
    return replace(image, users={**image.users, "ubuntu": (1000, 1000, "/home/ubuntu")})


def _java(image: BaseImage, tag: str) -> BaseImage:
    """Maven and Gradle stand on a Java of their tag."""
    if image.family != "eclipse-temurin" and "temurin" not in tag:
        return replace(image, env={**image.env, "PATH": None, "JAVA_HOME": None})
    return image


def _php(image: BaseImage, tag: str) -> BaseImage:
    if "alpine" in tag:
        image = replace(image, users={**image.users, "www-data": (82, 82, "/home/www-data")})
    if "apache" in tag or "fpm" in tag:
        image = replace(image, workdir="/var/www/html")
    return image


def _ruby(image: BaseImage, tag: str) -> BaseImage:
    if _OLD_RUBY.match(tag):
        return replace(image, env={**image.env, **unknown("BUNDLE_PATH", "BUNDLE_BIN")})
    return image


def _corretto(image: BaseImage, tag: str) -> BaseImage:
    # Amazon Linux, or Debian for some tags.
    return image if "alpine" in tag else replace(image, users=dict(ROOT))


def _composer(image: BaseImage, tag: str) -> BaseImage | None:
    return None if "bin" in tag else image


def _nginx(image: BaseImage, tag: str) -> BaseImage:
    home = "/var/cache/nginx" if "alpine" in tag else "/nonexistent"
    return replace(image, users={**image.users, "nginx": (101, 101, home)})


OFFICIAL: Final[dict[str, Family]] = {
    "alpine": Family(SYSTEM, system="alpine"),
    # Of each Linux, a kin of Fedora, nobody but root is the same for every tag.
    "amazoncorretto": Family(unknown("PATH", "JAVA_HOME", "LANG"), people=False, vary=_corretto),
    "amazonlinux": Family(SYSTEM, system="redhat"),
    "buildpack-deps": Family(SYSTEM),
    "busybox": Family(SYSTEM, system="busybox"),
    "composer": Family(
        {
            **_PHP,
            "COMPOSER_ALLOW_SUPERUSER": "1",
            "COMPOSER_HOME": "/tmp",
            **unknown("COMPOSER_VERSION"),
        },
        "/app",
        users={"www-data": (82, 82, "/home/www-data")},
        system="alpine",
        vary=_composer,
    ),
    "debian": Family(SYSTEM),
    "eclipse-temurin": Family(_TEMURIN, system="ubuntu", people=False),
    "elixir": Family(
        {
            **SYSTEM,
            **unknown("OTP_VERSION", "REBAR3_VERSION", "REBAR_VERSION"),
            **unknown("ELIXIR_VERSION", "LANG"),
        }
    ),
    "erlang": Family({**SYSTEM, **unknown("OTP_VERSION", "REBAR3_VERSION", "REBAR_VERSION")}),
    "golang": Family(
        {
            "PATH": path("/go/bin", "/usr/local/go/bin"),
            "GOPATH": "/go",
            **unknown("GOLANG_VERSION", "GOTOOLCHAIN"),
        },
        "/go",
    ),
    "gradle": Family(
        {
            **_TEMURIN,
            "GRADLE_HOME": "/opt/gradle",
            **unknown("GRADLE_VERSION", "JAVA_LTS_HOME", "JAVA_CURRENT_HOME"),
        },
        "/home/gradle",
        users={"gradle": (1000, 1000, "/home/gradle")},
        system="ubuntu",
        people=False,
        vary=_java,
    ),
    "httpd": Family(
        {
            "PATH": path("/usr/local/apache2/bin"),
            "HTTPD_PREFIX": "/usr/local/apache2",
            **unknown("HTTPD_VERSION", "HTTPD_SHA256", "HTTPD_PATCHES", "APACHE_DIST_URLS"),
        },
        "/usr/local/apache2",
        people=False,
    ),
    "maven": Family(
        {**_TEMURIN, "MAVEN_HOME": "/usr/share/maven", "MAVEN_CONFIG": "/root/.m2"},
        system="ubuntu",
        people=False,
        vary=_java,
    ),
    "nginx": Family(
        {
            **SYSTEM,
            **unknown("NGINX_VERSION", "NJS_VERSION", "NJS_RELEASE", "PKG_RELEASE"),
            **unknown("DYNPKG_RELEASE", "ACME_VERSION"),
        },
        vary=_nginx,
    ),
    "node": Family(
        {**SYSTEM, **unknown("NODE_VERSION", "YARN_VERSION")},
        users={"node": (1000, 1000, "/home/node")},
    ),
    "openjdk": Family(_OTHER_JAVA, people=False),
    "php": Family(_PHP, vary=_php),
    "pypy": Family(
        {
            "PATH": path("/opt/pypy/bin"),
            **unknown("LANG", "PYPY_VERSION", "PYTHON_PIP_VERSION"),
            **unknown("PYTHON_GET_PIP_URL", "PYTHON_GET_PIP_SHA256"),
        }
    ),
    "python": Family(
        {
            "PATH": path("/usr/local/bin"),
            **unknown("LANG", "GPG_KEY", "PYTHON_VERSION", "PYTHON_SHA256"),
            **unknown("PYTHON_PIP_VERSION", "PYTHON_SETUPTOOLS_VERSION"),
            **unknown("PYTHON_GET_PIP_URL", "PYTHON_GET_PIP_SHA256"),
        }
    ),
    "ruby": Family(
        {
            "PATH": path("/usr/local/bundle/bin"),
            "GEM_HOME": "/usr/local/bundle",
            "BUNDLE_APP_CONFIG": "/usr/local/bundle",
            "BUNDLE_SILENCE_ROOT_WARNING": "1",
            **unknown("LANG", "RUBY_VERSION", "RUBY_MAJOR", "RUBY_DOWNLOAD_URL"),
            **unknown("RUBY_DOWNLOAD_SHA256"),
        },
        vary=_ruby,
    ),
    "rust": Family(
        {
            "PATH": path("/usr/local/cargo/bin"),
            "RUSTUP_HOME": "/usr/local/rustup",
            "CARGO_HOME": "/usr/local/cargo",
            **unknown("RUST_VERSION"),
        }
    ),
    "ubuntu": Family(SYSTEM, system="ubuntu", vary=_ubuntu),
}
