"""Base images: unknown ones first."""

from __future__ import annotations

import pytest

from reorder.ecosystems.images import base_image


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("example/python:3.12", id="someone else's image with a known name"),
        pytest.param("ghcr.io/library/python:3.12", id="another registry"),
        pytest.param("localhost:5000/python", id="a local registry with a port"),
        pytest.param("python:3.12-windowsservercore-ltsc2022", id="windows"),
        pytest.param("golang:nanoserver", id="windows nano server"),
        pytest.param("${BASE}", id="a variable that was not expanded"),
        pytest.param("mysql:8", id="official, but not in the table"),
        pytest.param("", id="nothing"),
    ],
)
def test_unknown(reference: str) -> None:
    assert base_image(reference) is None


@pytest.mark.parametrize(
    "reference",
    [
        "node",
        "node:20",
        "node:20-alpine",
        "node:20@sha256:" + "0" * 64,
        "node@sha256:" + "0" * 64,
        "library/node:20",
        "docker.io/node:20",
        "docker.io/library/node:20",
        "public.ecr.aws/docker/library/node:20",
        "arm64v8/node:20",
        "docker.io/arm32v7/node:20",
    ],
)
def test_every_way_to_name_an_official_image(reference: str) -> None:
    image = base_image(reference)
    assert image is not None
    assert (image.family, image.home, image.users["node"]) == (
        "node",
        "/root",
        (1000, 1000, "/home/node"),
    )


def test_the_tag_is_kept_and_latest_is_the_default() -> None:
    tags = [base_image(name) for name in ("node:14-alpine", "node", "node@sha256:00")]
    assert [image.tag for image in tags if image] == ["14-alpine", "latest", ""]


@pytest.mark.parametrize(
    ("tag", "there"),
    [
        ("18.04", False),
        ("20.04", False),
        ("22.04", False),
        ("jammy-20240101", False),
        ("23.04", True),
        ("24.04", True),
        ("noble", True),
        ("latest", True),
    ],
)
def test_ubuntu_has_a_user_since_23_04(tag: str, there: bool) -> None:
    image = base_image(f"ubuntu:{tag}")
    assert image is not None
    assert ("ubuntu" in image.users) is there


def test_an_alpine_tag_has_alpine_users() -> None:
    alpine, debian = base_image("php:8-fpm-alpine"), base_image("php:8-fpm")
    assert alpine is not None
    assert debian is not None
    assert alpine.users["www-data"][0] == 82
    assert debian.users["www-data"] == (33, 33, "/var/www")
    assert alpine.workdir == debian.workdir == "/var/www/html"


def test_onbuild_is_flagged() -> None:
    plain, onbuild = base_image("node:8"), base_image("node:8-onbuild")
    assert plain is not None
    assert onbuild is not None
    assert (plain.onbuild, onbuild.onbuild) == (False, True)


def test_a_value_that_depends_on_the_tag_is_set_but_unknown() -> None:
    python, corretto = base_image("python:3.12"), base_image("maven:3-amazoncorretto-17")
    assert python is not None
    assert corretto is not None
    assert python.env["PYTHON_VERSION"] is None
    assert corretto.env["PATH"] is None


def test_golang() -> None:
    image = base_image("golang:1.22-alpine")
    assert image is not None
    assert (image.env["GOPATH"], image.workdir) == ("/go", "/go")


def test_scratch_has_no_user_table() -> None:
    image = base_image("scratch")
    assert image is not None
    assert (image.family, dict(image.users)) == ("scratch", {})


@pytest.mark.parametrize(
    ("reference", "user", "account", "workdir"),
    [
        ("registry.access.redhat.com/ubi9/nodejs-20", "1001", "default", "/opt/app-root/src"),
        ("registry.access.redhat.com/ubi9/openjdk-21:1.20", "185", "jboss", "/home/jboss"),
        ("gcr.io/distroless/static-debian12:nonroot", "65532", "nonroot", "/home/nonroot"),
        ("gcr.io/distroless/java17-debian12", "0", "root", "/"),
        ("cgr.dev/chainguard/node:latest-dev", "65532", "node", "/app"),
        ("mcr.microsoft.com/dotnet/aspnet:8.0", "root", "app", "/"),
        ("mcr.microsoft.com/dotnet/runtime:9.0-noble-chiseled", "1654", "app", "/"),
        ("oven/bun:1-alpine", "root", "bun", "/home/bun/app"),
        ("nginxinc/nginx-unprivileged:1.27-alpine", "101", "nginx", "/"),
        ("public.ecr.aws/lambda/python:3.12", "root", "root", "/var/task"),
    ],
)
def test_images_of_other_publishers(reference: str, user: str, account: str, workdir: str) -> None:
    image = base_image(reference)
    assert image is not None
    assert (image.user, image.workdir) == (user, workdir)
    assert account in image.users


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param("bitnami/node:20", id="a SHELL of its own"),
        pytest.param("mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-1809", id="Windows"),
        pytest.param("mcr.microsoft.com/dotnet/framework/aspnet:4.8", id="another .NET"),
        pytest.param("mcr.microsoft.com/dotnet/sdk:${TAG}", id="a tag by variable"),
        pytest.param("oven/bun:distroless", id="a variant without accounts"),
        pytest.param("composer:2-bin", id="nothing but the program"),
        pytest.param("registry.access.redhat.com/rhel7/rhel", id="not in the table"),
    ],
)
def test_variants_that_are_not_known(reference: str) -> None:
    assert base_image(reference) is None


def test_dotnet_has_its_user_since_8() -> None:
    seven, eight = (base_image(f"mcr.microsoft.com/dotnet/sdk:{tag}") for tag in ("7.0", "8.0"))
    assert seven is not None
    assert eight is not None
    assert ("app" in seven.users, "app" in eight.users) == (False, True)
    assert "APP_UID" not in seven.env


def test_an_image_of_uv_alone_is_not_one_with_python() -> None:
    alone = base_image("ghcr.io/astral-sh/uv:0.5.1")
    python = base_image("ghcr.io/astral-sh/uv:python3.12-bookworm-slim")
    assert alone is not None
    assert python is not None
    assert (alone.workdir, python.workdir) == ("/io", "/")
    assert "PYTHON_VERSION" in python.env


def test_old_ruby_images_moved_gems() -> None:
    old, new = base_image("ruby:2.5-slim"), base_image("ruby:3.3")
    assert old is not None
    assert new is not None
    assert ("BUNDLE_PATH" in old.env, "BUNDLE_PATH" in new.env) == (True, False)
