"""The modules of a Gradle build: what each one reads, and the call that compiles some of them.

`gradle :api:classes :core:classes` compiles these and what they need; the author's call that
follows finds their tasks up to date: Gradle compares what goes into a task by content, and keeps
what it knows of them in `.gradle`, which is part of the layer.

Tried on api <- core <- web with Gradle 4.4.1 and its plugins `java` and `application`: two modules,
then `build -x test` or `jar`, leaves the files of the author's call alone but for `.gradle`, and
compiles each module once. A newer Gradle and other languages were not to be had. Scripts are not
evaluated: a module has the task `classes` where it has sources in Java and no script names Android.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Image, Module, Modules
from reorder.ecosystems.jvm.build_script import Token, calls_of, strings, tokens
from reorder.ecosystems.jvm.gradle_call import Invocation, starts_wrapper
from reorder.ecosystems.jvm.gradle_closure import SCRIPTS, Build
from reorder.ecosystems.jvm.gradle_prefetch import assignments, resolving_install
from reorder.ecosystems.jvm.gradle_settings import places
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute

READS: Final = "the Gradle build reads its modules' folders and what lies beside them, no documents"


def modules(asked: Invocation, image: Image) -> Modules | None:
    """The modules of a building call; None: there is one at most, or they are not known."""
    install, found = resolving_install(asked, image)
    if install.refusal is not None or asked.start != found.root or _is_part(asked):
        return None
    files = _files(found)
    if not 2 <= len(files) <= _MOST:
        return None
    folders = {name: _folder(name, found) for name in files}
    shared = _mentioned(_shared(found, image), found.root, found, image)
    parts = tuple(_part(name, files[name], folders, shared, found, image) for name in files)
    command = _command(asked, found, image)
    if command is not None and not _builds_all(asked):
        needed = {folder for part in parts for folder in part.needs}
        parts = tuple(
            part if part.folder in needed else replace(part, alone=False) for part in parts
        )
    return Modules(
        parts=parts,
        manifests=(*install.manifests, *(p for f in install.folders for p in image.files.under(f))),
        command=command,
        separator=":classes :",
        outputs=(posixpath.join(found.root, ".gradle"), *(f"{p.folder}/build" for p in parts)),
        assumptions=(READS,),
    )


def _is_part(asked: Invocation) -> bool:
    """Whether it is such a step itself."""
    return all(task.text.endswith(":classes") for task in asked.line.tasks)


def _folder(name: str, found: Build) -> str:
    """What belongs to a project alone: of the root, with all that lies beside it, `src`."""
    folder = found.settings.projects[name]
    return posixpath.join(folder, "src") if name == ":" else folder


def _files(found: Build) -> dict[str, list[str]]:
    """The files of each project that has more than scripts; those of inner ones are theirs."""
    owners = {_folder(name, found): name for name in found.settings.projects}
    files: dict[str, list[str]] = {}
    for path in found.listing:
        folder = posixpath.dirname(path)
        while folder not in owners and folder not in ("/", ""):
            folder = posixpath.dirname(folder)
        if folder in owners and posixpath.relpath(path, folder) not in _BESIDE:
            files.setdefault(owners[folder], []).append(path)
    return {name: files[name] for name in found.settings.projects if name in files}


def _part(
    name: str,
    files: list[str],
    folders: dict[str, str],
    shared: set[str],
    found: Build,
    image: Image,
) -> Module:
    folder = found.settings.projects[name]
    script = next((s for s in SCRIPTS if image.files.exists(posixpath.join(folder, s))), None)
    wanted = set(shared)
    if script is not None and name != ":":
        wanted |= _mentioned([posixpath.join(folder, script)], folder, found, image)
    needs = {folders[other] for other in wanted if other in folders and other != name}
    alone = name != ":" and name in found.settings.sure and _is_java(folder, files)
    return Module(
        folders[name], name.strip(":"), tuple(sorted(needs)), alone and _UNKNOWN not in wanted
    )


def _is_java(folder: str, files: list[str]) -> bool:
    inner = [path[len(folder) + 1 :].split("/") for path in files]
    kinds = {parts[2] for parts in inner if parts[:2] == ["src", "main"] and len(parts) > 3}
    return "java" in kinds and _OTHER_LANGUAGES.isdisjoint(kinds)


def _texts(found: Build, image: Image) -> list[str]:
    """Scripts, catalogs and the code of buildSrc."""
    inner = [path for folder in found.folders for path in image.files.under(folder)]
    return [path for path in (*found.files, *inner) if path.endswith(_TEXTS)]


def _shared(found: Build, image: Image) -> list[str]:
    """The scripts that count for every project."""
    folders = found.settings.projects.items()
    own = {f"{folder}/{script}" for name, folder in folders if name != ":" for script in SCRIPTS}
    return [path for path in _texts(found, image) if path not in own]


def _mentioned(paths: list[str], folder: str, found: Build, image: Image) -> set[str]:
    """The projects that scripts name, by path, accessor or folder; `_UNKNOWN` for one not known."""
    named: set[str] = set()
    for path in paths:
        script = tokens(image.files.read(path) or "") or ()
        if posixpath.basename(path).startswith("settings.gradle"):
            continue
        for text in strings(script, places(folder, found.root)):
            named |= {text} & found.settings.projects.keys()
            if "/" in text:
                place = absolute(text, folder)
                named |= {
                    name
                    for name, other in found.settings.projects.items()
                    if name != ":" and below(place, other) and not below(folder, other)
                }
        named |= _accessors(script, found) | _strange(script, found)
    return named - {":"}


def _accessors(script: tuple[Token, ...], found: Build) -> set[str]:
    """`projects.moduleApi` and its like ("Type-safe project accessors" of the user guide)."""
    known = {_plain(name): name for name in found.settings.projects if name != ":"}
    named = set()
    for at, token in enumerate(script):
        if token != Token("word", "projects") or (at and script[at - 1].text == "."):
            continue
        words = [t.text for t in script[at + 1 : at + 13]]
        parts: list[str] = []
        while words[:1] == ["."] and len(words) > 1:
            parts.append(words[1])
            words = words[2:]
        if parts:
            named.add(known.get("".join(parts).lower(), _UNKNOWN))
    return named


def _strange(script: tuple[Token, ...], found: Build) -> set[str]:
    """Whether `project(…)` names one that the settings do not have by that name."""
    for _, arguments in calls_of(script, "project"):
        paths = [token for token in arguments if token.text.startswith(":")]
        texts = [token for token in paths if token.kind in ("text", "code")]
        if any(token.text not in found.settings.projects for token in texts):
            return {_UNKNOWN}
    return set()


def _plain(name: str) -> str:
    return re.sub(r"[:._-]", "", name).lower()


def _command(asked: Invocation, found: Build, image: Image) -> str | None:
    """The author's call for some modules; None: it does more than to build, or nobody knows."""
    line = asked.line
    tasks = [task.text.rpartition(":")[2] for task in line.tasks]
    if not tasks or line.others or not _TASKS.issuperset(tasks) or found.bare:
        return None
    if line.has(*_AGAIN) or any(not option.known for option in line.options):
        return None
    if _renamed(found, image) or any(
        "com.android" in (image.files.read(path) or "") for path in _texts(found, image)
    ):
        return None
    words = [*assignments(asked, image), *starts_wrapper(asked, image), ":{}:classes"]
    words += [shlex.quote(word.text) for option in line.options for word in option.words]
    return " ".join(words)


def _renamed(found: Build, image: Image) -> bool:
    """Whether a settings script gives projects other names than those of their folders."""
    for path in found.settings.scripts:
        script = tokens(image.files.read(path) or "") or ()
        for at, token in enumerate(script):
            assigned = script[at + 1 : at + 2] == (Token("mark", "="),)
            before = [other.text for other in script[max(at - 2, 0) : at]]
            if token.text == "name" and assigned and before != ["rootProject", "."]:
                return True
    return False


def _builds_all(asked: Invocation) -> bool:
    """Whether every module is built, not only those that another one needs."""
    return any(task.text in _OF_ALL for task in asked.line.tasks)


_UNKNOWN: Final = "?"
_MOST: Final = 60
_BESIDE: Final = (*SCRIPTS, "gradle.properties", "gradle.lockfile")
_OTHER_LANGUAGES: Final = frozenset({"kotlin", "groovy", "scala"})
_TEXTS: Final = (".gradle", ".kts", ".toml", ".kt", ".groovy", ".java")
_OF_ALL: Final = frozenset({"build", "assemble", "classes", "jar", "check"})
_TASKS: Final = _OF_ALL | frozenset(
    "bootJar bootWar war installDist installBootDist distTar distZip shadowJar test".split()
)
_AGAIN: Final = ("--rerun-tasks", "--dry-run", "--continuous", "--no-rebuild", "--scan")
