"""The dependency step to put before a Maven build.

Tried on made projects, POMs only, with empty local repositories: independent modules; api <- core
<- web, flat and nested; a test-jar of a sibling; an imported BOM, a plugin, an annotation processor
and a plugin dependency from the reactor; a parent with pluginManagement. Maven 3 left nothing in
the project folders; 4.0.0-rc-3 leaves `target` folders, as its builds do.

* `dependency:go-offline` with the plugin that Maven 3.8 and older, and 3.9.0 to 3.9.2, bring (2.8):
  good for modules that are independent, fails with "Could not resolve dependencies" on siblings.
* The same goal of maven-dependency-plugin 2.10, 3.0.0 and 3.1.0 fails on siblings too; 3.1.2,
  3.2.0, 3.3.0, 3.5.0, 3.6.0 to 3.9.0 leave out the modules of the build and succeed.
* Maven 3.9.6 and later bring 3.6.1 and later: the short form succeeds on siblings.
* So where modules depend on each other and the version is not known to be new enough, the goal is
  named with its version, 3.6.1: it needs Java 8 and Maven 3.2.5; it worked with 3.6.3 to 4.0.0.

What the build still needed afterwards: nothing for `package -DskipTests`, 3 files for the tests
(the Surefire provider) with 3.6.1; 91 files (24 jars) after 2.8. It is best effort: never add `-o`.
A jar of scope `system` that is missing makes go-offline fail: it is part of the closure.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import Final

from reorder.ecosystems.contract import Image, Prefetch
from reorder.ecosystems.jvm.maven_closure import Reactor
from reorder.ecosystems.jvm.maven_install import resolving_install
from reorder.ecosystems.jvm.maven_options import Option
from reorder.ecosystems.jvm.maven_settings import Invocation
from reorder.ecosystems.jvm.maven_siblings import (
    inherited,
    made_elsewhere,
    need_siblings,
    own_extension,
)
from reorder.ecosystems.jvm.pom import Pom, interpolate

GOAL: Final = "dependency:go-offline"
PINNED: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:go-offline"
AVAILABLE: Final = "all that the POMs name, for tests and reports too, can be downloaded"
BEST_EFFORT: Final = "what go-offline does not find, the build downloads as before"

_PLUGIN: Final = ("org.apache.maven.plugins", "maven-dependency-plugin")
_SIBLINGS_SINCE: Final = (3, 1, 2)
_MAVEN_SINCE: Final = (3, 9, 6)


def prefetch(asked: Invocation, image: Image) -> Prefetch | None:
    """The step for a building call; None where the call needs no dependencies."""
    phases = set(asked.told.goals)
    if phases and phases <= _WITHOUT_DEPENDENCIES:
        return None
    install, found = resolving_install(asked, image)
    siblings = install.refusal is None and need_siblings(found, asked.given)
    goal = PINNED if siblings and not _new_enough(found, asked, image) else GOAL
    command = _command(asked, goal, image, _activating(found))
    refusal = install.refusal
    if isinstance(command, Option):
        refusal = refusal or f"the value of `{command.words[-1].text}` is not known"
        command = GOAL
    refusal = refusal or _refusal(asked, image, found, siblings)
    return Prefetch(command, install, refusal, (AVAILABLE, BEST_EFFORT))


def _refusal(asked: Invocation, image: Image, found: Reactor, siblings: bool) -> str | None:
    told = asked.told
    if told.has("-o"):
        return "the build is offline, so its dependencies are there already"
    if siblings and (told.has("-rf") or (told.has("-pl") and not told.has("-am"))):
        return "only some of the modules are built: the others must have been installed before"
    own = own_extension(found, asked.given)
    if own is not None:
        return f"{own} needs an extension that this build makes itself"
    other = made_elsewhere(found, asked.given, image)
    if other is not None:
        return f"{other[0]} needs {other[1]}, which another project of the context makes"
    return None


def _new_enough(found: Reactor, asked: Invocation, image: Image) -> bool:
    """Whether `dependency:` is known to mean a version that leaves out the reactor.

    The version that the root POM or its parents name wins over the one that Maven brings.
    """
    chain = _root_chain(found)
    for pom in chain:
        named = pom.versions.get(_PLUGIN)
        if named is not None:
            version = interpolate(named, {**inherited(found), **asked.given})
            return _version(version) >= _SIBLINGS_SINCE
    if asked.wrapper is None or any(pom.parent for pom in chain[-1:]):
        return False
    folder = posixpath.dirname(asked.wrapper)
    text = image.files.read(f"{folder}/.mvn/wrapper/maven-wrapper.properties") or ""
    maven = re.search(r"apache-maven-(\d+(?:\.\d+)*)-bin", text)
    return maven is not None and _version(maven[1]) >= _MAVEN_SINCE


def _root_chain(found: Reactor) -> list[Pom]:
    """The root POM and those it inherits from, as far as the context has them."""
    chain: list[Pom] = []
    by_id = {pom.id: pom for pom in (*found.parents.values(), *found.poms.values())}
    pom = next(iter(found.poms.values()), None)
    while pom is not None and pom not in chain:
        chain.append(pom)
        pom = by_id.get(pom.parent.id) if pom.parent is not None else None
    return chain


def _version(text: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(n) for n in numbers[0].split(".")) if numbers else ()


def _activating(found: Reactor) -> frozenset[str]:
    poms = (*found.poms.values(), *found.parents.values())
    return frozenset(n.lstrip("!") for pom in poms for n in pom.profile_properties)


def _command(
    asked: Invocation, goal: str, image: Image, activating: frozenset[str]
) -> str | Option:
    """The same call with this goal only; an option whose value would be needed is returned."""
    words = [asked.call.name]
    if asked.wrapper is not None and not image.files.executable(asked.wrapper):
        words.insert(0, "sh")
    placed = False
    for part in asked.line.parts:
        if isinstance(part, str):
            words += [] if placed else [goal]
            placed = True
        elif _kept(part, activating):
            if not part.known:
                return part
            words += [shlex.quote(word.text) for word in part.words]
    words += [] if placed else [goal]
    prefix = _assignments(asked, image)
    return prefix if isinstance(prefix, Option) else " ".join((*prefix, *words))


def _assignments(asked: Invocation, image: Image) -> list[str] | Option:
    """Variables that only the call itself sets."""
    found = []
    for name in ("MAVEN_OPTS", "MAVEN_ARGS"):
        value = asked.call.env.get(name, "")
        if value == image.env.get(name, ""):
            continue
        if value is None:
            return Option(name, None, asked.call.args[:1])
        found.append(f"{name}={shlex.quote(value)}")
    return found


def _kept(option: Option, activating: frozenset[str]) -> bool:
    if option.name != "-D":
        return option.name in _KEPT
    name = (option.words[-1].text if option.value is None else option.value).lstrip("\"'")
    name = name.removeprefix("-D").partition("=")[0]
    if name in activating:
        return True
    return not (name.lower().startswith("skip") or name.lower().endswith(".skip") or name in _TESTS)


_WITHOUT_DEPENDENCIES: Final = frozenset({"clean", "validate", "pre-clean", "post-clean"})
_KEPT: Final = frozenset(
    "-f -s -gs -t -gt -pl -P -D -am -amd -B -C -c -cpu -llr -N -ntp -q".split()
)
_TESTS: Final = frozenset({"maven.test.skip", "maven.test.skip.exec", "test", "it.test", "tests"})
