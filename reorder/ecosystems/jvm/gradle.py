"""Gradle: what it reads to evaluate a build and to resolve, the step before it, where it caches.

A report (`dependencies`, `help`, …) evaluates the settings and build scripts, compiles buildSrc and
included builds, and runs no task of the project: `gradle_closure` has what it reads. Any other task
may read and write anything: it is a barrier, with a `Prefetch`.

Source: the user guide, and runs of Gradle 4.4.1 as Debian packages it (`gradle_prefetch` has the
results); no newer distribution was to be had.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.homes import PROXIES
from reorder.ecosystems.jvm.gradle_call import Invocation, invocation
from reorder.ecosystems.jvm.gradle_home import caches
from reorder.ecosystems.jvm.gradle_modules import modules
from reorder.ecosystems.jvm.gradle_prefetch import asking_install, prefetch, resolving_install
from reorder.ecosystems.paths import EVERYTHING, NOTHING, paths
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Gradle"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"gradle", "gradlew"})
JUNK: Final = ("**/.gradle", "build", "*/build")

BARRIER: Final = "a Gradle build runs tasks that may read and write anything"


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `gradle` or of a wrapper script does."""
    asked = invocation(call, image)
    if isinstance(asked, Opaque):
        return asked
    kept = caches(call, asked.line, image)
    if asked.asks:
        return _asking(asked, image)
    if not asked.reports:
        return CommandEffects(
            tool="gradle",
            reads=EVERYTHING,
            writes=EVERYTHING,
            caches=kept,
            prefetch=prefetch(asked, image),
            modules=modules(asked, image),
            costly=True,
            barrier=BARRIER,
        )
    install, found = resolving_install(asked, image)
    read = image.system | paths(*install.manifests, *found.probed, trees=install.folders)
    return CommandEffects(
        tool="gradle",
        reads=EVERYTHING if install.refusal is not None else read,
        writes=EVERYTHING if install.refusal is not None else paths(trees=install.outputs),
        env=None if found.environment else ENV,
        caches=kept,
        install=install,
        costly=True,
    )


def _asking(asked: Invocation, image: Image) -> CommandEffects:
    """`--version` and its like: a wrapper downloads its Gradle for it."""
    install = asking_install(asked, image)
    effects = CommandEffects("gradle", image.system, env=ENV, install=install)
    if install is None:
        return effects
    if install.refusal is not None:
        return replace(effects, reads=EVERYTHING, writes=NOTHING, install=install)
    read = image.system | paths(*install.manifests, trees=install.folders)
    return replace(effects, reads=read, caches=caches(asked.call, asked.line, image), costly=True)


ENV: Final = PROXIES | frozenset(
    "PATH HOME USER JAVA_* JDK_JAVA_OPTIONS _JAVA_OPTIONS GRADLE_* ORG_GRADLE_* APP_NAME DEBUG "
    "MAX_FD LANG LC_* TZ TMPDIR TERM NO_COLOR CI SSL_CERT_*".split()
)
