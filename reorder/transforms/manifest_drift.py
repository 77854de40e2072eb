"""Complete a hand-written manifest list that no longer covers what the install reads.

What it does: a workspace member, an included requirements file or a patch that was added to the
repository but not to the COPY lines above the install is copied too.
Why: the install then fails, or leaves out what the new file asks for, although the source that
follows has it.
Example: `COPY package.json package-lock.json ./` / `RUN npm ci` / `COPY . .` with a new member
`packages/b` => `COPY packages/b/package.json packages/b/` above the install.
When it refuses: the closure is not known; a build that may do anything stands in the place of the
install. A stage of its own that installs may leave members out on purpose: only with --unsafe.
Safety: only the named install may differ, as it now sees what the source that follows has anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reorder.context.gopath import has_wildcard
from reorder.cost.tiers import is_manifest
from reorder.ecosystems.contract import Install
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.ecosystems.run_caches import Step
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.graph.overlay import Overlay, Placed
from reorder.result import Refusal
from reorder.syntax import views
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.copy_text import is_readable, manifest_copies
from reorder.transforms.draft import Draft
from reorder.transforms.sources import files_of, is_source, needed_files
from reorder.transforms.wording import listed, tool_of

ID = "manifest-drift"

# Left out of many hand-written lists on purpose: settings, often with a token in them, and the
# Python that a developer wants.
SETTINGS_FILES = frozenset(
    ".npmrc pip.conf settings.xml maven.config jvm.config uv.toml poetry.toml pdm.toml "
    ".python-version .python-versions".split()
)


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each install whose manifests are copied by hand, but not all of them."""
    for stage in facts.stages:
        body = facts.body(stage)
        yield from _gone(facts, body)
        for node in body:
            if node.image is None or not _has_manifests(node):
                continue
            later = [n for n in body if n.at > node.at and isinstance(n.copy, Copied)]
            found = list(_for_run(facts, node, later)) if any(map(is_source, later)) else []
            yield from found or [*_in_its_own_stage(facts, node), *_nowhere(facts, node)]


def _has_manifests(node: Node) -> bool:
    run = node.understood
    steps = run.steps if run is not None else ()
    return any(install.manifests for install in map(_closure, steps) if install is not None)


def _closure(step: Step) -> Install | None:
    """What a call reads of manifests: an install, or a build that could have a step before it."""
    effects = step.effects
    return effects.install or (effects.prefetch.install if effects.prefetch is not None else None)


def _for_run(facts: Facts, node: Node, later: list[Node]) -> Iterator[Proposal]:
    found = _missing(node, [n.copy.placed for n in later if isinstance(n.copy, Copied)])
    if found is None or not found.paths:
        return
    bringing = {path: next(n for n in later if path in dict(files_of(n))) for path in found.paths}
    reason = found.refusal
    odd = next((p for p, n in bringing.items() if not is_readable(dict(files_of(n))[p])), None)
    if odd is not None:
        reason = f"a COPY would not read the name {odd} as it is"
    if any(n.scope.workdir != node.scope.workdir for n in bringing.values()):
        reason = "the working directory changes between the install and the copy of the source"
    if found.barrier is not None:
        names = tuple(dict(files_of(n))[path] for path, n in bringing.items())
        reason = f"no COPY above it brings {listed(names)}, and {found.barrier}"
    if reason is not None:
        yield Refusal(ID, node.line, reason)
        return
    lines: list[str] = []
    for source in later:
        wanted = [path for path, n in bringing.items() if n is source]
        lines += manifest_copies(source, wanted, list(found.folders))
    names = tuple(dict(files_of(n))[path] for path, n in bringing.items())
    yield _completed(facts, node, lines, names)


def _in_its_own_stage(facts: Facts, node: Node) -> Iterator[Proposal]:
    """A stage that only installs: what its list leaves out may be left out on purpose."""
    lists = _in_place(facts, node)
    later = [n for n in facts.body(facts.stage_of(node)) if n.at > node.at]
    if len(_folders(lists)) < 2 or node.stage == len(facts.stages) - 1:
        return
    if any(map(is_source, later)):
        return
    first = lists[0]
    placed = _whole(facts, first)
    found = _missing(node, [placed])
    if found is None or found.refusal is not None or found.barrier is not None or not found.paths:
        return
    names = tuple(placed.files[path] for path in found.paths)
    if not all(map(is_readable, names)) or first.scope.workdir != node.scope.workdir:
        return
    assert isinstance(first.copy, Copied)
    as_first = replace(first, copy=replace(first.copy, placed=placed))
    lines = manifest_copies(as_first, list(found.paths), list(found.folders))
    yield replace(_completed(facts, node, lines, names), safety="unsafe")


def _nowhere(facts: Facts, node: Node) -> Iterator[Refusal]:
    """An install that cannot work without a file that the context has, and that no COPY brings."""
    lists, run = _in_place(facts, node), node.understood
    if not lists or run is None or not any(install.refusal for install in run.installs):
        return
    placed = _whole(facts, lists[0])
    found = _missing(node, [placed])
    if found is not None and found.paths and found.refusal is None:
        names = listed(tuple(placed.files[path] for path in found.paths))
        yield Refusal(ID, node.line, f"no COPY brings {names}, which {tool_of(node)} reads")


def _in_place(facts: Facts, node: Node) -> list[Node]:
    """The lists of manifests above a RUN that keep the files' places."""
    return [n for n in _manifest_copies(facts, node) if _is_at_its_place(n)]


def _whole(facts: Facts, copy: Node) -> Placed:
    """The whole context, put where a copy puts a part of it."""
    assert facts.context is not None
    base = (copy.scope.workdir or "").rstrip("/")
    return Placed({f"{base}/{path}": path for path in facts.context.under("")})


def _completed(facts: Facts, node: Node, lines: list[str], names: tuple[str, ...]) -> Rewrite:
    lists = _manifest_copies(facts, node)
    at = lists[-1].at + 1 if lists else node.at
    them = "it" if len(names) == 1 else "them"
    return Rewrite(
        ID,
        node.line,
        f"copy {listed(names)} too: {tool_of(node)} reads {them}, but no COPY above brings {them}",
        Draft.of(facts.file, facts.lines).insert(at, lines, node.line),
        assumptions=(f"the install is meant to see {listed(names)}, as the source has it",),
        completes=frozenset({node.line}),
    )


@dataclass(frozen=True, slots=True)
class _Missing:
    """Image paths that an install would read with the source there, and what is against it."""

    paths: tuple[str, ...]
    folders: tuple[str, ...]
    refusal: str | None
    barrier: str | None


def _missing(node: Node, sources: list[Placed]) -> _Missing | None:
    assert node.image is not None
    seen = node.image.files
    assert isinstance(seen, Overlay)
    whole = replace(node.image, files=_with_sources(seen, sources))
    run = run_effects(views.script(node.instruction).text, whole)
    if not isinstance(run, RunEffects):
        return None
    installs = [install for step in run.steps if (install := _closure(step)) is not None]
    barrier = next((s.effects.barrier for s in run.steps if s.effects.barrier), None)
    paths = tuple(
        path
        for path in needed_files(replace(node, image=whole), installs)
        if seen.origin(path) is None
        and not _brought(seen, path)
        and path.rpartition("/")[2] not in SETTINGS_FILES
        and any(path in placed.files for placed in sources)
    )
    folders = tuple(folder for install in installs for folder in install.folders)
    return _Missing(paths, folders, next((i.refusal for i in installs if i.refusal), None), barrier)


def _brought(seen: Overlay, path: str) -> bool:
    """Whether a COPY above brings a file, whatever a RUN did to it after that (`chmod +x`)."""
    return any(path in step.files for step in seen.steps if isinstance(step, Placed))


def _gone(facts: Facts, body: list[Node]) -> Iterator[Refusal]:
    """A manifest that a list names, and that the context has no more: the build stops there."""
    context = facts.context
    for node in body:
        if context is None or context.project.tracked is None or not isinstance(node.copy, str):
            continue
        view = views.copy(node.instruction)
        if view.from_ is not None or view.parents:
            continue
        for source in view.sources:
            name = source.removeprefix("./").strip("/")
            plain = "$" not in name and "://" not in name and not has_wildcard(name)
            if plain and is_manifest(name) and context.resolve(name) is None:
                why = "which the build context does not have: the build stops there"
                yield Refusal(ID, node.line, f"it copies {name}, {why}")


def _manifest_copies(facts: Facts, node: Node) -> list[Node]:
    """The copies above a RUN that bring manifests and nothing else."""
    if facts.context is None:
        return []
    above = [n for n in facts.body(facts.stage_of(node)) if n.at < node.at]
    return [
        n
        for n in above
        if isinstance(n.copy, Copied)
        and n.copy.placed.files
        and not is_source(n)
        and all(map(is_manifest, n.copy.placed.files.values()))
    ]


def _is_at_its_place(copy: Node) -> bool:
    """Whether the files lie below the working folder as they do in the context."""
    folder = (copy.scope.workdir or "").rstrip("/")
    return all(path == f"{folder}/{origin}" for path, origin in files_of(copy))


def _folders(lists: list[Node]) -> set[str]:
    return {origin.rpartition("/")[0] for copy in lists for _, origin in files_of(copy)}


def _with_sources(seen: Overlay, sources: list[Placed]) -> Overlay:
    """The image as if the source had been there first; what is copied by hand stays on top."""
    return Overlay(seen.context, (*sources, *seen.steps), seen.application)
