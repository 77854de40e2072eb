"""What the repository shows of the builder: may a RUN have cache mounts, and do they live on?

A hint, not a proof: only CI files and build scripts at the usual places are read, line by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reorder.context.buildfiles import numbered_lines, scripts
from reorder.context.fresh_builder import Imports, imports_in
from reorder.context.project import Project

MAX_TEXT = 1 << 19

# One line is enough. Order matters only for which reason is given.
_SIGNS = (
    (r"kaniko-project/|/kaniko/executor|\bkaniko:|uses:\s*\S*kaniko", "builds with kaniko"),
    (r"""DOCKER_BUILDKIT["']?\s*[:=]\s*["']?(?:0|false)\b""", "switches BuildKit off"),
    (r"COMPOSE_DOCKER_CLI_BUILD[\"']?\s*[:=]\s*[\"']?0\b", "builds with the compose v1 builder"),
    (r"\buseBuildkit:\s*false\b", "switches BuildKit off"),
    (r"^\s*googleCloudBuild:", "builds with Cloud Build"),
    (r"\bgcloud\b.*\brun\s+deploy\b.*\s--source\b", "builds with Cloud Build"),
    (r"\baz\s+acr\s+build\b", "builds with ACR tasks, which have no BuildKit"),
    (r"\bimg\s+build\b|genuinetools/img\b", "builds with img"),
    (r"\bmakisu\b", "builds with makisu"),
    (r"\bbuildah/\w+:v?1\.(?:1?\d|2[0-3])(?!\d)", "builds with a buildah older than 1.24"),
)
_LINE_SIGNS = tuple((re.compile(pattern), what) for pattern, what in _SIGNS)
_SUBMIT = re.compile(r"\bgcloud\b.*\bbuilds\s+submit\b")
_CONFIG = re.compile(r"--config[=\s]+[\"']?([\w./-]+)")
# Classic builders by default: fine when the same file switches BuildKit on.
_ON = re.compile(r"""DOCKER_BUILDKIT["']?\s*[:=]\s*["']?(?:1|true)\b|\bbuildx\b""")
_BUILD = re.compile(r"\bdocker(?:-compose|\s+compose)?\s+(?:image\s+)?build\b")
_CLOUD_DOCKER = re.compile(r"cloud-builders/docker\b")
_OLD_DOCKER = re.compile(r"\bdocker:(?:1[789]|20)\.\d")
_PIN = re.compile(r"(?:docker\.io/)?(?P<name>[^:@]+)(?::(?P<tag>[^@]+))?(?P<digest>@.+)?")


@dataclass(frozen=True, slots=True)
class BuilderFacts:
    """Whether cache mounts may be used, and if not, where that is written."""

    mounts: bool
    reason: str | None = None
    fresh: str | None = None  # where it is written that builders begin with an imported cache


def builder_facts(project: Project, syntax_pin: str | None) -> BuilderFacts:
    """What the value of a Dockerfile's `# syntax` and the files of `project` tell of the builder.

    `project` is the repository's root, where CI files lie, which need not be the context.
    """
    reason = _old_frontend(syntax_pin)
    found: list[Imports] = []
    for path in scripts(project):
        text = project.read(path)
        if text is None or len(text) > MAX_TEXT:
            continue
        lines = list(numbered_lines(text, path))
        reason = reason or _in_file(project, path, lines)
        found.append(imports_in(path, lines))
    fresh = next((one.where for one in found if one.where), None)
    if any(one.kept for one in found):
        fresh = None
    return BuilderFacts(reason is None, reason, fresh)


def _old_frontend(pin: str | None) -> str | None:
    """Cache mounts are in docker/dockerfile since 1.2, before that in 1.x-experimental.

    Source: BuildKit frontend/dockerfile/docs/reference.md, release notes of dockerfile/1.2.0.
    """
    image = (pin or "").split(" ")[0]
    found = _PIN.fullmatch(image)
    if found is None:
        return None
    tag = found["tag"]
    if found["name"] == "docker/dockerfile-upstream":
        return None  # built from BuildKit's development line; it never was without them
    if found["name"] != "docker/dockerfile":
        return f"the frontend {image} is not known to have cache mounts"
    if tag is None:
        return f"the frontend {image} names no version" if found["digest"] else None
    version = re.match(r"(\d+)\.(\d+)", tag)
    if version is None or (int(version[1]), int(version[2])) >= (1, 2) or "experimental" in tag:
        return None
    return f"the frontend {image} is older than 1.2, which brought cache mounts"


def _in_file(project: Project, path: str, lines: list[tuple[int, str]]) -> str | None:
    for number, line in lines:
        for pattern, what in _LINE_SIGNS:
            if pattern.search(line):
                return f"{path}:{number} {what}"
        if _SUBMIT.search(line) and "--pack" not in line:
            config = _CONFIG.search(line)
            if config is None or not project.exists(config[1]):
                return f"{path}:{number} builds with Cloud Build"
            text = project.read(config[1]) or ""
            reason = _by_default(config[1], list(numbered_lines(text, config[1])))
            if reason is not None:
                return reason
    return _by_default(path, lines)


def _by_default(path: str, lines: list[tuple[int, str]]) -> str | None:
    """The first line that runs a builder which is classic unless told otherwise."""
    if any(_ON.search(line) for _, line in lines):
        return None
    builds = any(_BUILD.search(line) for _, line in lines)
    bitbucket = path == "bitbucket-pipelines.yml"
    for number, line in lines:
        if _CLOUD_DOCKER.search(line):
            return f"{path}:{number} builds with Cloud Build's docker, BuildKit not switched on"
        if builds and _OLD_DOCKER.search(line):
            return f"{path}:{number} builds with a Docker older than 23, BuildKit not switched on"
        if bitbucket and _BUILD.search(line):
            return f"{path}:{number} builds on Bitbucket, BuildKit not switched on"
    return None
