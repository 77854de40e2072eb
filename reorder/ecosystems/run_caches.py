"""The caches of a whole RUN: those of its calls, as far as no other call empties them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reorder.ecosystems.contract import Cache, CommandEffects
from reorder.ecosystems.identity import cancelling_call
from reorder.ecosystems.paths import Paths, below, paths
from reorder.shell.nodes import Call


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


def _both(one: Cache, other: Cache) -> Cache:
    if one.off is not None or other.off is not None:
        used = other if one.off is not None else one
    else:
        used = replace(one, cancels=tuple(dict.fromkeys(one.cancels + other.cancels)))
    return replace(used, payload=one.payload or other.payload, product=one.product or other.product)


def _exact_words(script: str, call: Call, cache: Cache) -> Cache:
    """A word can only be dropped where the text has it as it is: not out of a variable."""
    words = {arg.span: arg.text for arg in call.args}
    for start, end in cache.cancels:
        if script[start:end] != words.get((start, end)):
            reason = "what switches the cache off comes out of a variable"
            return replace(cache, cancels=(), off=reason)
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
