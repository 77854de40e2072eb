"""What can be done for one build step: a draft of its cache, or why there is none."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reorder.ci import registries
from reorder.ci.contract import Settings
from reorder.ci.github.builder import missing
from reorder.ci.github.builds import Build
from reorder.ci.github.expressions import filled, holes
from reorder.ci.github.file import Workflow
from reorder.ci.github.images import Image, Rights, resolved, rights, sampled
from reorder.ci.github.policy import Export, export, reached
from reorder.ci.github.runs import Run
from reorder.ci.refs import part, slug

_NAMES: Final = re.compile(r"github\.repository(?:_owner)?$", re.IGNORECASE)
_LOWER: Final = (
    "`{}` must be without capital letters here, which docker/metadata-action saw to so far; with "
    "capital letters, name the repository with --registry-ref"
)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A build that gets a cache. `builder`: a step that sets up buildx is missing."""

    build: Build
    repository: str  # of the caches; at GitHub the scope
    image: str | None
    runs: tuple[Run, ...]
    export: Export
    builder: bool
    place: str  # the repository with all that is known of it put in, to compare
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class No:
    """Why a build gets none. `reader`: it may still import what another build exports."""

    reason: str
    reader: bool = False
    fine: bool = False
    cache: str | None = None
    warnings: tuple[str, ...] = ()


def judged(
    build: Build, workflow: Workflow, every: Sequence[Run], settings: Settings, path: str
) -> Draft | No:
    """The draft for a build; `every`: the runs that the triggers of the file `path` lead to."""
    step, job = build.step, build.job
    told = step.uses.partition("@")[2]
    if re.fullmatch(r"v1(\..*)?", told):
        return No("version 1 of the action builds without buildx; use a newer one first")
    if "cache-from" in step.inputs or "cache-to" in step.inputs:
        return _own(build, settings)
    if step.inputs.get("no-cache", "").strip().lower() == "true":
        return No("it is told to build without a cache", fine=True)
    runs = tuple(reached(every, (job.condition, step.condition), build.env))
    if not runs:
        return No("none of the file's triggers leads to it")
    builder = missing(build, runs)
    if isinstance(builder, str):
        return No(builder)
    if settings.backend == "gha":
        found = export(runs, Rights(), build.env, settings.branch, gha=True)
        if isinstance(found, str):
            return No(found)
        image = build.images[0].name if build.images else None
        scope = _scope(build, path)
        return Draft(build, scope, image, runs, found, builder, scope)
    place = _place(build, settings)
    if isinstance(place, No):
        return place
    image_, repository, right = place
    found = export(runs, right, build.env, settings.branch)
    if isinstance(found, str):
        return No(found, reader=True)
    warnings = _permission(repository, right, build, workflow)
    if names := _capitals(image_, repository, build):
        if settings.repository is None:
            warnings = (*warnings, _LOWER.format(names[0]))
        elif settings.repository != settings.repository.lower():
            repository = _literal(resolved(repository, build.env), settings.repository)
    name = image_.name if image_ else None
    if settings.ref is not None and name is not None:
        build = replace(build, part="-".join(_several(name, settings.ref, build)))
    known = _literal(resolved(repository, build.env), settings.repository)
    return Draft(build, repository, name, runs, found, builder, known, warnings)


def _scope(build: Build, path: str) -> str:
    """What keeps an image's cache apart from others at GitHub, which adds the branch itself."""
    name = build.images[0].name.rpartition("/")[2] if build.images else ""
    if name and not re.search(r"steps\.|needs\.", name):
        return name
    stem = posixpath.splitext(posixpath.basename(path))[0]
    if stem == "action":
        stem = posixpath.basename(posixpath.dirname(path))
    return slug("-".join(dict.fromkeys(one for one in (stem, build.job.id) if one)))


def _own(build: Build, settings: Settings) -> No:
    """What is to be said of a cache that the author set up."""
    step = build.step
    given = step.inputs.get("cache-from", ""), step.inputs.get("cache-to", "")
    # Of the import first: that of an export may stand in a call of `format`.
    ref = re.search(r"\bref=([^,\n']*?):cache-", given[0] or given[1])
    repository = None
    if ref and "{0}" not in ref[1]:
        repository = _literal(resolved(ref[1].strip(), build.env), settings.repository)
    if not given[1].strip():
        return No("it imports a cache of its own", fine=True, cache=repository)
    if "type=inline" in given[1]:
        reason = "it has a cache of its own: an inline one, which holds the last stage alone"
    elif re.search(r"type=(?:registry|gha|local|s3|azblob)", given[1]) and (
        "mode=max" not in given[1]
    ):
        reason = "it has a cache of its own: without mode=max, it holds the last stage alone"
    else:
        reason = "it has a cache of its own"
    tags = {line.strip() for line in step.inputs.get("tags", "").splitlines()}
    own = re.search(r"\bref=([^,\s]+)", given[1])
    clash = ("its cache goes to a tag of the image",) if own and own[1] in tags else ()
    return No(reason, fine=True, cache=repository, warnings=clash)


def _place(build: Build, settings: Settings) -> tuple[Image | None, str, Rights] | No:
    """The image, the repository of its caches, and what lets the job push there."""
    step, job, pushes = build.step, build.job, build.pushes
    pushed = None if pushes == "false" else Rights(() if pushes == "true" else (pushes,))
    if settings.ref is not None:
        image = build.images[0] if build.images else None
        known = rights(settings.ref, step, job, build.env)
        same = image and registries.host(resolved(image.name, build.env)) == registries.host(
            settings.ref
        )
        right = known or (pushed if same else None)
        name = settings.ref
    elif not build.images:
        return No(_unnamed(build), reader=pushed is None)
    else:
        told = [(image, rights(image.name, step, job, build.env)) for image in build.images]
        image, right = next((one for one in told if one[1]), (told[0][0], pushed))
        name = image.name
        if "/" not in sampled(image.name, job, build.env):
            return No(
                "nothing is pushed, so there is no registry for a cache; name one with "
                "--registry-ref, or take --backend gha",
                reader=True,
            )
    if wrong := registries.problem(name):
        return No(f"{name} {wrong}")
    if right is None:
        where = registries.host(resolved(name, build.env))
        return No(
            f"its job does not log in to {where}, so it cannot push a cache; log in before it, or "
            "take --backend gha",
            reader=True,
        )
    return image, name, right


def _unnamed(build: Build) -> str:
    tags = build.step.inputs.get("tags", "").strip()
    if build.pushes == "false" or not (tags or "outputs" in build.step.inputs):
        return (
            "nothing is pushed, so there is no registry for a cache; name one with "
            "--registry-ref, or take --backend gha"
        )
    told = holes(tags)
    what = f"`{told[0]}` says what the image is called" if told else "the image is not named"
    return f"{what}, and only a run knows that; name a repository with --registry-ref"


def _several(image: str, ref: str, build: Build) -> list[str]:
    """The parts of a tag in a repository that the caches of several images may lie in."""
    own = image.rpartition("/")[2]
    shown = [] if "${{" in own or own == ref.rpartition("/")[2] else [part(own)]
    return [one for one in (*shown, build.part) if one]


def _capitals(image: Image | None, repository: str, build: Build) -> list[str]:
    """What metadata-action writes in lower case, where nothing does it for a cache."""
    if image is None or not image.lowered or image.name != repository:
        return []
    return [hole for hole in holes(resolved(repository, build.env)) if _NAMES.match(hole)]


def _literal(template: str, name: str | None) -> str:
    """A template with the repository's own name and owner put in, if they are known."""
    if name is None:
        return template
    name = name.lower()
    owner = name.partition("/")[0]
    return filled(
        template,
        lambda hole: {"github.repository": name, "github.repository_owner": owner}.get(
            hole.lower(), f"${{{{ {hole} }}}}"
        ),
    )


def _permission(
    repository: str, right: Rights, build: Build, workflow: Workflow
) -> tuple[str, ...]:
    given = build.job.permissions
    given = workflow.permissions if given is None else given
    if given is None or not right.token or "ghcr.io" not in resolved(repository, build.env):
        return ()
    if given.get("packages") == "write" or given.get("*") == "write-all":
        return ()
    return ("the job's `permissions` lack `packages: write`, without which no cache is pushed",)
