"""The modules of a Maven build: what each one reads, and the call that builds some of them.

`mvn -pl a,b -am package` builds these and what they need; the author's call that follows finds
their classes and jars up to date (maven-compiler-plugin compares sources and classes by time,
plexus-archiver a jar and what goes into it; a COPY keeps times, and a changed module is a new layer
without a `target`).

Tried on api <- core <- web, with Maven 3.9.9 (compiler plugin 3.13.0, jar plugin 3.4.1) and 3.8.7
(3.1, 2.4): module by module and then `package` leaves the files that `package` alone leaves, and
compiles each module once. A plugin that works on what it made itself before (shade, spring-boot)
would not: only plugins that are known to leave a finished module as it is may run twice.
"""

from __future__ import annotations

import posixpath
import shlex
from typing import Final

from reorder.ecosystems.contract import Image, Module, Modules
from reorder.ecosystems.jvm.maven_closure import Reactor
from reorder.ecosystems.jvm.maven_install import resolving_install
from reorder.ecosystems.jvm.maven_settings import Invocation
from reorder.ecosystems.jvm.maven_siblings import needed_modules
from reorder.ecosystems.jvm.pom import Pom

READS: Final = "the Maven build reads its modules' folders and what lies beside them, no documents"
TWICE: Final = "a module that is built keeps its classes and its jar when Maven builds it again"


def modules(asked: Invocation, image: Image) -> Modules | None:
    """The modules of a building call; None: there is one at most, or they are not known."""
    told = asked.told
    if told.has("-pl", "-rf", "-N", "-amd"):
        return None
    install, found = resolving_install(asked, image)
    if install.refusal is not None:
        return None
    parts = tuple(
        _part(path, found, asked, image) for path in found.poms if _has_sources(path, found, image)
    )
    if len(parts) < 2:
        return None
    closure = (*install.manifests, *(p for f in install.folders for p in image.files.under(f)))
    command = _command(asked, image)
    return Modules(parts, closure, command, assumptions=(READS,))


def _has_sources(path: str, found: Reactor, image: Image) -> bool:
    """Whether the project of a POM has files of its own; the root's are what lies beside."""
    folder = posixpath.dirname(path)
    if folder == found.root or posixpath.basename(path) != "pom.xml":
        return False
    inner = [posixpath.dirname(other) for other in found.poms if other != path]
    inner = [f"{other}/" for other in inner if other.startswith(f"{folder}/")]
    return any(
        not file.startswith(tuple(inner)) and file != path for file in image.files.under(folder)
    )


def _part(path: str, found: Reactor, asked: Invocation, image: Image) -> Module:
    folder = posixpath.dirname(path)
    needs = {posixpath.dirname(other) for other in needed_modules(found, asked.given, path)}
    needs |= _mentioned(path, found, image)
    running = {name for pom in _lineage(path, found) for name in pom.running}
    alone = running <= _REPEATABLE and found.poms[path].packaging in _PACKAGINGS
    word = posixpath.relpath(folder, found.root)
    return Module(folder, word, tuple(sorted(needs - {folder, found.root})), alone)


def _mentioned(path: str, found: Reactor, image: Image) -> set[str]:
    """The folders of other modules that a POM names as words: it may read their files."""
    text = image.files.read(path) or ""
    folders = {posixpath.dirname(other) for other in found.poms}
    own = posixpath.dirname(path)
    return {
        folder
        for folder in folders
        if f"/{posixpath.basename(folder)}/" in text and not own.startswith(folder)
    }


def _lineage(path: str, found: Reactor) -> list[Pom]:
    """A POM and every one above it in the folders of the build, from which it may inherit."""
    known = {**found.parents, **found.poms}
    pom: Pom | None = known[path]
    by_id = {
        (one.id[0] or (one.parent.id[0] if one.parent else ""), one.id[1]): one
        for one in known.values()
    }
    lineage: list[Pom] = []
    while pom is not None and pom not in lineage:
        lineage.append(pom)
        pom = by_id.get(pom.parent.id) if pom.parent is not None else None
    return lineage


def _command(asked: Invocation, image: Image) -> str | None:
    """The author's call for some modules, without their tests; None: `clean` would undo it."""
    goals = asked.line.goals
    if len(goals) != 1 or goals[0] not in _STEPS:
        return None
    if asked.told.has("-o", "-l", "-b") or asked.told.goals != asked.line.goals:
        return None
    words = [asked.call.name, "-pl", "{}", "-am"]
    if asked.wrapper is not None and not image.files.executable(asked.wrapper):
        words.insert(0, "sh")
    for part in asked.line.parts:
        if isinstance(part, str):
            words.append(_STEPS[part])
        elif not part.known:
            return None
        else:
            words += [shlex.quote(word.text) for word in part.words]
    skipped = {name for name, _ in asked.told.properties()} & {"skipTests", "maven.test.skip"}
    return " ".join(words if skipped else [*words, "-DskipTests"])


_STEPS: Final = {
    **dict.fromkeys(("compile", "process-classes"), "compile"),
    **dict.fromkeys(("test-compile", "process-test-classes", "test"), "test-compile"),
    **dict.fromkeys(("package", "integration-test", "verify", "install"), "package"),
}
_PACKAGINGS: Final = frozenset({"jar", "pom", "war", "maven-plugin", "ejb"})
# Apache's own plugins that do nothing, or the same again, where nothing has changed.
_REPEATABLE: Final = frozenset(
    f"maven-{name}-plugin"
    for name in (
        "compiler resources surefire failsafe jar war install deploy clean site enforcer "
        "checkstyle pmd source plugin ejb surefire-report project-info-reports release versions"
    ).split()
)
