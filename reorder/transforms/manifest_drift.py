"""Complete a hand-written manifest list that no longer covers what the install reads.

What it does: a workspace member, an included requirements file or a patch that was added to the
repository but not to the COPY lines above the install is copied too.
Why: the install then fails, or leaves out what the new file asks for, although the source that
follows has it.
Example: `COPY package.json package-lock.json ./` / `RUN npm ci` / `COPY . .` with a new member
`packages/b` => `COPY packages/b/package.json packages/b/` above the install.
When it refuses: the closure is not known; nothing below brings the missing file to its place.
Safety: only the named install may differ, as it now sees what the source that follows has anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reorder.ecosystems.contract import Image
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.graph.overlay import Overlay
from reorder.result import Refusal
from reorder.syntax import views
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.copy_text import is_readable, manifest_copies
from reorder.transforms.draft import Draft
from reorder.transforms.sources import is_source, needed_files
from reorder.transforms.wording import listed, tool_of

ID = "manifest-drift"

# Left out of many hand-written lists on purpose: settings, often with a token in them.
SETTINGS_FILES = frozenset({".npmrc", "pip.conf", "settings.xml", "maven.config", "jvm.config"})


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each install whose manifests are copied by hand, but not all of them."""
    for stage in facts.stages:
        body = facts.body(stage)
        for node in body:
            if node.image is None or not _has_manifests(node):
                continue
            later = [n for n in body if n.at > node.at and is_source(n)]
            if later:
                yield from _for_run(facts, node, later[0])


def _has_manifests(node: Node) -> bool:
    run = node.understood
    return run is not None and any(install.manifests for install in run.installs)


def _for_run(facts: Facts, node: Node, source: Node) -> Iterator[Proposal]:
    assert isinstance(source.copy, Copied)
    assert node.image is not None
    seen = node.image.files
    assert isinstance(seen, Overlay)
    whole = replace(node.image, files=_with_source(seen, source.copy))
    run = _again(node, whole)
    if run is None:
        return
    installs = run.installs
    missing = [
        path
        for path in needed_files(replace(node, image=whole), installs)
        if seen.origin(path) is None and path.rpartition("/")[2] not in SETTINGS_FILES
    ]
    if not missing:
        return
    line = node.line
    reason = next((i.refusal for i in installs if i.refusal is not None), None)
    odd = next((p for p in missing if not is_readable(source.copy.placed.files[p])), None)
    if odd is not None:
        reason = f"a COPY would not read the name {odd} as it is"
    if source.scope.workdir != node.scope.workdir:
        reason = "the working directory changes between the install and the copy of the source"
    if reason is not None:
        yield Refusal(ID, line, reason)
        return
    folders = [folder for install in installs for folder in install.folders]
    lines = manifest_copies(source, missing, folders)
    at = _after_last_manifest(facts, node)
    names = tuple(source.copy.placed.files[path] for path in missing)
    yield Rewrite(
        ID,
        line,
        f"copy {listed(names)} too: {tool_of(node)} reads it, but no COPY above brings it",
        Draft.of(facts.file, facts.lines).insert(at, lines, line),
        assumptions=(f"the install is meant to see {listed(names)}, as the source below has it",),
        completes=frozenset({line}),
    )


def _with_source(seen: Overlay, source: Copied) -> Overlay:
    """The image as if the source had been there first; what is copied by hand stays on top."""
    return Overlay(seen.context, (source.placed, *seen.steps), seen.application)


def _again(node: Node, image: Image) -> RunEffects | None:
    script = views.script(node.instruction)
    run = run_effects(script.text, image)
    return run if isinstance(run, RunEffects) and run.barrier is None else None


def _after_last_manifest(facts: Facts, node: Node) -> int:
    assert node.image is not None
    run = node.understood
    assert run is not None
    needed = {path for install in run.installs for path in install.manifests}
    places = [
        other.at
        for other in facts.body(facts.stage_of(node))
        if other.at < node.at
        and isinstance(other.copy, Copied)
        and needed & set(other.copy.placed.files)
    ]
    return max(places) + 1 if places else node.at
