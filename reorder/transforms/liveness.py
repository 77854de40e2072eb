"""Who else needs a directory that is about to become a cache mount."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from reorder.ecosystems.paths import Paths, below
from reorder.ecosystems.runtime import needing
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import Stage, family, source_stage, sources_of
from reorder.shell.nodes import Opaque
from reorder.syntax import views
from reorder.syntax.mounts import place


def written_before(facts: Facts, node: Node, target: str) -> str | None:
    """Whether something stands at or below the target already: the mount would hide it."""
    tree = Paths(trees=frozenset({target}))
    itself = frozenset({target})  # made by mkdir, it is still empty
    stage: Stage | None = facts.stage_of(node)
    while stage is not None:
        for other in facts.body(stage):
            if other.at >= node.at or other.keyword == "workdir":
                continue
            written = other.effects.writes.paths
            if other.keyword == "run":
                written = replace(written, files=written.files - itself)
            if replace(written, all_but=None).overlaps(tree):
                return (
                    f"the {other.keyword.upper()} of line {other.line} puts files "
                    f"at {target}, which a mount there would hide"
                )
        stage = facts.stages[stage.parent] if stage.parent is not None else None
    return None


def reader_without_mount(facts: Facts, first: Node, target: str, mounted: set[int]) -> str | None:
    """A step or container that may need the directory but would not have the mount."""
    start = facts.stage_of(first)
    for stage in family(facts.stages, start):
        for node in facts.body(stage):
            if node.at < first.at and stage is start:
                reason = _filled_before(node, target)
            elif node.at in mounted or node.keyword != "run":
                reason = None
            else:
                reason = _may_read(node, target)
            if reason is not None:
                return reason
        reason = _runs_with(facts, stage, first, target)
        if reason is not None:
            return reason
    return taken(facts, start, target)


def named_without_mount(facts: Facts, first: Node, target: str) -> str | None:
    """A later step that uses the directory by its name and would not have the mount."""
    tree, start = Paths(trees=frozenset({target})), facts.stage_of(first)
    for stage in family(facts.stages, start):
        for node in facts.body(stage):
            run = node.understood
            if run is None or (stage is start and node.at <= first.at):
                continue
            if any(place(mount) == target for mount in views.mounts(node.instruction)):
                continue
            if replace(run.reads, all_but=None).overlaps(tree):
                return f"the RUN of line {node.line} reads {target}, and cannot have the mount"
    return None


def _filled_before(node: Node, target: str) -> str | None:
    reason = _unclear(node) if node.keyword == "run" and not caches_at(node, target) else None
    if reason is None:
        return None
    return f"the RUN of line {node.line} may have put files at {target}: {reason}"


def _may_read(node: Node, target: str) -> str | None:
    line = node.line
    if any(place(mount) == target for mount in views.mounts(node.instruction)):
        return None
    if caches_at(node, target):
        return f"the RUN of line {line} needs {target} too, and cannot have the mount"
    reason = _unclear(node)
    return None if reason is None else f"the RUN of line {line} may need {target}: {reason}"


def _unclear(node: Node) -> str | None:
    """Why a RUN may do anything; None when it is understood."""
    run = node.run
    return run.reason if isinstance(run, Opaque) else run.barrier if run is not None else None


def caches_at(node: Node, target: str) -> bool:
    """Whether a RUN keeps a cache in a directory."""
    run = node.understood
    return run is not None and any(cache.target == target for cache in run.caches)


def _runs_with(facts: Facts, stage: Stage, first: Node, target: str) -> str | None:
    run = first.understood
    steps = run.steps if run is not None else ()
    users = [s.call.name for s in steps if any(c.target == target for c in s.effects.caches)]
    readers = needing(users)
    for node in facts.body(stage):
        if node.keyword in ("cmd", "entrypoint") and node.instruction.words:
            words = " ".join(node.instruction.words).split()
            if any(posixpath.basename(word) in readers for word in words):
                return (
                    f"the {node.keyword.upper()} of line {node.line} runs a tool that "
                    f"needs {target} in the image"
                )
    return None


def taken(facts: Facts, start: Stage, target: str) -> str | None:
    """Who takes the directory, or what lies around it, from the stage into another one."""
    for stage in facts.stages[start.index + 1 :]:
        for node in facts.body(stage):
            for value in sources_of(node.instruction):
                origin = source_stage(value, stage.index, facts.stages)
                if origin is None or origin not in family(facts.stages, start):
                    continue
                for word in _words_from(node, value):
                    path = node.scope.expand(word, facts.file.escape)
                    path = "/" + path.strip("/") if path is not None else "/"
                    if below(path, target) or below(target, path):
                        what = f"the {node.keyword.upper()} of line {node.line}"
                        return f"{what} takes {target} from the stage"
    return None


def _words_from(node: Node, value: str) -> tuple[str, ...]:
    """What a COPY, or a mount of a RUN, takes from a stage, as it is written."""
    if node.keyword == "copy":
        return views.copy(node.instruction).sources
    mounts = views.mounts(node.instruction) if node.keyword == "run" else ()
    found = tuple(mount.source or "/" for mount in mounts if mount.from_ == value)
    return found or ("/",)
