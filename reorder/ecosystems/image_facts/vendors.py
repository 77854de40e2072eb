"""Images of other publishers that many builds start from.

Source: the repositories that build them.
* uv: astral-sh/uv, Dockerfile and .github/workflows/build-docker.yml.
* bun: oven-sh/bun, dockerhub/{debian,debian-slim,alpine}/Dockerfile.
* deno: denoland/deno_docker, {debian,ubuntu,alpine}.dockerfile.
* distroless: GoogleContainerTools/distroless, static/static.bzl and common/BUILD.bazel.
* chainguard: chainguard-images/images, images/node/config and tflib/accts; apko for the homes.
* hexpm: hexpm/bob, priv/scripts/docker.
* lambda: aws/aws-lambda-base-images, Dockerfile of each branch.
* nginx-unprivileged: nginxinc/docker-nginx-unprivileged.
* cargo-chef: LukeMathWalker/cargo-chef, docker/Dockerfile.
* cuda: gitlab.com/nvidia/container-images/cuda, dist/; cypress: cypress-io/cypress-docker-images;
  playwright: microsoft/playwright, utils/docker; zulu: zulu-openjdk/zulu-openjdk. They run as root,
  with variables of their own.
* miniconda3: ContinuumIO/docker-images; miniforge3: conda-forge/miniforge-images.

Left out: bitnami/* and mambaorg/* (their config has a SHELL of its own), tiangolo/* (files of
their own in /app), cypress/factory (triggers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reorder.ecosystems.image_facts.model import (
    BaseImage,
    Family,
    User,
    path,
    unknown,
)
from reorder.ecosystems.image_facts.official import OFFICIAL, SYSTEM

_NONROOT: Final[User] = (65532, 65532, "/home/nonroot")
_CERTIFICATES: Final = {"SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}
_PLAIN_VERSION: Final = re.compile(r"latest$|v?\d[\d.]*$|sha256")


def _uv(image: BaseImage, tag: str) -> BaseImage | None:
    """`latest` and versions have nothing but uv; the others stand on an official image."""
    if not tag or _PLAIN_VERSION.match(tag):
        return replace(image, users={}, env=SYSTEM, workdir="/io", home="/", people=False)
    return image if "python" not in tag else replace(image, env={**OFFICIAL["python"].env, **_UV})


_UV: Final = unknown("UV_TOOL_BIN_DIR")


def _bun(image: BaseImage, tag: str) -> BaseImage | None:
    return None if "distroless" in tag else image


def _deno(image: BaseImage, tag: str) -> BaseImage | None:
    if "bin" in tag or "distroless" in tag:
        return None
    number = 1000 if "alpine" in tag else 1993
    return replace(image, users={**image.users, "deno": (number, number, "/home/deno")})


def _distroless(image: BaseImage, tag: str) -> BaseImage:
    if "debug" in tag:
        image = replace(image, env={**image.env, "PATH": None})
    if "nonroot" in tag:
        return replace(image, user="65532", workdir="/home/nonroot")
    return image


def _hexpm(image: BaseImage, tag: str) -> BaseImage:
    return replace(image, people=False) if "ubuntu" in tag else image


def _distroless_names() -> tuple[str, ...]:
    languages = ("static", "base", "base-nossl", "cc", "nodejs", "java", "java-base", "python3")
    versions = {"nodejs": ("", "18", "20", "22", "24"), "java": ("", "11", "17", "21", "25")}
    return tuple(
        f"gcr.io/distroless/{name}{version}{release}"
        for name in languages
        for version in versions.get(name, ("",))
        for release in ("", "-debian10", "-debian11", "-debian12", "-debian13")
    )


def _chainguard(env: Mapping[str, str], workdir: str, name: str) -> Family:
    return Family(
        {**_CERTIFICATES, **env},
        workdir,
        user="65532",
        users={"root": (0, 0, "/root"), name: (65532, 65532, f"/home/{name}")},
        system="bare",
        whole=False,
        people=False,
    )


_LAMBDA: Final = Family(
    {
        "LAMBDA_TASK_ROOT": "/var/task",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        **unknown("PATH", "LD_LIBRARY_PATH", "LANG", "TZ", "DOTNET_ROOT"),
    },
    "/var/task",
    system="redhat",
    people=False,
)
_CONDA: Final = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PATH": path("/opt/conda/bin")}

VENDORS: Final[dict[str, Family]] = {
    "ghcr.io/astral-sh/uv": Family({**SYSTEM, **_UV}, vary=_uv),
    "oven/bun": Family(
        {
            **unknown("PATH", "BUN_INSTALL_BIN"),
            "BUN_RUNTIME_TRANSPILER_CACHE_PATH": "0",
        },
        "/home/bun/app",
        users={"bun": (1000, 1000, "/home/bun")},
        vary=_bun,
    ),
    "denoland/deno": Family(
        {
            **SYSTEM,
            "DENO_DIR": "/deno-dir/",
            "DENO_INSTALL_ROOT": "/usr/local",
            **unknown("DENO_VERSION", "DENO_USE_CGROUPS"),
        },
        vary=_deno,
    ),
    **{
        name: Family(
            {**SYSTEM, **_CERTIFICATES, **unknown("LANG", "JAVA_VERSION")},
            user="0",
            users={
                "root": (0, 0, "/root"),
                "nobody": (65534, 65534, "/nonexistent"),
                "nonroot": _NONROOT,
            },
            system="bare",
            people=False,
            vary=_distroless,
        )
        for name in _distroless_names()
    },
    "cgr.dev/chainguard/node": _chainguard(
        {"NODE_PORT": "3000", "NPM_CONFIG_UPDATE_NOTIFIER": "false"}, "/app", "node"
    ),
    "cgr.dev/chainguard/static": _chainguard({}, "/", "nonroot"),
    **{
        name: Family({**SYSTEM, **unknown("LANG")}, vary=_hexpm)
        for name in ("hexpm/elixir", "hexpm/erlang")
    },
    **{
        f"{registry}{name}": _LAMBDA
        for registry, prefix in (("public.ecr.aws/lambda/", ""), ("amazon/aws-lambda-", ""))
        for name in ("python", "nodejs", "java", "ruby", "dotnet", "provided", "go")
    },
    "lukemathwalker/cargo-chef": Family(
        {**OFFICIAL["rust"].env, **unknown("CARGO_NET_GIT_FETCH_WITH_CLI")}
    ),
    **{
        name: Family(unknown("PATH"), system="", whole=False, people=False)
        for name in (
            *("nvidia/cuda", "cypress/base", "cypress/browsers", "cypress/included"),
            *("mcr.microsoft.com/playwright", "mcr.microsoft.com/playwright/python"),
            *("azul/zulu-openjdk", "azul/zulu-openjdk-alpine", "azul/zulu-openjdk-debian"),
        )
    },
    "nginxinc/nginx-unprivileged": replace(OFFICIAL["nginx"], user="101"),
    "continuumio/miniconda3": Family(_CONDA, people=False),
    "condaforge/miniforge3": Family({**_CONDA, "CONDA_DIR": "/opt/conda"}, people=False),
}
