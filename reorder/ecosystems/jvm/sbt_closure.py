"""Every file that sbt reads to load a build and to resolve its dependencies.

The `.sbt` files of the build's folder and of its projects, `project/` whole (plugins, build
properties, code, and the build of the build), `.sbtopts`, `.jvmopts` and `.sbtrc`, and what their
strings name. Source: the sbt reference manual ("Directory structure", "Organizing the build",
"Setup notes"), and runs of sbt 1.10.7.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.jvm.build_script import Token, strings, tokens
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute


@dataclass(slots=True)
class Build:
    """The closure of a build while it grows."""

    root: str
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)  # folders with `.sbt` files
    probed: list[str] = field(default_factory=list)  # looked for, and not there
    environment: bool = False  # the build reads variables
    problem: str | None = None


def build_of(root: str, image: Image) -> Build:
    """The closure of the build in a folder."""
    found = Build(root)
    project = posixpath.join(root, "project")
    sources = [p for p in image.files.under(root) if not _is_output(p, root)]
    found.files += [p for p in sources if p.endswith(".sbt") and not below(p, project)]
    if not found.files:
        found.problem = f"{root} has no build of sbt"
    inner = [p for p in sources if below(p, project)]
    if inner:
        found.folders.append(project)
    for name in _BESIDE:
        path = posixpath.join(root, name)
        (found.files if image.files.read(path) is not None else found.probed).append(path)
    found.projects = sorted({posixpath.dirname(p) for p in found.files if p.endswith(".sbt")})
    for path in [*found.files, *inner]:
        if path.endswith((".sbt", ".scala")):
            _script(path, found, image)
    found.files = [p for p in dict.fromkeys(found.files) if not below(p, project)]
    return found


def _is_output(path: str, root: str) -> bool:
    parts = posixpath.relpath(path, root).split("/")
    return "target" in parts or "src" in parts


def _script(path: str, found: Build, image: Image) -> None:
    name = posixpath.relpath(path, found.root)
    text = image.files.read(path)
    script = tokens(text) if text is not None else None
    if script is None:
        found.problem = found.problem or f"{name} does not come from the build context"
        return
    found.environment |= any(token.text in _VARIABLES for token in script)
    found.problem = found.problem or _reads_more(name, script, found.root, image)
    for text in strings(script, {}):
        path = absolute(text, found.root) if 0 < len(text) < 200 else found.root
        if path != found.root and image.files.origin(path) is not None:
            found.files.append(path)


def _reads_more(name: str, script: tuple[Token, ...], root: str, image: Image) -> str | None:
    words = {token.text for token in script if token.kind == "word"}
    other = next((word for word in _ELSEWHERE if word in words), None)
    if other is not None:
        return f"{name} takes in another build (`{other}`)"
    starts = next((word for word in _STARTS if word in words), None)
    if starts is not None:
        return f"{name} asks another program (`{starts}`)"
    if image.files.exists(posixpath.join(root, ".git")) is False:
        return None
    texts = {token.text for token in script if token.kind == "text"}
    plugin = next((text for text in _ASK_GIT if text in texts), None)
    return f"{name} asks git for a version ({plugin})" if plugin is not None else None


_BESIDE: Final = (".sbtopts", ".jvmopts", ".sbtrc", ".sbt/repositories", ".java-version")
_ELSEWHERE: Final = ("ProjectRef", "RootProject", "BuildRef")
_STARTS: Final = ("Process", "ProcessBuilder")
_VARIABLES: Final = frozenset({"env", "envOrElse", "envVars", "getenv"})
_ASK_GIT: Final = (
    *("sbt-git", "sbt-dynver", "sbt-ci-release", "sbt-version-policy", "sbt-git-versioning"),
    "sbt-typelevel",
)
