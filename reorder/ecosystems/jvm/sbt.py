"""sbt: what it reads to load a build and resolve its dependencies, and where it caches.

`sbt update` resolves and downloads all libraries of the projects that the root aggregates, plugins
and the compiler before that. It leaves what every later command leaves in `target` folders: notes
of what was resolved, and the compiled definition of the build. Any other command may read and write
anything: it is a barrier, with `update` as a step before it.

Checked with sbt 1.10.7 on two modules with a plugin, in an empty home: after `update` on `*.sbt`
and `project/` alone, then the sources, `package` downloaded nothing more (84 MB were there) and
took 25 s instead of 51. It ended with the files of `package` alone, but for logs of `update` below
`target/streams` and what differs from run to run as well (names of classes in `config-classes`,
stamps of zinc). Source: the sbt reference manual; coursier's "Cache" and "Environment".
"""

from __future__ import annotations

import posixpath
import shlex
from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.homes import PROXIES, ROOT, user_cache
from reorder.ecosystems.jvm.sbt_closure import Build, build_of
from reorder.ecosystems.jvm.sbt_options import CommandLine, read_command_line
from reorder.ecosystems.paths import EVERYTHING, paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "sbt"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"sbt", "sbtx"})
JUNK: Final = ("**/target",)

BARRIER: Final = "an sbt build runs tasks that may read and write anything"
RESOLVES: Final = "the definition of the build reads only the files that it names"
RECORDS: Final = "the logs of sbt below target/streams tell of two runs"


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call with its command line."""

    call: Call
    line: CommandLine

    @property
    def updates(self) -> bool:
        """Whether it only loads the build and resolves."""
        names = [command.text.rpartition("/")[2] for command in self.line.commands]
        known = all(command.kind == "literal" for command in self.line.commands)
        return bool(names) and known and _RESOLVING.issuperset(names)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `sbt` does; a script of the project is not known."""
    if "/" in call.name and posixpath.dirname(call.name) not in _BINS:
        return None
    line = read_command_line(call.args[1:])
    if isinstance(line, Opaque):
        return line
    asked = Invocation(call, line)
    if line.has("h", "help", "version", "V", "numeric-version", "script-version"):
        return CommandEffects("sbt", image.system, env=ENV)
    kept = _caches(asked, image)
    if not asked.updates:
        return CommandEffects(
            tool="sbt",
            reads=EVERYTHING,
            writes=EVERYTHING,
            caches=kept,
            prefetch=_prefetch(asked, image),
            costly=True,
            barrier=BARRIER,
        )
    install, found = _install(asked, image)
    known = install.refusal is None
    read = image.system | paths(*install.manifests, *found.probed, trees=install.folders)
    return CommandEffects(
        tool="sbt",
        reads=read if known else EVERYTHING,
        writes=paths(trees=install.outputs) if known else EVERYTHING,
        env=None if found.environment else ENV,
        caches=kept,
        install=install,
        costly=True,
    )


def _install(asked: Invocation, image: Image) -> tuple[Install, Build]:
    root = asked.call.cwd
    found = build_of(root, image)
    places = [root, f"{root}/project", f"{root}/project/project", *found.projects]
    outputs = tuple(posixpath.join(folder, "target") for folder in dict.fromkeys(places))
    install = Install(
        manifests=tuple(found.files),
        folders=tuple(found.folders),
        outputs=outputs,
        ignore=("**/target",),
        refusal=found.problem,
        assumptions=(RESOLVES, RECORDS),
    )
    return install, found


def _prefetch(asked: Invocation, image: Image) -> Prefetch | None:
    line = asked.line
    if not line.commands or {command.text for command in line.commands} <= {"clean"}:
        return None
    install, _ = _install(asked, image)
    if line.has("client"):
        install = replace(install, refusal="it talks to a server of sbt")
    projects = line.projects()
    tasks = ["update"] if projects is None else [f"{name}/update" for name in projects]
    words = [asked.call.name]
    for option in line.options:
        if any(word.kind != "literal" for word in option):
            reason = f"the value of `{option[-1].text}` is not known"
            install = replace(install, refusal=install.refusal or reason)
        words += [shlex.quote(word.text) for word in option]
    words = [*_assignments(asked, image), *words, *tasks]
    return Prefetch(" ".join(words), install, absorbed=True, spare=True)


def _assignments(asked: Invocation, image: Image) -> list[str]:
    """Variables that only the call itself sets."""
    found = []
    for name in ("SBT_OPTS", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "COURSIER_CACHE", "JAVA_HOME"):
        value = asked.call.env.get(name, "")
        if value is not None and value != image.env.get(name, ""):
            found.append(f"{name}={shlex.quote(value)}")
    return found


def _caches(asked: Invocation, image: Image) -> tuple[Cache, ...]:
    """What sbt itself, coursier and Ivy keep in the home of the user, as Java knows it."""
    call, line = asked.call, asked.line
    told = [name for name, _ in line.properties()]
    for variable in ("SBT_OPTS", "JAVA_OPTS", "JAVA_TOOL_OPTIONS"):
        words = (call.env.get(variable, "") or "").split()
        told += [word[2:].partition("=")[0] for word in words if word.startswith("-D")]
    odd = line.has("sbt-dir", "sbt-boot", "sbt-cache", "ivy") or not _MOVE.isdisjoint(told)
    odd = odd or call.env.get("SBT_OPTS", "") is None
    if call.user is None and image.user in ROOT:
        call = replace(call, env={**call.env, "HOME": "/root"})
    moved = call.env.get("COURSIER_CACHE", "")
    coursier = absolute(moved, call.cwd) if moved else None
    found = [
        user_cache(call, image, coursier, ".cache/coursier"),
        user_cache(call, image, None, ".sbt"),
        user_cache(call, image, None, ".ivy2"),
    ]
    if moved is None or odd or "XDG_CACHE_HOME" in call.env:
        found = [replace(c, off="where sbt keeps its caches is not known") for c in found]
    # `publishLocal` puts the project's own artefacts into ~/.ivy2, for whatever is built next.
    product = any("publish" in command.text.lower() for command in line.commands)
    return tuple(
        replace(c, sharing="locked", payload=True, product=product and c.target.endswith("ivy2"))
        for c in found
    )


_RESOLVING: Final = frozenset({"update", "reload", "about", "projects", "dependencyTree"})
_BINS: Final = ("/usr/bin", "/usr/local/bin", "/opt/sbt/bin", "/usr/share/sbt/bin")
_MOVE: Final = frozenset(
    "sbt.boot.directory sbt.global.base sbt.ivy.home sbt.coursier.home user.home".split()
)
ENV: Final = PROXIES | frozenset(
    "PATH HOME USER JAVA_* JDK_JAVA_OPTIONS SBT_* COURSIER_* XDG_* LANG LC_* TZ TMPDIR TERM CI "
    "NO_COLOR JAVACMD BUILD_NUMBER".split()
)
