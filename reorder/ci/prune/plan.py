"""What removes the caches of branches that are gone, and those that newer ones replaced.

Which way that is follows from the registry. A file is written where a file does it: a policy that
the registry reads, or a script that asks it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.ci.contract import MAIN, Planned
from reorder.ci.prune.caches import repositories
from reorder.ci.prune.files import NAMES, path_of, text_of
from reorder.ci.prune.words import use, words
from reorder.ci.refs import PREFIX
from reorder.ci.registries import Prune, Registry, registry
from reorder.context.buildfiles import workflows
from reorder.context.project import Project

_MAINS: Final = re.compile(rf":({PREFIX}(?:[\w.-]+--)?{MAIN})\b")
_SHELL: Final = re.compile(r"(?:[\w./:-]|\$\w+|\$\{\w+\})+", re.ASCII)
# A workflow of its own has no steps, matrix or inputs of another; environment variables are text.
_WORKFLOW: Final = re.compile(r"(?:[\w./:-]|\$\{\{ *(?:github|vars)\.[\w.]+ *\}\})+", re.ASCII)
_GITHUB: Final = {
    "GITHUB_REPOSITORY": "${{ github.repository }}",
    "GITHUB_REPOSITORY_OWNER": "${{ github.repository_owner }}",
}


@dataclass(frozen=True, slots=True)
class Pruned:
    """One kind of registry: its caches, and what removes old ones."""

    registry: str
    caches: tuple[str, ...]
    untagged: str  # what becomes there of a cache that a newer one replaced
    path: str | None  # the file that does it, relative to the repository's root
    before: str | None  # what is at that path
    after: str | None  # what the file says; as `before` where it is there already
    notes: tuple[str, ...]  # commands, settings, and what else must be known


def pruned(plans: Iterable[Planned], project: Project) -> tuple[Pruned, ...]:
    """For every registry in which caches lie, sorted by its name."""
    plans = tuple(plans)
    kinds: dict[str, tuple[Registry, list[str]]] = {}
    for cache in repositories(plans):
        known = registry(cache)
        kinds.setdefault(NAMES.get(known.prune, known.prune), (known, []))[1].append(cache)
    mains = _mains("\n".join(plan.after for plan in plans))
    found = [_one(known, names, mains, project) for known, names in kinds.values()]
    return tuple(sorted(found, key=lambda one: one.registry))


def _mains(text: str) -> set[str] | None:
    """The tags of the main branch's caches; None: some have a part that is an expression."""
    found: list[str] = _MAINS.findall(text)
    parts = sum("--" in tag for tag in found)
    return set(found) if len(re.findall(rf"--{MAIN}\b", text)) == parts else None


def _one(
    known: Registry, names: Sequence[str], mains: Collection[str] | None, project: Project
) -> Pruned:
    usable, others = _usable(known.prune, names, bool(workflows(project)))
    path = path_of(known.prune, project) if usable else None
    before = project.read(path) if path is not None else None
    after = before
    if path is not None and before is None:
        after = text_of(known.prune, usable, path, mains)
    notes = list(words(known.prune, names))
    if path is not None:
        notes = [*use(known.prune, usable, path), *notes]
        if before is not None:
            missing = [cache for cache in usable if cache not in before and _lists(known.prune)]
            notes.insert(0, f"{path} is there already, and is left as it is")
            notes += [f"{path} does not name {cache}" for cache in missing]
    mend = "name it in the file" if path is not None else "name a repository with --registry-ref"
    notes += [f"{cache} is known only where it is built: {mend}" for cache in others]
    if known.limits:
        notes.append(known.limits)
    return Pruned(known.name, tuple(names), known.untagged, path, before, after, tuple(notes))


def _usable(
    prune: Prune, caches: Sequence[str], has_workflows: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those that a file can name, as it names them, and the others."""
    if not _lists(prune):
        return tuple(caches), ()
    form = _SHELL
    if prune == "ghcr" and has_workflows:
        form = _WORKFLOW
        caches = [_as_expression(cache) for cache in caches]
    usable = tuple(dict.fromkeys(cache for cache in caches if form.fullmatch(cache)))
    return usable, tuple(cache for cache in caches if not form.fullmatch(cache))


def _as_expression(cache: str) -> str:
    return re.sub(
        r"\$(?:\{(\w+)\}|(\w+))", lambda found: _GITHUB.get(found[1] or found[2], found[0]), cache
    )


def _lists(prune: Prune) -> bool:
    return prune in ("api", "nexus", "ghcr")
