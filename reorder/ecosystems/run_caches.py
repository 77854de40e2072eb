"""The caches of a whole RUN: those of its calls, as far as no other call empties them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reorder.ecosystems.contract import Cache, CommandEffects
from reorder.ecosystems.identity import cancelling_call
from reorder.ecosystems.paths import Paths, below, paths
from reorder.shell.nodes import Call, Span


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a RUN. An opaque one has a `barrier` and reads and writes everything."""

    call: Call
    effects: CommandEffects


def united_caches(script: str, steps: tuple[Step, ...]) -> tuple[Cache, ...]:
    """One cache for each target: of use if it is of use to one call and no other empties it."""
    united: dict[str, Cache] = {}
    for step in steps:
        for cache in step.effects.caches:
            exact = _exact_words(script, step.call, cache)
            other = united.get(cache.target)
            united[cache.target] = exact if other is None else _both(other, exact)
    for step in steps:
        for target, cache in united.items():
            if _changes(step, target) and cache.off is None:
                united[target] = _without(script, cache, step)
    return tuple(united.values())


def given_to_root(steps: Iterable[Step], target: str, home: str | None) -> str | None:
    """Who else of a RUN may write where the mount at `target` makes folders, as a reason.

    Those folders belong to root while the RUN lasts, whoever runs it (runc makes them).
    """
    parent = posixpath.dirname(target)
    if parent == home:
        return None
    inner = posixpath.relpath(parent, home) if home and below(parent, home) else ""
    tree = posixpath.join(home, inner.split("/")[0]) if home and inner else parent
    for step in steps:
        written = _narrow(step.effects.writes)
        if step.effects.barrier is not None or written.overlaps(paths(trees=(tree,))):
            return f"`{step.call.name}` may write to {tree}, which a mount below it gives to root"
    return None


def cache_words(caches: Iterable[Cache]) -> list[Span]:
    """The words of a shell text that only switch caches off, or say where they are."""
    return [span for cache in caches for span in (*cache.cancels, *cache.named_by)]


def _both(one: Cache, other: Cache) -> Cache:
    if one.off is not None or other.off is not None:
        used = other if one.off is not None else one
    else:
        used = replace(
            one,
            cancels=tuple(dict.fromkeys(one.cancels + other.cancels)),
            named_by=tuple(dict.fromkeys(one.named_by + other.named_by)),
            naming=tuple(dict.fromkeys(one.naming + other.naming)),
        )
    return replace(used, payload=one.payload or other.payload, product=one.product or other.product)


def _exact_words(script: str, call: Call, cache: Cache) -> Cache:
    """A word can only be dropped where the text has it as it is: not out of a variable."""
    words = {arg.span: arg.text for arg in call.args}
    for start, end in (*cache.cancels, *cache.named_by):
        if script[start:end] != words.get((start, end)):
            reason = "what switches the cache off comes out of a variable"
            return replace(cache, cancels=(), named_by=(), naming=(), off=reason)
    ends = {end for (start, end), text in words.items() if script[start:end] == text}
    if any(place not in ends for place, _ in cache.naming):
        return replace(cache, naming=(), off="its command comes out of a variable")
    return cache


def _changes(step: Step, target: str) -> bool:
    """Whether a call changes a cache by its name, other than by using it."""
    return _narrow(step.effects.writes).overlaps(paths(trees=(target,)))


def _without(script: str, cache: Cache, step: Step) -> Cache:
    """Drop a call that does nothing but empty the cache; else the mount is of no use."""
    written = step.effects.writes
    only = all(below(tree, cache.target) for tree in written.trees)
    plain = not written.files and not written.globs and written.all_but is None
    span = cancelling_call(script, step.call) if only and plain else None
    if span is None:
        text = " ".join(arg.text for arg in step.call.args)
        if any(own.target == cache.target for own in step.effects.caches):
            return replace(cache, off=f"`{text}` works on a folder that holds {cache.target}")
        return replace(cache, off=f"`{text}` in the same RUN changes {cache.target}")
    return replace(cache, cancels=(*cache.cancels, span))


def _narrow(written: Paths) -> Paths:
    """The named part of a set, without "everything but the application"."""
    return Paths(written.files, written.trees, written.globs)
