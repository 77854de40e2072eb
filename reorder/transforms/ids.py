"""The transforms by name, in the order in which they run. Light: the command line reads it first."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "manifest-first": "install dependencies from their manifests before the source is copied",
    "manifest-drift": "complete a manifest list that no longer covers what the install reads",
    "prefetch": "add the dependency step that a build tool lacks",
    "order": "put what is stable before what changes often",
    "cache-mount": "keep download caches between builds",
    "dockerignore": "keep dependency outputs and editor files out of the build context",
    "syntax-directive": "name the Dockerfile syntax where the result needs it",
}
IDS: tuple[str, ...] = tuple(TITLES)
