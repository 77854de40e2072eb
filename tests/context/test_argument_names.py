"""Which names of build arguments stand for something that is new with each build."""

from __future__ import annotations

import pytest

from reorder.context.argument_names import is_new_by_name, is_placeholder


@pytest.mark.parametrize(
    ("name", "default"),
    [
        pytest.param("VERSION", "1.2.3", id="a pinned version"),
        pytest.param("VERSION", '"1.2.3"', id="a pinned version, quoted"),
        pytest.param("APP_VERSION", "2024.1", id="a pinned version of the app"),
        pytest.param("VERSION", "$UPSTREAM", id="the version of something else"),
        pytest.param("NODE_VERSION", None, id="the version of a tool"),
        pytest.param("DOCKER_VERSION", None, id="the version of Docker"),
        pytest.param("GO_VERSION", "latest", id="the version of a tool, a placeholder"),
        pytest.param("COMMIT", "3f2a9c11d0", id="a commit that is pinned"),
        pytest.param("SHA", "sha256:" + "0a" * 32, id="a digest that is pinned"),
        pytest.param("REVISION", "v1.4", id="a revision that is a release"),
        pytest.param("NGINX_COMMIT", None, id="the commit of something else"),
        pytest.param("JENKINS_SHA", None, id="the digest of something else"),
        pytest.param("GIT_BRANCH", None, id="a branch"),
        pytest.param("GITHUB_TOKEN", None, id="a secret"),
        pytest.param("BUILD_PROFILE", None, id="a kind of build"),
        pytest.param("APP_", None, id="nothing but a prefix"),
        pytest.param("TAG", "latest", id="the tag of a base image"),
        pytest.param("UPDATE", None, id="a name that ends in date"),
    ],
)
def test_stable(name: str, default: str | None) -> None:
    assert not is_new_by_name(name, default)


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("GIT_SHA", None),
        ("git_sha", None),
        ("GitCommit", ""),
        ("GIT_COMMIT", "unknown"),
        ("COMMIT", "0000000000"),
        ("VCS_REF", "${SOMETHING}"),
        ("SOURCE_COMMIT", None),
        ("GITHUB_SHA", None),
        ("CI_COMMIT_SHORT_SHA", None),
        ("DRONE_COMMIT", None),
        ("APP_GIT_SHA", None),
        ("NEXT_PUBLIC_GIT_COMMIT", None),
        ("BUILD_DATE", None),
        ("BUILD_DATE", "1970-01-01"),
        ("BUILD_NUMBER", "12"),
        ("CACHEBUST", "1"),
        ("CACHE_BUST", "2024-01-01"),
        ("CI_PIPELINE_ID", None),
        ("VERSION", None),
        ("VERSION", '"dev"'),
        ("APP_VERSION", "0.0.0"),
        ("APP_VERSION", "v0.0.0-local"),
        ("IMAGE_VERSION", "latest"),
    ],
)
def test_new_with_each_build(name: str, default: str | None) -> None:
    assert is_new_by_name(name, default)


@pytest.mark.parametrize("value", ["1.0", "alpine", "3", "true", "production", "v1.2.3-rc1"])
def test_real_values(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize("value", [None, "", "''", "Unknown", "<none>", "0.0.0-SNAPSHOT", "LOCAL"])
def test_placeholders(value: str | None) -> None:
    assert is_placeholder(value)
