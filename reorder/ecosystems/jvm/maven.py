"""Maven: what it reads to resolve dependencies, the step that downloads them, and where it caches.

A goal that only resolves (`dependency:go-offline`, …) reads the POMs that `maven_closure` finds. A
building phase runs plugins that may read and write anything: it is a barrier, with a `Prefetch`.
Reads and writes leave out the local repository, which is the cache.

Source: Maven 3.6.3, 3.8.7, 3.9.9 and 4.0.0-rc-3, run on made projects with empty local repositories
(`maven_prefetch` has the results), and the goals' pages of maven-dependency-plugin.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install
from reorder.ecosystems.homes import PROXIES, copied_below, in_home
from reorder.ecosystems.jvm.maven_closure import Reactor
from reorder.ecosystems.jvm.maven_install import resolving_install
from reorder.ecosystems.jvm.maven_modules import modules
from reorder.ecosystems.jvm.maven_options import CommandLine
from reorder.ecosystems.jvm.maven_prefetch import prefetch
from reorder.ecosystems.jvm.maven_settings import Invocation, caches, invocation
from reorder.ecosystems.paths import EVERYTHING, Paths, paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Maven"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"mvn", "mvnw"})
JUNK: Final = ("**/target",)

BARRIER: Final = "a Maven build runs plugins that may read and write anything"


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `mvn` or of a wrapper script does."""
    asked = invocation(call, image)
    if isinstance(asked, Opaque):
        return asked
    if asked.told.has("-h"):
        return CommandEffects("maven", image.system, env=_ENV)
    if not only_resolves(asked.told):
        step = prefetch(asked, image)
        return CommandEffects(
            tool="maven",
            reads=EVERYTHING,
            writes=EVERYTHING,
            caches=caches(asked, image),
            prefetch=step,
            modules=modules(asked, image),
            costly=True,
            barrier=BARRIER,
        )
    install, found = resolving_install(asked, image)
    return CommandEffects(
        tool="maven",
        reads=_reads(asked, image, install, found),
        writes=_writes(asked, install),
        env=_variables(found),
        caches=caches(asked, image),
        install=install,
        costly=True,
    )


def only_resolves(line: CommandLine) -> bool:
    """Whether every goal is known to read POMs and to write nothing but the local repository."""
    if line.has("-v"):
        return True
    if not line.goals or not all(_goal(goal) in _RESOLVING for goal in line.goals):
        return False
    # Said to write a report or a jar into a folder, a goal does more than to resolve.
    return not any(_writes_files(name) for name, _ in line.properties())


def _goal(text: str) -> tuple[str, str]:
    """`dependency:go-offline`, or with group and version, as (plugin prefix, goal)."""
    parts = text.partition("@")[0].split(":")
    if len(parts) < 2:
        return "", text
    name = parts[0] if len(parts) == 2 else parts[1].removeprefix("maven-")
    return name.removesuffix("-plugin").removesuffix("-maven"), parts[-1]


def _writes_files(name: str) -> bool:
    return name.lower().removeprefix("mdep.") in _OUTPUTS


def _reads(asked: Invocation, image: Image, install: Install, found: Reactor) -> Paths:
    if install.refusal is not None:
        return EVERYTHING
    absent = list(found.probed)
    if asked.base is None:
        absent.append(posixpath.join(posixpath.dirname(asked.root), ".mvn"))
    own = in_home(asked.call, image, ".mavenrc")
    for folder in in_home(asked.call, image, ".m2").trees:
        own |= copied_below(folder, image)
    return image.system | paths(*install.manifests, *absent, trees=install.folders) | own


def _writes(asked: Invocation, install: Install) -> Paths:
    log = asked.told.last("-l")
    if log is None:
        return paths(*install.outputs)
    if log.value is None:
        return EVERYTHING
    return paths(*install.outputs, absolute(log.value, asked.call.cwd))


def _variables(found: Reactor) -> frozenset[str]:
    poms = (*found.poms.values(), *found.parents.values())
    return _ENV | frozenset(name for pom in poms for name in pom.variables)


_RESOLVING: Final = frozenset(
    {
        *(("dependency", goal) for goal in ("go-offline", "resolve", "resolve-plugins")),
        *(("dependency", goal) for goal in ("resolve-sources", "sources", "list", "tree")),
        *(("dependency", goal) for goal in ("list-repositories", "get", "collect")),
        *(("help", goal) for goal in ("evaluate", "effective-pom", "effective-settings")),
        *(("help", goal) for goal in ("active-profiles", "all-profiles", "system", "describe")),
        ("go-offline", "resolve-dependencies"),
    }
)
_OUTPUTS: Final = frozenset({"outputfile", "outputdirectory", "output", "dest", "appendoutput"})
_ENV: Final = PROXIES | frozenset(
    "PATH HOME USER JAVA_* JDK_JAVA_OPTIONS _JAVA_OPTIONS MAVEN_* MVNW_* M2_HOME LANG LC_* TZ "
    "TMPDIR NETRC SSL_CERT_* DEBUG".split()
)
