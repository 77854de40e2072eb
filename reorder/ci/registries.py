"""What is known of registries: what a cache manifest must look like there, and how to prune it.

Sources: Docker documentation, "Registry cache" (image-manifest, oci-mediatypes); BuildKit
`cache/remotecache/registry/registry.go` (image-manifest is the default since 0.21); AWS,
"Announcing remote cache support in Amazon ECR for BuildKit clients".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_IMAGE: Final = ("image-manifest=true", "oci-mediatypes=true")


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry, or one kind of it."""

    name: str
    hosts: tuple[str, ...]  # the end of a host name


def host(reference: str) -> str:
    """The host of a reference; Docker Hub where it names none (distribution/reference)."""
    first, slash, _ = reference.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost" or "$" in first)
    return first if named else "docker.io"


def options(reference: str) -> tuple[str, ...]:
    """What an export to a registry needs beside its reference.

    Given everywhere: it is the default since BuildKit 0.21, registries such as ECR, Artifact
    Registry and Harbor take nothing else, and none is known to refuse it.
    """
    return _IMAGE
