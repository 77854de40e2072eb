"""dotnet: what a restore reads, the restore a build lacks, and the packages that all of it needs.

`dotnet restore` writes `obj` beside every project; a build, a publish or a test restores too,
unless it is told not to, and then may read every source file: a barrier. A restore before it is
completed by the one in it, which looks at what it finds (`project.nuget.cache`) and does the rest.

Source: learn.microsoft.com (.NET 9 CLI, NuGet, MSBuild). No SDK could be had from the registries
that were reachable: no build was run, hence level 3.
"""

from __future__ import annotations

import posixpath
import shlex
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.dotnet.dotnet_closure import Closure
from reorder.ecosystems.dotnet.dotnet_install import (
    closure,
    install,
    packages,
    tool_manifest,
)
from reorder.ecosystems.dotnet.dotnet_options import CARRIED, Asked, read_command
from reorder.ecosystems.homes import copied_below, in_home
from reorder.ecosystems.paths import EVERYTHING, Paths, paths
from reorder.shell.nodes import Call, Opaque

NAME: Final = ".NET"
LEVEL: Final = 3
COMMANDS: Final = frozenset({"dotnet"})
JUNK: Final = ("**/bin", "**/obj")

BARRIER: Final = "a .NET build may read every source file, and runs tasks of the project"
AGAIN: Final = "the restore in the build completes the one before it"
TOOLS: Final = "restoring tools reads their manifest and NuGet's settings"


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `dotnet` does; None for a verb that is a program of somebody else."""
    asked = read_command(call)
    if isinstance(asked, Opaque):
        return asked
    if asked.verb in ("", "help") and not asked.operands:
        return CommandEffects("dotnet", image.system | _global_json(asked, image))
    if asked.verb in ("tool install", "tool update", "workload install", "workload update"):
        return _named(asked, image)
    if asked.verb == "tool restore":
        return _tool_restore(asked, image)
    if asked.verb.startswith("nuget "):
        return _nuget(asked, image)
    if asked.verb == "restore":
        return _restore(asked, image)
    if asked.verb not in _BARRIERS:
        return None
    found = closure(asked, image) if asked.verb in _BUILDS else None
    return CommandEffects(
        tool="dotnet",
        reads=EVERYTHING,
        writes=EVERYTHING,
        caches=(packages(asked, image, found),) if asked.verb in _NEED_PACKAGES else (),
        prefetch=_prefetch(asked, found, image) if found is not None else None,
        costly=asked.verb in _NEED_PACKAGES,
        barrier=BARRIER,
    )


def _restore(asked: Asked, image: Image) -> CommandEffects:
    found = closure(asked, image)
    known = install(asked, image, found)
    locks = [
        posixpath.join(posixpath.dirname(path), "packages.lock.json")
        for path in found.projects
        if posixpath.join(posixpath.dirname(path), "packages.lock.json") in found.found
    ]
    refused = known.refusal is not None
    return CommandEffects(
        tool="dotnet",
        reads=EVERYTHING if refused else _reads(asked, image, found, known),
        writes=paths(*(locks if not asked.has("--locked-mode") else ()), trees=known.outputs)
        | in_home(asked.call, image, ".dotnet")
        | in_home(asked.call, image, ".local/share/NuGet"),
        caches=(packages(asked, image, found),),
        install=known,
        costly=True,
    )


def _reads(asked: Asked, image: Image, found: Closure, known: Install) -> Paths:
    read = image.system | paths(*known.manifests, *found.probed, trees=known.folders)
    for folder in in_home(asked.call, image, ".nuget").trees:
        read |= copied_below(folder, image)
    return read


def _prefetch(asked: Asked, found: Closure, image: Image) -> Prefetch | None:
    if asked.has("--no-restore", "--no-build"):
        return None
    words = [asked.call.args[0].text, "restore"]
    refusal = None
    target = asked.value("--project") if asked.verb == "run" else None
    for arg in (target,) if target is not None else asked.operands:
        if arg.kind != "literal":
            refusal = f"the value of `{arg.text}` is not known"
        words.append(shlex.quote(arg.text))
    for name, given in asked.options:
        if name.lower() not in CARRIED:
            continue
        if any(arg.kind != "literal" for arg in given):
            refusal = refusal or f"the value of `{given[-1].text}` is not known"
        words += [shlex.quote(arg.text) for arg in given]
    prefix = []
    for name, value in asked.call.env.items():
        if name in _SHELL or value == image.env.get(name, ""):
            continue
        if value is None:
            refusal = refusal or f"the value of {name} is not known"
        prefix.append(f"{name}={shlex.quote(value or '')}")
    return Prefetch(
        " ".join((*prefix, *words)),
        install(asked, image, found),
        refusal,
        assumptions=(AGAIN,),
        absorbed=True,
    )


def _tool_restore(asked: Asked, image: Image) -> CommandEffects:
    found, absent = tool_manifest(asked.call.cwd, image.files)
    settings = Closure(image.files)
    settings.above(asked.call.cwd, _SETTINGS)
    told = asked.value("--tool-manifest")
    refusal = settings.problem
    if told is not None or not found:
        refusal = "which manifest of tools it reads is not known"
    known = Install((*found, *settings.found), tuple(settings.folders), refusal=refusal,
                    assumptions=(TOOLS,))  # fmt: skip
    read = image.system | paths(*known.manifests, *absent, *settings.probed, trees=known.folders)
    return CommandEffects(
        tool="dotnet",
        reads=EVERYTHING if refusal else read,
        writes=in_home(asked.call, image, ".dotnet") | in_home(asked.call, image, ".local"),
        caches=(packages(asked, image, settings),),
        install=known,
        costly=True,
    )


def _named(asked: Asked, image: Image) -> CommandEffects | Opaque:
    """A tool or workload that is named; a tool of the project goes into its manifest."""
    tool = asked.verb.startswith("tool")
    if tool and not asked.has("-g", "--global", "--tool-path"):
        return Opaque(f"`dotnet {asked.verb}` without -g changes the project")
    own = in_home(asked.call, image, ".dotnet") | in_home(asked.call, image, ".local")
    path = asked.value("--tool-path")
    if path is not None:
        own |= paths(trees=(posixpath.normpath(posixpath.join(asked.call.cwd, path.text)),))
    settings = Closure(image.files)
    settings.above(asked.call.cwd, _SETTINGS)
    read = image.system | own | paths(*settings.found, *settings.probed)
    return CommandEffects(
        tool="dotnet",
        reads=EVERYTHING if settings.folders or settings.problem else read,
        writes=own | image.system,
        caches=(packages(asked, image, settings),),
        costly=True,
    )


def _nuget(asked: Asked, image: Image) -> CommandEffects | Opaque:
    """Sources that are added to the settings of the user."""
    if asked.verb not in ("nuget add", "nuget update", "nuget list", "nuget locals"):
        return Opaque(f"`dotnet {asked.verb}` is not understood")
    settings = Closure(image.files)
    settings.above(asked.call.cwd, _SETTINGS)
    if settings.found or asked.verb == "nuget locals":
        return Opaque(f"`dotnet {asked.verb}` may change NuGet's settings of the project")
    own = in_home(asked.call, image, ".nuget/NuGet")
    return CommandEffects("dotnet", image.system | own | paths(*settings.probed), own)


def _global_json(asked: Asked, image: Image) -> Paths:
    settings = Closure(image.files)
    settings.above(asked.call.cwd, ("global.json",))
    return paths(*settings.found, *settings.probed)


_SETTINGS: Final = ("nuget.config", "NuGet.config", "NuGet.Config", "global.json")
_BUILDS: Final = frozenset("build publish test pack run".split())
_NEED_PACKAGES: Final = _BUILDS | {"msbuild", "ef", "vstest", "format", "watch", "script"}
_BARRIERS: Final = _NEED_PACKAGES | frozenset("clean sln add new dev-certs tool store".split())
_SHELL: Final = frozenset({"HOME", "PWD", "OLDPWD", "SHLVL", "_"})
