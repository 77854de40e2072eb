"""Where Gradle keeps what it downloads: the user home of Gradle, and the distribution of a wrapper.

Source: the user guide's "Gradle-managed Directories" and "Build Environment" (`-g`, the property
`gradle.user.home`, GRADLE_USER_HOME, ~/.gradle), `gradlew` (GRADLE_OPTS, JAVA_OPTS), and the
docker-gradle images, in which /root/.gradle is a link to /home/gradle/.gradle. Java takes the home
of root from the password file. Locks of the caches do not reach from one container to another:
gradle/gradle#851.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.fetching import NEVER_EMPTY
from reorder.ecosystems.homes import ROOT, user_cache
from reorder.ecosystems.jvm.gradle_options import CommandLine
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call

_PROPERTY: Final = "gradle.user.home"
_PARTS: Final = ("caches", "wrapper")


def caches(call: Call, line: CommandLine, image: Image) -> tuple[Cache, ...]:
    """The user home whole, or its two large folders where the build puts a file of its own."""
    told = _told(call, line)
    if told == "":
        off = "where the user home of Gradle is, is not known"
        return (Cache("~/.gradle", "locked", payload=True, off=off),)
    if call.user is None and image.user in ROOT:
        call = replace(call, env={**call.env, "HOME": "/root"})
        if image.base == "gradle" and told is None:
            told = "/home/gradle/.gradle"
    found = user_cache(call, image, told, ".gradle")
    if found.off is None and image.user not in ROOT and "HOME" in image.env and told is None:
        found = replace(found, off="HOME is set, but Java takes the home of the user's own entry")
    if found.off is None and line.has("--offline"):
        found = replace(found, off=NEVER_EMPTY)
    found = replace(found, sharing="locked", payload=True)
    if not _has_own_files(found.target, image):
        return (found,)
    return tuple(replace(found, target=f"{found.target}/{part}") for part in _PARTS)


def _has_own_files(folder: str, image: Image) -> bool:
    """A `gradle.properties` or an init script that a step of the build puts there."""
    linked = folder == "/home/gradle/.gradle" and image.base == "gradle"
    places = (folder, "/root/.gradle") if linked else (folder,)
    return any(image.files.under(p) or image.files.written(p) for p in places)


def _told(call: Call, line: CommandLine) -> str | None:
    """An explicit user home; "": one that is not known; None: the default."""
    option = line.last("--gradle-user-home")
    if option is not None:
        return _folder(option.value, call.cwd)
    for name, value in reversed(list(line.properties())):
        if name == _PROPERTY:
            return _folder(value, call.cwd)
    for variable in ("GRADLE_OPTS", "JAVA_OPTS", "JAVA_TOOL_OPTIONS"):
        text = call.env.get(variable, "")
        if text is None and variable == "GRADLE_OPTS":
            return ""
        for word in (text or "").split():
            if word.startswith(f"-D{_PROPERTY}="):
                return _folder(word.partition("=")[2], call.cwd)
    value = call.env.get("GRADLE_USER_HOME", "")
    return None if value == "" else _folder(value, call.cwd)


def _folder(value: str | None, cwd: str) -> str:
    return "" if value is None or "$" in value or value.startswith("~") else absolute(value, cwd)
