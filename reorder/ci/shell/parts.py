"""Builds of one script whose caches would lie in one repository, kept apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from reorder.ci.refs import CacheRef, part
from reorder.ci.shell.builds import Build, loop_variables, varies
from reorder.ci.shell.words import canonical, cut, variables


def parted(
    builds: Sequence[Build], others: Collection[str] = ()
) -> tuple[list[tuple[Build, CacheRef]], list[tuple[Build, str]]]:
    """Each build with where its cache lies; and those that would overwrite another's, with why.

    `others`: the repositories in which builds that stay as they are have theirs.
    """
    groups: dict[str, list[Build]] = {}
    for build in builds:
        groups.setdefault(canonical(build.repository), []).append(build)
    done: list[tuple[Build, CacheRef]] = []
    clashes: list[tuple[Build, str]] = []
    kept = {canonical(name) for name in others}
    for repository, group in groups.items():
        names = _names(group, alone=repository not in kept)
        taken: dict[str, tuple[str, ...]] = {}
        for build in group:
            name = names.get(build.identity)
            if reason := _looped(build):
                clashes.append((build, reason))
            elif name is None or taken.setdefault(name, build.identity) != build.identity:
                clashes.append((build, "Its cache would lie where another build's lies."))
            else:
                done.append((build, CacheRef(build.repository, name)))
    return sorted(done, key=lambda one: one[0].step.command.simple.span), clashes


def _looped(build: Build) -> str | None:
    loops = loop_variables(build)
    if loops & varies(build) and not loops & variables(build.repository):
        return "It is built in a loop, and each round's cache would overwrite the one before."
    return None


def _names(group: Sequence[Build], *, alone: bool) -> dict[tuple[str, ...], str]:
    """A part for each different build; "" where there is only one."""
    builds = {build.identity: build for build in group}
    if len(builds) == 1 and alone:
        return dict.fromkeys(builds, "")
    for name in (_target, _dockerfile, _context, _platform, _image, _tag):
        found = {identity: name(build) for identity, build in builds.items()}
        if len(set(found.values())) == len(found) and (alone or all(found.values())):
            return found
    return {}


def _only(build: Build, option: str) -> str:
    values = build.options.values(option)
    return values[-1].text or "" if values else ""


def _target(build: Build) -> str:
    return part(_only(build, "--target"))


def _dockerfile(build: Build) -> str:
    folder, _, name = _only(build, "--file").rpartition("/")
    ending = name.removeprefix("Dockerfile").removesuffix("Dockerfile").strip(".-_")
    return part(ending or folder.rpartition("/")[2])


def _context(build: Build) -> str:
    text = build.options.contexts[0].text if build.options.contexts else None
    return part((text or "").rstrip("/").rpartition("/")[2])


def _platform(build: Build) -> str:
    return part(_only(build, "--platform").removeprefix("linux/"))


def _tag(build: Build) -> str:
    tag = cut(build.tags[0].source)[1] if build.tags else ""
    # A version would begin anew with each release.
    return part(tag) if re.match(r"[A-Za-z]{3}[^$]*$", tag) else ""


def _image(build: Build) -> str:
    source = cut(build.tags[0].source)[0] if build.tags else ""
    return "" if "$" in source else part(source.rpartition("/")[2])
