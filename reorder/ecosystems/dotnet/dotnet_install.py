"""The install that `dotnet restore` performs in a folder, and where its packages are kept.

Source: "dotnet restore", "Managing the global packages, cache, and temp folders"
(learn.microsoft.com). The lock that NuGet takes for a package lies in /tmp/NuGetScratch
(NuGet.Client, `ConcurrencyUtilities`), which no two containers share: hence `locked`.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, Files, Image, Install
from reorder.ecosystems.dotnet.dotnet_closure import PROJECTS, Closure, upwards
from reorder.ecosystems.dotnet.dotnet_options import Asked
from reorder.ecosystems.dotnet.solution import SOLUTIONS
from reorder.ecosystems.homes import user_cache
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute

RESTORES: Final = "restoring reads projects, their imports and NuGet's settings, and no source file"
NEVER_EMPTY: Final = (
    "with `--no-restore` it needs the packages that an earlier step has left, and a cache mount "
    "may be empty"
)
IGNORED: Final = ("**/obj",)


def closure(asked: Asked, image: Image) -> Closure:
    """What a restore of the call's project or solution reads."""
    found = Closure(image.files)
    place = asked.target or asked.call.cwd
    if any(arg.kind != "literal" for arg in asked.operands):
        found.fail(f"`{asked.operands[0].text}` is not known")
        return found
    target = place if place.endswith((*SOLUTIONS, *PROJECTS)) else _only(place, image.files, found)
    found.above(asked.call.cwd, ("global.json",))
    if target is None:
        return found
    if target.endswith(SOLUTIONS):
        found.solution_file(target)
    else:
        found.project(target)
    for name in ("--configfile", "--lock-file-path"):
        told = asked.value(name)
        if told is not None:
            found.look(absolute(told.text, asked.call.cwd))
    source = asked.value("-s", "--source")
    if source is not None and "://" not in source.text:
        found.folders[absolute(source.text, asked.call.cwd)] = None
    return found


def _only(folder: str, files: Files, found: Closure) -> str | None:
    """The one solution or project of a folder, as `dotnet` chooses it."""
    there = [p for p in files.under(folder) if posixpath.dirname(p) == folder]
    for kinds in (SOLUTIONS[:2], tuple(kind for kind in PROJECTS if kind != ".dcproj")):
        named = [path for path in there if path.endswith(kinds)]
        if len(named) > 1:
            found.fail(f"{folder} has several solutions or projects")
            return None
        if named:
            return named[0]
    found.fail(f"no project is known in {folder}")
    return None


def install(asked: Asked, image: Image, found: Closure) -> Install:
    """The install, whether it can be split off or not."""
    refusal = found.problem
    cwd = asked.call.cwd
    inner = cwd != image.cwd and below(cwd, image.cwd)
    if refusal is None and inner and not any(below(path, cwd) for path in found.found):
        refusal = f"the folder {cwd} is not there before the source is"
    folders = tuple(found.folders)
    outside = [path for path in found.found if not any(below(path, f) for f in folders)]
    outputs = [posixpath.join(posixpath.dirname(path), "obj") for path in found.projects]
    ignore: tuple[str, ...] = IGNORED
    if found.artifacts is not None:
        outputs = [*outputs, found.artifacts]
        ignore = (*IGNORED, "**/artifacts")
    return Install(
        manifests=tuple(outside),
        folders=folders,
        outputs=tuple(dict.fromkeys(outputs)),
        ignore=ignore,
        refusal=refusal,
        assumptions=(RESTORES,),
    )


def packages(asked: Asked, image: Image, found: Closure | None) -> Cache:
    """NUGET_PACKAGES, `globalPackagesFolder`, else `~/.nuget/packages`."""
    told = asked.call.env.get("NUGET_PACKAGES", "")
    folder = absolute(told, asked.call.cwd) if told else None
    if folder is None and found is not None:
        folder = found.packages
    cache = user_cache(asked.call, image, folder, ".nuget/packages")
    option = asked.value("--packages")
    if option is not None:
        cache = replace(cache, target=absolute(option.text, asked.call.cwd))
    if told is None:
        cache = replace(cache, off="where NuGet keeps packages is not known")
    elif asked.has("--no-restore", "--no-build") and cache.off is None:
        cache = replace(cache, off=NEVER_EMPTY)
    return replace(cache, sharing="locked", payload=True)


def tool_manifest(cwd: str, files: Files) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The manifests of local tools from a folder upwards, and those that are not there."""
    found: list[str] = []
    absent: list[str] = []
    for place in upwards(cwd):
        for name in (".config/dotnet-tools.json", "dotnet-tools.json"):
            path = posixpath.join(place, name)
            (found if files.read(path) is not None else absent).append(path)
    return tuple(found), tuple(absent)
