"""The transforms by name, in the order in which they run. Light: the command line needs it."""

from __future__ import annotations

TITLES: dict[str, str] = {
    "order": "put what is stable before what changes often",
    "join-run": "fetch package lists in the RUN that installs by them",
    "split-run": "give an install that is joined to a build a RUN of its own",
    "manifest-first": "install dependencies from their manifests before the source is copied",
    "prefetch": "add the dependency step that a build tool lacks",
    "manifest-drift": "complete a manifest list that no longer covers what the install reads",
    "cache-mount": "keep download caches between builds",
    "precise-copy": "copy only what a build reads, module by module (on request)",
    "dockerignore": "keep dependency outputs and editor files out of the build context",
    "syntax-directive": "name the Dockerfile syntax where the result needs it",
}
IDS: tuple[str, ...] = tuple(TITLES)
