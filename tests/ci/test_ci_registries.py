"""Which registry a reference is in, and where caches can lie."""

from __future__ import annotations

import re

import pytest

from reorder.ci.registries import OTHER, REGISTRIES, host, problem, registry


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("app", "docker.io"),
        ("me/app", "docker.io"),
        ("docker.io/me/app", "docker.io"),
        ("localhost/app", "localhost"),
        ("registry:5000/app", "registry:5000"),
        ("ghcr.io/o/app", "ghcr.io"),
        ("$CI_REGISTRY_IMAGE", "$CI_REGISTRY_IMAGE"),
        ("$IMAGE", "$IMAGE"),
        ("${REGISTRY}/app", "${REGISTRY}"),
        ("${{ env.REGISTRY }}/app", "${{ env.REGISTRY }}"),
        ("{{ registry }}/app", "{{ registry }}"),
    ],
)
def test_host(reference: str, name: str) -> None:
    assert host(reference) == name


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("me/app", "Docker Hub"),
        ("index.docker.io/me/app", "Docker Hub"),
        ("${{ secrets.DOCKERHUB_USERNAME }}/app", "Docker Hub"),
        ("$DOCKER_USER/app", "Docker Hub"),
        ("ghcr.io/${{ github.repository }}", "GitHub Container Registry"),
        ("$CI_REGISTRY_IMAGE", "GitLab"),
        ("${CI_REGISTRY_IMAGE}/api", "GitLab"),
        ("$CI_REGISTRY/o/app", "GitLab"),
        ("registry.gitlab.com/o/app", "GitLab"),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/app", "Amazon ECR"),
        ("$ACCOUNT.dkr.ecr.$REGION.amazonaws.com/app", "Amazon ECR"),
        ("${{ steps.login-ecr.outputs.registry }}/app", "Amazon ECR"),
        ("$ECR_REGISTRY/app", "Amazon ECR"),
        ("public.ecr.aws/o/app", "Amazon ECR Public"),
        ("europe-docker.pkg.dev/p/r/app", "Google Artifact Registry"),
        ("eu.gcr.io/p/app", "Google Artifact Registry"),
        ("shop.azurecr.io/app", "Azure Container Registry"),
        ("quay.io/o/app", "Quay"),
        ("harbor.example.com/o/app", "Harbor"),
        ("example.jfrog.io/docker/app", "JFrog Artifactory"),
        ("nexus.example.com:8443/app", "Sonatype Nexus"),
        ("codeberg.org/o/app", "Gitea or Forgejo"),
        ("registry.digitalocean.com/o/app", "DigitalOcean"),
        ("registry.example.com/app", OTHER.name),
        ("${{ secrets.REGISTRY }}/app", OTHER.name),  # holds the letters e, c, r
        ("$IMAGE", OTHER.name),
    ],
)
def test_registry(reference: str, name: str) -> None:
    assert registry(reference).name == name


def test_every_fact_has_a_source() -> None:
    assert all(one.source and one.untagged for one in (*REGISTRIES, OTHER))
    assert all(re.compile(one.hosts) for one in REGISTRIES)


@pytest.mark.parametrize(
    ("repository", "why"),
    [
        ("ghcr.io/o/app:cache", "has a tag"),
        ("ghcr.io/o/app@sha256:0", "has a tag or a digest"),
        ("o/team/app", "has 3 parts, and Docker Hub has no more than 2"),
        ("docker.io/o/team/app", "has 3 parts"),
        ("ghcr.io/O/app", "capital letters"),
        ("ghcr.io/o/an app", "is no name"),
        ("ghcr.io/", "is no name"),
    ],
)
def test_no_place_for_caches(repository: str, why: str) -> None:
    assert why in (problem(repository) or "")


@pytest.mark.parametrize(
    "repository",
    [
        "o/app",
        "localhost:5000/app",
        "registry:5000/o/team/app",
        "ghcr.io/o/team/app/cache",
        "ghcr.io/${{ github.repository }}",
        "${{ env.REGISTRY }}/app",
        "$CI_REGISTRY_IMAGE/cache",
        "${IMAGE:-x}/cache",
    ],
)
def test_a_place_for_caches(repository: str) -> None:
    assert problem(repository) is None
