"""Every file that Gradle reads to configure a build and to resolve its dependencies.

Settings and build scripts, with what they apply; `gradle.properties` and lock files of each
project; `gradle/` whole (wrapper, version catalogs, verification metadata, scripts); `buildSrc` and
included builds whole: they are compiled first; files and folders of libraries that the scripts
name. Source: the user guide ("Build Lifecycle", "Organizing Gradle Projects", "Composite Builds",
"Locking Versions", "Verifying dependencies", "Build Environment"), and runs of Gradle 4.4.1.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.jvm.build_script import Token, strings, tokens, without_blocks
from reorder.ecosystems.jvm.gradle_settings import (
    SETTINGS,
    Settings,
    applied,
    places,
    read_settings,
    root_of,
)
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute

SCRIPTS: Final = ("build.gradle", "build.gradle.kts")
_BESIDE: Final = ("gradle.properties", "gradle.lockfile", "buildscript-gradle.lockfile")
_AT_ROOT: Final = ("settings-gradle.lockfile", "local.properties", ".java-version")


@dataclass(slots=True)
class Build:
    """The closure of a build while it grows."""

    settings: Settings
    listing: tuple[str, ...]  # every file below the root
    inner: frozenset[str]  # every folder below the root
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    probed: list[str] = field(default_factory=list)  # looked for, and not there
    builds: list[str] = field(default_factory=list)  # folders of other builds that are made first
    scripted: list[str] = field(default_factory=list)  # projects that are surely there
    bare: list[str] = field(default_factory=list)  # nothing that is read makes their folders
    environment: bool = False  # a script reads variables
    problem: str | None = None

    @property
    def root(self) -> str:
        """The folder of the build."""
        return self.settings.root


def build_of(start: str, image: Image) -> Build:
    """The closure of the build that Gradle finds from a folder."""
    files = image.files
    root = root_of(start, files)
    listing = files.under(root)
    found = Build(read_settings(root, files), listing, frozenset(_folders(listing)))
    found.problem = found.settings.problem
    found.probed += [posixpath.join(root, name) for name in (*SETTINGS, "buildSrc", "gradle")]
    for folder in (*found.settings.builds, posixpath.join(root, "buildSrc")):
        if files.under(folder):
            _other(folder, found, image)
    if files.under(posixpath.join(root, "gradle")):
        found.folders.append(posixpath.join(root, "gradle"))
    for name in _AT_ROOT:
        _beside(posixpath.join(root, name), found, files)
    for script in found.settings.scripts:
        _script(script, root, found, image)
    for name, folder in found.settings.projects.items():
        _project(name, folder, found, image)
    if not found.settings.scripts and not found.scripted:
        found.problem = found.problem or f"{root} has no build script of Gradle"
    folders = [*found.folders, *found.builds]
    inner = {f for f in folders if any(below(f, other) and f != other for other in folders)}
    found.folders = [f for f in dict.fromkeys(folders) if f not in inner]
    known = dict.fromkeys(found.files)
    found.files = [p for p in known if not any(below(p, f) for f in found.folders)]
    return found


def _project(name: str, folder: str, found: Build, image: Image) -> None:
    files = image.files
    script = next((s for s in SCRIPTS if files.exists(posixpath.join(folder, s))), None)
    if script is not None:
        _script(posixpath.join(folder, script), folder, found, image)
        if name in found.settings.sure:
            found.scripted.append(name)
    else:
        found.probed += [posixpath.join(folder, name) for name in SCRIPTS]
        if not any(below(other, folder) for other in _folders_of_others(name, found)):
            found.bare.append(name)
    for beside in _BESIDE:
        _beside(posixpath.join(folder, beside), found, files)
    locks = posixpath.join(folder, "gradle/dependency-locks")
    if locks in found.inner:
        found.folders.append(locks)


def _folders_of_others(name: str, found: Build) -> list[str]:
    """Folders that are surely there because of what lies in them."""
    if name == ":":
        return [found.root]
    return [folder for other, folder in found.settings.projects.items() if other != name]


def _other(folder: str, found: Build, image: Image) -> None:
    """buildSrc or an included build: it is source, and compiled before anything else."""
    found.builds.append(folder)
    found.environment = True  # its code may ask for any variable
    for path in image.files.under(folder):
        if path.endswith((".gradle", ".gradle.kts")):
            _script(path, posixpath.dirname(path), found, image)
    inner = read_settings(folder, image.files)
    found.problem = found.problem or inner.problem
    for other in inner.builds:
        if other not in found.builds:
            _other(other, found, image)


def _beside(path: str, found: Build, files: Files) -> None:
    (found.files if files.read(path) is not None else found.probed).append(path)


def _script(path: str, folder: str, found: Build, image: Image) -> None:
    """A script and what it names; `folder` is the project's."""
    if path in found.files:
        return
    name = posixpath.relpath(path, found.root)
    text = image.files.read(path)
    script = tokens(text) if text is not None else None
    if script is None:
        found.problem = found.problem or f"{name} does not come from the build context"
        return
    found.files.append(path)
    found.environment |= any(token.text in _VARIABLES for token in script)
    found.problem = found.problem or _reads_more(name, script, found.root, image)
    _named(script, folder, found, image)
    scripts, unknown = applied(script, folder, found.root)
    if unknown is not None:
        found.problem = found.problem or f"{name} applies {unknown}, which is not known"
    for other in scripts:
        if image.files.exists(other):
            _script(other, folder, found, image)
        else:
            where = posixpath.relpath(other, found.root)
            found.problem = found.problem or f"{name} applies {where}, which is not in the context"


def _named(script: tuple[Token, ...], folder: str, found: Build, image: Image) -> None:
    """Files and folders of libraries that a string of a script names, from its project or root."""
    for text in strings(script, places(folder, found.root)):
        if not text or len(text) > 200 or text.startswith(("http:", "https:")) or "\n" in text:
            continue
        for base in dict.fromkeys((folder, found.root)):
            path = absolute(text.removeprefix("file://"), base)
            if not below(path, found.root) or path in found.settings.projects.values():
                continue
            if image.files.origin(path) is not None:
                found.files.append(path)
            elif path in found.inner and _has_libraries(path, found):
                found.folders.append(path)


def _folders(listing: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for path in listing:
        while (path := posixpath.dirname(path)) not in found and path != "/":
            found.add(path)
    return found


def _has_libraries(path: str, found: Build) -> bool:
    """A folder with jars, a repository in the project, or scripts; never one of the sources."""
    inner = [p for p in found.listing if p.startswith(path + "/")]
    if "src" in path.split("/"):
        return False
    names = [posixpath.basename(p) for p in inner]
    return any(n.endswith(_LIBRARIES) for n in names) and not any(n.endswith(_CODE) for n in names)


def _reads_more(name: str, script: tuple[Token, ...], root: str, image: Image) -> str | None:
    """Why what a script reads while it is evaluated is not known; actions of tasks are left out."""
    evaluated = without_blocks(script, _ACTIONS)
    for at, token in enumerate(evaluated):
        if token.kind == "word" and token.text in _SEARCHES:
            return f"{name} looks through folders (`{token.text}`)"
        if token.kind == "word" and token.text in _STARTS:
            return f"{name} asks another program (`{token.text}`)"
        called = evaluated[at + 1 : at + 2] == (Token("mark", "("),)
        if token == Token("word", "execute") and called and at and evaluated[at - 1].text == ".":
            return f"{name} asks another program (`execute`)"
    if image.files.exists(posixpath.join(root, ".git")) is False:
        return None
    plugin = next((t.text for t in script if t.kind == "text" and t.text in _ASK_GIT), None)
    if plugin is not None:
        return f"{name} asks git for a version ({plugin})"
    texts = [token.text for token in evaluated if token.kind in ("text", "code")]
    runs = next((text for text in texts if text == "git" or text.startswith("git ")), None)
    return f"{name} asks git (`{runs}`)" if runs is not None else None


_LIBRARIES: Final = (".jar", ".aar", ".pom", ".gradle", ".gradle.kts")
_CODE: Final = (".java", ".kt", ".groovy", ".scala", ".js", ".ts")
_ACTIONS: Final = frozenset({"doLast", "doFirst"})
_SEARCHES: Final = frozenset(
    "eachDir eachFile eachFileRecurse eachDirRecurse eachFileMatch eachDirMatch listFiles "
    "walkTopDown walkBottomUp traverse newDirectoryStream".split()
)
_STARTS: Final = frozenset({"ProcessBuilder", "getRuntime", "standardOutput"})
_VARIABLES: Final = frozenset({"getenv", "env", "environmentVariable", "environmentVariables"})
_ASK_GIT: Final = frozenset(
    "com.palantir.git-version org.ajoberstar.grgit org.ajoberstar.reckon net.nemerosa.versioning "
    "pl.allegro.tech.build.axion-release nebula.release com.netflix.nebula.release "
    "me.qoomon.git-versioning fr.brouillard.oss.gradle.jgitver "
    "com.github.jmongard.git-semver-plugin org.shipkit.shipkit-auto-version".split()
)
