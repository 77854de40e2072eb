"""The stated rule for a cache mount that the rewrite adds: why the image cannot depend on it.

The mount's target is a declared cache of a command of that RUN; nothing was put at or below it
before; the user in force may write to it. A payload, which later steps read as input, must also be
mounted by every later RUN that may read it, must not be taken by another stage, and no tool that
needs it may be what the container runs.
"""

from __future__ import annotations

from dataclasses import replace

from reorder.ecosystems.contract import Cache
from reorder.ecosystems.paths import EVERYTHING, Paths, below
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run_caches import Step, given_to_root
from reorder.equivalence import owners
from reorder.equivalence.beside import check_beside
from reorder.equivalence.containers import Keeper, check_container
from reorder.equivalence.listing import Listing
from reorder.equivalence.mounts import Mount
from reorder.equivalence.program import Refused
from reorder.equivalence.runs import Understood
from reorder.equivalence.stages import Ran, Stage
from reorder.equivalence.state import Event, State, named_overlap


def check_new(run: Understood, mount: Mount, state: State, earlier: list[Ran]) -> Cache:
    """The declared cache that a new mount holds. Raises Refused where the rule does not hold.

    `earlier`: what has run in the stage and in those it starts from.
    """
    line = run.step.line
    target = mount.target
    if target is None or not mount.simple:
        raise Refused("a new cache mount has an option or a target that is not followed", line)
    if isinstance(run.effects, RunEffects):
        cache = next((c for c in run.effects.caches if c.target == target), None)
    else:
        raise Refused(f"a cache mount on a RUN that is not understood: {run.effects.reason}", line)
    if cache is None:
        raise Refused(f"{target} is not a cache of any command of this RUN", line)
    if cache.off is not None:
        raise Refused(f"a cache mount at {target} is of no use: {cache.off}", line)
    _fits_user(run, mount, line)
    account = owners.account(run.scope)
    if account.uid != 0:
        beside = given_to_root(run.effects.steps, target, account.home)
        if beside is not None:
            raise Refused(beside, line)
    others = [m for m in run.mounts if m is not mount]
    others = [m for m in others if m.target is not None or m.type not in ("ssh", "secret")]
    if any(m.target is None or below(m.target, target) or below(target, m.target) for m in others):
        raise Refused(f"another mount of this RUN overlaps {target}", line)
    _nothing_there(target, cache, state, earlier, line)
    tree = Paths(trees=frozenset({target}))
    for step in run.effects.steps:
        if _named(step.effects.reads | step.effects.writes).overlaps(tree) or _says(step, target):
            raise Refused(f"a command of this RUN uses {target} by name", line)
    return cache


def check_words(before: Ran, after: Ran) -> None:
    """What switched a cache off may only be dropped where the cache is mounted now."""
    mounted = {mount.target for mount in after.run.mounts if mount.type == "cache"}
    for target in _caches(before.run).keys() | _caches(after.run).keys():
        was, now = _cancelled(before, target), _cancelled(after, target)
        if (was and not now and target not in mounted) or (now and not was):
            raise Refused(f"the RUN would leave another {target} in the image", after.line)
        named, names = _named_there(before, target), _named_there(after, target)
        if (named and not names) or (names and not named and target not in mounted):
            raise Refused("the RUN would leave its downloads elsewhere than before", after.line)


def _named_there(ran: Ran, target: str) -> int:
    """How many words tell a tool to use a directory."""
    cache = _caches(ran.whole).get(target)
    return len(cache.named_by) if cache is not None else 0


def _cancelled(ran: Ran, target: str) -> bool:
    """Whether words of a part, or of the RUN it is in, switch a cache off."""
    found = (_caches(run).get(target) for run in (ran.run, ran.whole))
    return any(cache is not None and bool(cache.cancels) for cache in found)


def check_cut(parts: list[Ran]) -> None:
    """Whether what the first parts of a RUN leave outside the image may be gone after them."""
    for mount in parts[0].run.mounts:
        written = mount.type == "bind" and (mount.option("rw") or mount.option("readwrite"))
        filled = mount.type == "cache" and any(_fills(ran, mount) for ran in parts)
        if mount.type == "tmpfs" or written or filled:
            reason = f"the parts of this RUN share what is in its mount at {mount.target}"
            raise Refused(reason, parts[0].line)


def _fills(ran: Ran, mount: Mount) -> bool:
    """Whether a part may leave something in a mount that the tool does not fill again itself."""
    target, known = mount.target, _caches(ran.whole)
    if target in known and not known[target].payload:
        return False
    if target is None or not isinstance(ran.run.effects, RunEffects):
        return True
    left = ran.run.effects.writes | Paths(trees=frozenset(_caches(ran.run)))
    return left.overlaps(Paths(trees=frozenset({target})))


def check_payloads(
    stages: list[Stage], new: list[tuple[int, Ran, Mount]], listing: Listing
) -> None:
    """Who reads a payload directory later has the mount too."""
    for number, ran, mount in new:
        cache = _caches(ran.whole)[mount.target or ""]
        _not_named(stages, number, ran, mount, cache)
        check_beside(stages, _family(stages, number), ran, mount)
        if not cache.payload:
            continue
        for index in _family(stages, number):
            stage = stages[index]
            for later in stage.runs:
                if index != number or later.at > ran.at:
                    _may_not_read(later, mount, cache)
                    if cache.product and cache.target in _caches(later.whole):
                        reason = f"this RUN puts its own product into {cache.target}"
                        raise Refused(reason, ran.line)
            check_container(stage, _keeper(ran, cache), listing, stage.inlines)
        for stage in stages:
            for taken in stage.taken:
                if taken.stage in _family(stages, number) and _overlaps(taken.path, cache.target):
                    reason = f"{cache.target} is taken from the stage that would only mount it"
                    raise Refused(reason, taken.line)


def _not_named(stages: list[Stage], number: int, ran: Ran, mount: Mount, cache: Cache) -> None:
    """Nobody who lacks the mount takes what the steps before left at its target."""
    target = mount.target or ""
    tree, family = Paths(trees=frozenset({target})), _family(stages, number)
    for index in family:
        for later in stages[index].runs:
            if (index == number and later.at <= ran.at) or _mounts(later, target):
                continue
            known = later.whole.effects
            steps = known.steps if isinstance(known, RunEffects) else ()
            said = cache.payload and any(_says(step, target) for step in steps)
            if said or (isinstance(known, RunEffects) and _named(known.reads).overlaps(tree)):
                raise Refused(f"this RUN reads {target}, but does not mount it", later.line)
    for stage in stages:
        for taken in stage.taken:
            path = taken.path
            if taken.stage in family and path is not None and below(path, target):
                reason = f"{path} is taken from the stage that would only mount it"
                raise Refused(reason, taken.line)


def _says(step: Step, target: str) -> bool:
    """Whether a call that has no cache there names something in it, as a link to it does."""
    if any(cache.target == target for cache in step.effects.caches):
        return False
    return any(below(arg.text, target) for arg in step.call.args)


def _named(paths: Paths) -> Paths:
    """The paths that a step names, without "everything but"."""
    return replace(paths, all_but=None)


def _fits_user(run: Understood, mount: Mount, line: int) -> None:
    account = owners.account(run.scope)
    wanted = (mount.option("uid") or "0", mount.option("gid") or "0")
    if account.uid is None or account.gid is None:
        raise Refused("the numbers of the user in force are not known", line)
    if wanted != (str(account.uid), str(account.gid)):
        raise Refused(f"the mount at {mount.target} does not belong to the user in force", line)


def _nothing_there(target: str, cache: Cache, state: State, earlier: list[Ran], line: int) -> None:
    tree = Paths(trees=frozenset({target}))
    itself = frozenset({target})  # a RUN that makes the folder leaves it empty
    for path, cell in state.cells.items():
        at_it = below(path, target) and not (cell.kind == "dir" and path == target and cell.neutral)
        if at_it or (below(target, path) and cell.kind != "dir"):
            raise Refused(f"{path} is there before the cache mount at {target}", line)
    for event in state.events.values():
        if event.base:
            continue
        opaque = event.writes == EVERYTHING
        # What an earlier step wrote there went into its own mount.
        if opaque and any(r.line == event.line and _mounts(r, target) for r in earlier):
            continue
        if (opaque and cache.payload) or (not opaque and named_overlap(_less(event, itself), tree)):
            raise Refused(f"an earlier step may have put files at {target}", line)
    if cache.payload:
        for ran in earlier:
            if target in _of_all(ran) and not _mounts(ran, target):
                raise Refused(f"an earlier RUN fills {target} in the image itself", line)


def _less(event: Event, files: frozenset[str]) -> Event:
    return event._replace(writes=replace(event.writes, files=event.writes.files - files))


def _may_not_read(later: Ran, mount: Mount, cache: Cache) -> None:
    theirs = [m for m in later.run.mounts if m.type == "cache" and m.target == mount.target]
    if any(other.store == mount.store and other.simple for other in theirs):
        return
    known = _of_all(later)
    if cache.target in known:
        raise Refused(f"this RUN needs {cache.target}, but does not mount it", later.line)
    if later.whole.opaque:
        raise Refused(f"this RUN may need {cache.target}: {later.whole.why_opaque}", later.line)


def _keeper(ran: Ran, cache: Cache) -> Keeper:
    """A cache with those who use it in a RUN."""
    steps = ran.whole.effects.steps if isinstance(ran.whole.effects, RunEffects) else ()
    users = (s for s in steps if any(c.target == cache.target for c in s.effects.caches))
    return Keeper(
        cache.target, frozenset(name for s in users for name in (s.call.name, s.effects.tool))
    )


def _caches(run: Understood) -> dict[str, Cache]:
    if not isinstance(run.effects, RunEffects):
        return {}
    return {cache.target: cache for cache in run.effects.caches}


def _of_all(ran: Ran) -> dict[str, Cache]:
    """The caches of a part and of the RUN it is in: one of them may be understood alone."""
    return {**_caches(ran.run), **_caches(ran.whole)}


def _mounts(ran: Ran, target: str) -> bool:
    return any(m.type == "cache" and m.target == target for m in ran.run.mounts)


def _family(stages: list[Stage], number: int) -> set[int]:
    """A stage and every stage that starts from it, however far."""
    found = {number}
    for index, stage in enumerate(stages):
        if stage.parent in found:
            found.add(index)
    return found


def _overlaps(path: str | None, target: str) -> bool:
    return path is None or below(path, target) or below(target, path)
