"""Where Maven keeps its local repository, and which settings it was told to read.

Source: Maven's settings reference (`localRepository`, ${user.home}/.m2/repository), "Configuring
Maven" (`.mvn/maven.config`, `.mvn/jvm.config`, MAVEN_OPTS, MAVEN_ARGS). Java takes the home folder
from the password file, not from HOME, when the user has an entry there (JDK, java_props_md.c).
The mount is locked: before Maven 4 nothing keeps two processes apart (Maven Resolver, "Named
Locks": 1.9 of Maven 3.9 locks within one process, unless told `file-lock`; older ones not at all).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.contract import Cache, Image
from reorder.ecosystems.fetching import NEVER_EMPTY
from reorder.ecosystems.homes import ROOT, home, user_cache
from reorder.ecosystems.jvm.maven_closure import base_folder
from reorder.ecosystems.jvm.maven_options import CommandLine, Option, read_command_line
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute
from reorder.ecosystems.xmltext import parse_xml
from reorder.shell.nodes import Arg, Call, Opaque

_REPOSITORY: Final = "maven.repo.local"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of Maven with all that it is told by files and variables."""

    call: Call
    line: CommandLine  # of the call itself
    base: str | None  # the folder that has `.mvn`
    told: CommandLine  # maven.config and MAVEN_ARGS, then the call itself
    wrapper: str | None  # the path of mvnw

    @property
    def root(self) -> str:
        """The path of the root POM."""
        file = self.told.last("-f")
        path = absolute(file.value if file and file.value else ".", self.call.cwd)
        return path if path.endswith((".xml", ".pom")) else posixpath.join(path, "pom.xml")

    @property
    def given(self) -> dict[str, str]:
        """The properties whose values are known."""
        return {name: value for name, value in self.told.properties() if value is not None}


def invocation(call: Call, image: Image) -> Invocation | Opaque:
    """Read the command line and what `.mvn` adds to it."""
    line = read_command_line(call.args[1:])
    if isinstance(line, Opaque):
        return line
    script = absolute(call.name, call.cwd) if call.name.endswith("mvnw") else None
    if script is not None and "/" not in call.name:
        return Opaque("which `mvnw` PATH finds is not known")
    found = Invocation(call, line, None, line, script)
    base = base_folder(posixpath.dirname(found.root), image.files)
    words = _words(base, image) + (call.env.get("MAVEN_ARGS", "") or "").split()
    config = read_command_line([Arg(word, "literal", (0, 0)) for word in words])
    if isinstance(config, Opaque):
        return Opaque(f"in `.mvn/maven.config` or MAVEN_ARGS: {config.reason}")
    return replace(found, base=base, told=CommandLine((*config.parts, *line.parts)))


def _words(base: str | None, image: Image) -> list[str]:
    text = image.files.read(posixpath.join(base, ".mvn/maven.config")) if base else None
    lines = [line for line in (text or "").splitlines() if not line.lstrip().startswith("#")]
    return " ".join(lines).split()


def settings_files(asked: Invocation) -> tuple[Option, ...]:
    """`-s`, `-gs`, `-t` and `-gt`: files that Maven is told to read."""
    found = (asked.told.last(name) for name in ("-s", "-gs", "-t", "-gt"))
    return tuple(option for option in found if option is not None)


def cache(asked: Invocation, image: Image) -> Cache:
    """The local repository; `~/.m2` whole unless something else is known to lie there.

    The wrapper keeps the Maven it downloads in `~/.m2/wrapper`, so that `~/.m2` serves both.
    """
    call = _java_home(asked.call, image)
    told = _local_repository(asked, image)
    if told == "":
        return Cache(
            "~/.m2", "locked", payload=True, off="where the local repository is, is not known"
        )
    own = f"{home(call, image) or '~'}/.m2"
    narrow = image.files.exists(own) is True or bool(image.files.under(own))
    named = [absolute(o.value, call.cwd) for o in settings_files(asked) if o.value]
    narrow |= any(below(path, own) for path in named) or image.files.written(own)
    found = user_cache(call, image, told, ".m2/repository" if narrow else ".m2")
    if found.off is None and image.user not in ROOT and "HOME" in image.env and told is None:
        found = replace(found, off="HOME is set, but Java takes the home of the user's own entry")
    goals = [goal.rpartition(":")[2] for goal in asked.told.goals]
    if found.off is None and "build-classpath" in goals:
        found = replace(found, off="`build-classpath` writes down where the repository is")
    if found.off is None and asked.told.has("-o"):
        found = replace(found, off=NEVER_EMPTY)
    # `install` puts the project's own artefacts there, for whatever is built next.
    product = any(goal.partition(":")[0] in ("install", "deploy") for goal in asked.told.goals)
    return replace(found, sharing="locked", payload=True, product=product)


def caches(asked: Invocation, image: Image) -> tuple[Cache, ...]:
    """The local repository, and the Maven that a wrapper downloads where it lies beside it."""
    found = cache(asked, image)
    beside, _, name = found.target.rpartition("/")
    narrow = name == "repository" and beside.endswith("/.m2")
    if asked.wrapper is None or found.off is not None or not narrow:
        return (found,)
    return found, replace(found, target=f"{beside}/wrapper", product=False)


def _java_home(call: Call, image: Image) -> Call:
    if image.user not in ROOT:
        return call
    return replace(call, env={**call.env, "HOME": "/root"})


def _local_repository(asked: Invocation, image: Image) -> str | None:
    """An explicit local repository; "": one that is not known; None: the default."""
    for name, value in reversed(list(asked.told.properties())):
        if name == _REPOSITORY:
            return _folder(value, asked.call.cwd)
    for variable in ("MAVEN_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"):
        text = asked.call.env.get(variable, "")
        if text is None and variable == "MAVEN_OPTS":
            return ""
        for word in (text or "").split():
            if word.startswith(f"-D{_REPOSITORY}="):
                return _folder(word.partition("=")[2], asked.call.cwd)
    for text in _settings_texts(asked, image):
        found = _tagged(text, "localRepository")
        if found is not None:
            return _folder(found, asked.call.cwd)
    return None


def _folder(value: str | None, cwd: str) -> str:
    return "" if value is None or "$" in value or value.startswith("~") else absolute(value, cwd)


def _settings_texts(asked: Invocation, image: Image) -> Iterator[str]:
    option = asked.told.last("-s")
    there = home(_java_home(asked.call, image), image)
    path = absolute(option.value, asked.call.cwd) if option and option.value else None
    if path is None and there is not None:
        path = f"{there}/.m2/settings.xml"
    text = image.files.read(path) if path else None
    if text is not None:
        yield text


def _tagged(text: str, name: str) -> str | None:
    """The value of a top-level element of a settings file."""
    root = parse_xml(text)
    if isinstance(root, str):
        return None
    values = [(e.text or "").strip() for e in root if str(e.tag).rpartition("}")[2] == name]
    return values[0] if values and values[0] else None
