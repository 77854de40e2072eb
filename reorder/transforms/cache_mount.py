"""Give an install the tool's own cache, in a cache mount.

What it does: adds `--mount=type=cache` for the directories the commands keep downloads in, and
drops what would cancel it (`--no-cache-dir`).
Why: when a manifest does change, only what is new is downloaded.
When it refuses: who reads that directory later has no mount; USER or HOME is not known; something
was put there before; the builder is not BuildKit. On builders that begin with an imported layer
cache (the CI files tell, or `--builder ephemeral`) what later steps need stays in the layer.
Safety: the directory is a cache, which the tool fills again whenever it is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reorder.ecosystems.contract import Cache
from reorder.ecosystems.run_caches import given_to_root
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import Stage, family
from reorder.result import Refusal
from reorder.syntax import edit
from reorder.transforms.base import Proposal, Rewrite, Settings
from reorder.transforms.draft import Draft
from reorder.transforms.fresh_builders import stays, told, unmounted
from reorder.transforms.layout import broken
from reorder.transforms.liveness import (
    named_without_mount,
    reader_without_mount,
    taken,
    written_before,
)

ID = "cache-mount"

_OWN_COMMANDS = {"maven": "mvn", "gradle": "gradle"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The caches one RUN lacks a mount for."""

    node: Node
    caches: tuple[Cache, ...]


def propose(facts: Facts, settings: Settings) -> Iterator[Proposal]:
    """One rewrite for each RUN; one for all RUNs of a stage that share a payload directory."""
    wanted = {
        stage.index: [
            w for node in facts.body(stage) if (w := _wanted(facts, node, settings)).caches
        ]
        for stage in facts.stages
    }
    for stage in facts.stages:
        lacking = wanted[stage.index]
        if lacking and not settings.builder.mounts:
            reason = settings.builder.reason or "the builder does not know cache mounts"
            yield Refusal(ID, lacking[0].node.line, reason)
            continue
        yield from told(facts, stage, settings, ID)
        derived = [s for s in family(facts.stages, stage) if s is not stage]
        yield from _payloads(facts, lacking, [w for s in derived for w in wanted[s.index]])
        yield from _plain(facts, lacking)


def _wanted(facts: Facts, node: Node, settings: Settings) -> Wanted:
    kept = stays(facts, node) if settings.ephemeral else frozenset()
    caches = {
        cache.target: cache
        for cache in unmounted(facts, node)
        if cache.target not in kept and (cache.unsafe is None or settings.options.unsafe)
    }
    return Wanted(node, tuple(caches.values()))


def _payloads(facts: Facts, lacking: list[Wanted], derived: list[Wanted]) -> Iterator[Proposal]:
    """A payload directory is mounted by every step that needs it, or by none.

    The steps of stages that start from this one count too.
    """
    targets = {c.target: None for w in lacking for c in w.caches if c.payload}
    for target in targets:
        group = [w for w in (*lacking, *derived) if any(c.target == target for c in w.caches)]
        caches = [next(c for c in w.caches if c.target == target) for w in group]
        first = group[0].node
        reason = next((c.off for c in caches if c.off), None)
        if reason is None and any(cache.product for cache in caches[:-1]):
            reason = f"a step puts its own product into {target}, which a later step needs"
        reason = reason or written_before(facts, first, target)
        roots = (_given_to_root(w.node, c) for w, c in zip(group, caches, strict=True))
        reason = reason or next(filter(None, roots), None)
        reason = reason or reader_without_mount(facts, first, target, {w.node.at for w in group})
        if reason is not None:
            yield Refusal(ID, first.line, reason)
            continue
        draft = Draft.of(facts.file, facts.lines)
        for wanted, cache in zip(group, caches, strict=True):
            draft = _mounted(draft, wanted.node, (cache,))
        yield Rewrite(
            ID,
            first.line,
            f"keep {target} in a cache mount"
            + (f" that {len(group)} steps share" if len(group) > 1 else ""),
            draft,
            assumptions=(
                f"{target} only holds what the tool can download or build again",
                *_idle_command(facts, first),
            ),
        )


def _idle_command(facts: Facts, node: Node) -> tuple[str, ...]:
    """A base image whose own command is the build tool, and no other command in the file."""
    tool = _OWN_COMMANDS.get(node.image.base if node.image is not None else "")
    last = facts.stages[-1]
    if tool is None or last not in family(facts.stages, facts.stage_of(node)):
        return ()
    stage: Stage | None = last
    while stage is not None:
        if any(other.keyword in ("cmd", "entrypoint") for other in facts.body(stage)):
            return ()
        stage = facts.stages[stage.parent] if stage.parent is not None else None
    return (f"nobody runs the image's own command, `{tool}`, in the container",)


def _given_to_root(node: Node, cache: Cache) -> str | None:
    if node.scope.is_root or node.understood is None or node.image is None:
        return None
    return given_to_root(node.understood.steps, cache.target, node.image.home)


def _plain(facts: Facts, lacking: list[Wanted]) -> Iterator[Proposal]:
    payloads = {c.target for w in lacking for c in w.caches if c.payload}
    said: set[str] = set()
    for wanted in lacking:
        good: list[Cache] = []
        for cache in wanted.caches:
            if cache.target in payloads:
                continue
            reason = cache.off or written_before(facts, wanted.node, cache.target)
            reason = reason or _given_to_root(wanted.node, cache)
            stage = facts.stage_of(wanted.node)
            held = None
            if reason is None:
                held = named_without_mount(facts, wanted.node, cache.target)
                held = held or taken(facts, stage, cache.target)
            if held is not None:
                if held not in said:
                    yield Refusal(ID, wanted.node.line, held)
                said.add(held)
            elif reason is not None:
                yield Refusal(ID, wanted.node.line, reason)
            else:
                good.append(cache)
        for unsafe in (False, True):
            alike = [cache for cache in good if (cache.unsafe is not None) is unsafe]
            if alike:
                yield Rewrite(
                    ID,
                    wanted.node.line,
                    f"keep {' and '.join(cache.target for cache in alike)} in a cache mount",
                    _mounted(Draft.of(facts.file, facts.lines), wanted.node, tuple(alike)),
                    safety="unsafe" if unsafe else "safe",
                    assumptions=tuple(cache.unsafe for cache in alike if cache.unsafe),
                )


def _mounted(draft: Draft, node: Node, caches: tuple[Cache, ...]) -> Draft:
    instruction = node.instruction
    edits = {(span, "") for cache in caches for span in cache.cancels}
    edits |= {((at, at), word) for cache in caches for at, word in cache.naming}
    for span, word in sorted(edits, reverse=True):
        instruction = edit.replace(instruction, span, word)
    for cache in caches:
        instruction = edit.with_flag(instruction, _flag(node, cache))
    return draft.put(node.at, broken(instruction, draft.file.newline))


def _flag(node: Node, cache: Cache) -> str:
    name = f"id={cache.id}," if cache.id is not None else ""
    text = f"--mount=type=cache,{name}target={cache.target}"
    if cache.sharing != "shared":
        text += f",sharing={cache.sharing}"
    assert node.image is not None
    if not node.scope.is_root:
        text += f",uid={node.image.uid},gid={node.image.gid}"
    return text
