"""What is known of registries: what a cache must look like there, and what becomes of old ones.

Sources: Docker documentation, "Registry cache" and "Cache storage backends" (image-manifest is the
default since BuildKit 0.21); the rest with each registry. A registry that is known by no name is
taken for one that follows the OCI distribution specification, and for nothing more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Prune = Literal[
    "acr", "api", "artifactory", "artifact-registry", "digitalocean", "ecr", "ecr-public",
    "ghcr", "gitea", "gitlab", "harbor", "hub", "nexus", "quay",
]  # fmt: skip
_IMAGE: Final = ("image-manifest=true", "oci-mediatypes=true")


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry, or one kind of it."""

    name: str
    prune: Prune  # what removes old caches there, see `prune.py`
    hosts: str  # a regular expression over the whole host name, or the variable that stands for it
    untagged: str  # what becomes of a manifest whose tag went to another
    source: str
    only_images: bool = False  # it takes a cache only as an image manifest, not as an index
    limits: str = ""  # versions or settings that refuse a cache
    levels: int | None = (
        None  # how many parts a repository's path may have; None: as many as wanted
    )


REGISTRIES: Final = (
    Registry(
        "Docker Hub",
        "hub",
        r"(index\.|registry-1\.)?docker\.io|\$.*docker_?hub.*|\$.*docker_?user(name)?\b.*",
        "stays until it is deleted by hand",
        "Docker Hub release notes, 2025-02-18: Image Management",
        levels=2,
    ),
    Registry(
        "GitHub Container Registry",
        "ghcr",
        r"ghcr\.io",
        "stays; deleting every untagged version breaks images, whose platforms and attestations "
        "are untagged versions as well",
        "GitHub REST API, packages; actions/delete-package-versions issues 90 and 162",
    ),
    Registry(
        "GitLab",
        "gitlab",
        r"registry\.gitlab\.com|(registry\.)?gitlab\..*|\$\{?ci_registry(_image)?\b.*",
        "is deleted by itself after a day on GitLab.com, elsewhere by the administrator's "
        "garbage collection",
        "GitLab documentation, Delete container images from the container registry",
    ),
    Registry(
        "Amazon ECR",
        "ecr",
        r".*\.dkr[.-]ecr[.-].*|\$.*(?<![a-z])ecr(?![a-z]).*",
        "stays until a lifecycle rule expires it",
        "AWS, Announcing remote cache support in Amazon ECR for BuildKit clients; Lifecycle "
        "policies",
        only_images=True,
    ),
    Registry(
        "Amazon ECR Public",
        "ecr-public",
        r"public\.ecr\.aws",
        "stays: public repositories have no lifecycle policies",
        "AWS, Amazon ECR Public user guide",
        only_images=True,
    ),
    Registry(
        "Google Artifact Registry",
        "artifact-registry",
        r".*-docker\.pkg\.dev|(.*\.)?gcr\.io",
        "stays until a cleanup policy deletes it",
        "Google Cloud, Configure cleanup policies; moby/buildkit issue 1143",
    ),
    Registry(
        "Azure Container Registry",
        "acr",
        r".*\.azurecr\.(io|cn|us|de)",
        "stays until it is purged",
        "Microsoft, Automatically purge images; Azure/acr-cli, cmd/acr/purge.go",
    ),
    Registry(
        "Quay",
        "quay",
        r"quay\.io|quay\..*",
        "is collected when its time machine window is over",
        "Red Hat Quay, auto-prune policies; moby/buildkit issues 1440 and 1550",
        only_images=True,
    ),
    Registry(
        "Harbor",
        "harbor",
        r"harbor\..*|.*\.goharbor\.io",
        "stays until garbage is collected with untagged artifacts included",
        "Harbor documentation, Tag retention and Garbage collection; goharbor/harbor issue 14774",
        only_images=True,
    ),
    Registry(
        "JFrog Artifactory",
        "artifactory",
        r".*\.jfrog\.io|artifactory\..*",
        "is replaced, and its orphan layers are cleaned up",
        "JFrog, Deletion and cleanup of Docker tags; moby/buildkit issue 2220",
        only_images=True,
    ),
    Registry(
        "Sonatype Nexus",
        "nexus",
        r"nexus\..*",
        "stays until the task `Docker - Delete unused manifests and images` runs",
        "Sonatype, Docker.GC; moby/buildkit issue 2761",
        only_images=True,
        limits="Nexus before 3.22 answers a cache with error 500 (NEXUS-18511)",
    ),
    Registry(
        "Gitea or Forgejo",
        "gitea",
        r"codeberg\.org|(.*\.)?(gitea|forgejo)\..*",
        "stays until a cleanup rule removes it",
        "Gitea documentation, Cleanup rules (go-gitea/gitea pull request 21658)",
    ),
    Registry(
        "DigitalOcean",
        "digitalocean",
        r"registry\.digitalocean\.com",
        "stays until garbage is collected with untagged manifests included",
        "DigitalOcean, doctl registry garbage-collection start",
    ),
)
OTHER: Final = Registry(
    "Another registry",
    "api",
    r".*",
    "stays until `registry garbage-collect --delete-untagged` runs",
    "OCI distribution specification; distribution/distribution issue 3178",
)


def host(reference: str) -> str:
    """The host of a reference, or the variable for it; Docker Hub where it names none.

    As distribution/reference reads it: a host has a dot, a port, or is `localhost`.
    """
    first, slash, _ = reference.partition("/")
    if first.startswith(("$", "{{")):
        return first
    named = slash and ("." in first or ":" in first or first == "localhost" or "$" in first)
    return first if named else "docker.io"


def registry(reference: str) -> Registry:
    """What is known of the registry of a reference; `OTHER` if that is nothing."""
    name = host(reference).lower()
    return next((one for one in REGISTRIES if re.fullmatch(one.hosts, name)), OTHER)


def options(reference: str) -> tuple[str, ...]:
    """What an export to a registry needs beside its reference.

    Given everywhere: it is the default since BuildKit 0.21, `only_images` registries take nothing
    else, and none is known to refuse it.
    """
    return _IMAGE


def problem(repository: str) -> str | None:
    """Why caches cannot lie in a repository; None: they can."""
    last = repository.rpartition("/")[2]
    if "@" in repository or (":" in last and not re.search(r"[${]", last)):
        return "has a tag or a digest; name the repository alone"
    if re.search(r"\s", re.sub(r"\$?\{\{.*?\}\}", "", repository)) or not last:
        return "is no name of a repository"
    path = repository.partition("/")[2] if host(repository) == repository.partition("/")[0] else ""
    known = registry(repository)
    parts = (path or repository).count("/") + 1
    if known.levels is not None and "$" not in repository and parts > known.levels:
        return f"has {parts} parts, and {known.name} has no more than {known.levels}"
    bare = re.sub(r"\$?\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+", "", path or repository)
    if bare != bare.lower():
        return "has capital letters, which a repository cannot have"
    return None
