"""Builds of one file kept apart: what would overwrite another's cache gets a place of its own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reorder.ci.github.builds import Build
from reorder.ci.github.judge import Draft, No
from reorder.ci.refs import CacheRef, part

_MOVING: Final = r"\$\{\{ steps\.[\w-]+\.outputs\.part \}\}"
_OVERWRITES: Final = "its cache and that of the build on line {line} would overwrite each other"


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A build that imports what another one of the file exports."""

    build: Build
    of: Draft
    warnings: tuple[str, ...] = ()


Answer = Draft | Reader | No


def kept_apart(
    builds: Sequence[Build], answers: Sequence[Draft | No], line: Callable[[Build], int]
) -> list[Answer]:
    """What becomes of each build when all are seen together; `line`: where it is."""
    drafts = _named([answer for answer in answers if isinstance(answer, Draft)])
    by_build = {draft.build.step.node: draft for draft in drafts}
    found: list[Answer] = []
    for build, answer in zip(builds, answers, strict=True):
        draft = by_build.get(build.step.node)
        if isinstance(answer, No):
            of = _source(build, drafts) if answer.reader else None
            found.append(answer if of is None else Reader(build, of))
            continue
        assert draft is not None
        there = next((one for one in builds if _holds(one, draft)), None)
        if there is not None:
            found.append(No(_OVERWRITES.format(line=line(there))))
        else:
            found.append(_among(draft, drafts, line))
    kept = {id(one) for one in found}
    return [
        No("the build whose cache it could import has none")
        if isinstance(one, Reader) and id(one.of) not in kept
        else one
        for one in found
    ]


def shares_scope(build: Build, builds: Sequence[Build]) -> bool:
    """Whether a build's cache at GitHub and that of an unlike build have one scope."""
    own = _scope(build)
    return own is not None and any(
        _scope(other) == own and other.key != build.key for other in builds
    )


def _scope(build: Build) -> str | None:
    """The scope of the cache that a build exports to GitHub; the default is one for all."""
    told = build.step.inputs.get("cache-to", "")
    if "type=gha" not in told:
        return None
    found = re.search(r"scope=([^,\n]*)", told)
    return found[1] if found else "buildkit"


def _among(draft: Draft, drafts: Sequence[Draft], line: Callable[[Build], int]) -> Answer:
    build = draft.build
    for other in drafts:
        if other is draft or not _clash(draft, other):
            continue
        if _whole(other.build) == _whole(build):
            if _before(build, other.build) and build.pushes == "false" != other.build.pushes:
                return Reader(build, other, draft.warnings)
            continue
        if build.platforms < other.build.platforms or (
            build.platforms == other.build.platforms
            and _before(build, other.build)
            and build.pushes == "false" != other.build.pushes
        ):
            return Reader(build, other, draft.warnings)
        if not other.build.platforms < build.platforms and line(other.build) < line(build):
            return No(_OVERWRITES.format(line=line(other.build)))
    return draft


def _holds(build: Build, draft: Draft) -> bool:
    """Whether a build with a cache of its own, and unlike the draft's, has it in the same place."""
    told = f"{build.step.inputs.get('cache-from', '')},{build.step.inputs.get('cache-to', '')}"
    if "cache-to" not in build.step.inputs or _whole(build) == _whole(draft.build):
        return False
    made = draft.build.part
    if draft.build.moving:
        made = made.replace(draft.build.moving, "MOVING")
    main = re.escape(CacheRef(draft.repository, made).main)
    scope = "-".join(one for one in (draft.repository, draft.build.part) if one)
    places = (f"ref={main.replace('MOVING', _MOVING)}", f"scope={re.escape(scope)}")
    return any(re.search(rf"{place}(?![\w.-])", told) for place in places)


def _clash(one: Draft, two: Draft) -> bool:
    """Whether two builds would export to one place in one kind of run."""
    same = (one.place, one.build.part) == (two.place, two.build.part)
    return same and bool({id(run) for run in one.runs} & {id(run) for run in two.runs})


def _whole(build: Build) -> tuple[object, ...]:
    return (*build.key, build.platforms, build.step.inputs.get("build-args", "").split())


def _before(one: Build, two: Build) -> bool:
    return one.job is two.job and one.step.index < two.step.index


def _named(drafts: Sequence[Draft]) -> list[Draft]:
    """Different builds whose caches would lie in one place, told apart by what they differ in."""
    groups: dict[tuple[str, str], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault((draft.place, draft.build.part), []).append(draft)
    found: dict[int, Draft] = {id(draft): draft for draft in drafts}
    for group in groups.values():
        keys = {draft.build.key for draft in group}
        if len(keys) == 1:
            found.update(_by_platform(group))
            continue
        names = next((one for how in _TOLD if (one := _names(keys, how))), None)
        for draft in group if names is not None else ():
            name = (names or {})[draft.build.key]
            build = draft.build
            whole = "-".join(one for one in (name, build.part) if one)
            found[id(draft)] = replace(draft, build=replace(build, part=whole))
    return [found[id(draft)] for draft in drafts]


def _by_platform(group: Sequence[Draft]) -> dict[int, Draft]:
    """Builds of one thing for one platform each, all of them different."""
    every = [draft.build.platforms for draft in group]
    alone = all(len(one) == 1 and "${{" not in "".join(one) for one in every)
    if not alone or len(set(every)) != len(every) or len(every) < 2:
        return {}
    found = {}
    for draft in group:
        name = part("".join(draft.build.platforms).removeprefix("linux/"))
        whole = "-".join(one for one in (draft.build.part, name) if one)
        found[id(draft)] = replace(draft, build=replace(draft.build, part=whole))
    return found


Key = tuple[str, str, str]
_TOLD: Final[tuple[Callable[[Key], str], ...]] = (
    lambda key: posixpath.basename(posixpath.dirname(key[1])),
    lambda key: posixpath.basename(key[0]),
    lambda key: posixpath.dirname(key[1]),
)


def _names(keys: set[Key], how: Callable[[Key], str]) -> Mapping[Key, str] | None:
    names = {key: part(how(key)) for key in keys}
    if any("${{" in how(key) for key in keys) or len(set(names.values())) < len(names):
        return None
    return names


def _source(build: Build, drafts: Sequence[Draft]) -> Draft | None:
    """A build of the same thing that exports, and whose place can be named in this job."""
    for draft in drafts:
        other = draft.build
        same = other.key == build.key and "steps." not in draft.repository
        if same and other.job is build.job and build.step.index < other.step.index:
            return draft
        if same and "${{" not in draft.repository.replace("${{ github.", "") + other.part:
            return draft
    return None
