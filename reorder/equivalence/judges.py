"""How the parts of the RUNs of two programs are matched, and what the second may have on top."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from reorder.ecosystems.run import RunEffects
from reorder.equivalence import absorbed, caches, partial
from reorder.equivalence.folders import chain
from reorder.equivalence.listing import Listing
from reorder.equivalence.machine import Verdict, only_fills_caches
from reorder.equivalence.mounts import Mount
from reorder.equivalence.program import Refused
from reorder.equivalence.runs import Understood, reads
from reorder.equivalence.stages import Ran, Stage


def cache_mounts(run: Understood) -> tuple[Mount, ...]:
    """The cache mounts of a RUN."""
    return tuple(mount for mount in run.mounts if mount.type == "cache")


@dataclass(frozen=True, slots=True)
class Before:
    """Takes the first program as it is. `completed`: lines of installs that may read more."""

    completed: frozenset[int]

    def judge(self, ran: Ran, stage: Stage, number: int) -> Verdict:
        """Everything counts."""
        completed = ran.line in self.completed and not ran.run.opaque
        return Verdict(cache_mounts(ran.run), completed=completed)


# Not frozen: it remembers which parts of the first program were met, and by what.
@dataclass(slots=True)
class After:
    """Matches each part of the second program with the next equal one of the same stage."""

    before: list[Stage]
    listing: Listing
    completed: frozenset[int]
    unsafe: bool = False  # a part of a build may be done before it
    met: dict[tuple[int, int, int], Ran] = field(default_factory=dict)  # stage, RUN, part
    new: list[tuple[int, int, Mount]] = field(default_factory=list)  # stage, number of RUN, mount
    widened: list[tuple[int, Ran, frozenset[str], int]] = field(default_factory=list)
    absorbed: list[tuple[int, Ran]] = field(default_factory=list)  # parts a later one completes
    seen: dict[int, Stage] = field(default_factory=dict)  # the stages so far, by their number
    partial: list[tuple[int, Ran]] = field(default_factory=list)  # parts of a later build

    def judge(self, ran: Ran, stage: Stage, number: int) -> Verdict:
        """Raises Refused for a part or a mount that the first program gives no reason for."""
        run = ran.run
        self.seen[number] = stage
        old = self._match(run, number)
        known = cache_mounts(old.run) if old is not None else ()
        kept = tuple(mount for mount in cache_mounts(run) if mount in known)
        if len(kept) != len(known):
            raise Refused("a cache mount of this RUN is gone or altered", run.step.line)
        for mount in cache_mounts(run):
            if mount not in kept:
                self._new(ran, mount, stage, number)
        if old is None and self.unsafe and partial.is_part_of_a_build(run):
            self.partial.append((number, ran))
            return Verdict(kept, counts=False)
        if old is None:
            added = frozenset(part.at for where, part in self.absorbed if where == number)
            if absorbed.repeats(run, ran.state, stage, added):
                return Verdict(kept, counts=False)
            _check_added(run, stage)
            if not only_fills_caches(run):
                self.absorbed.append((number, ran))
            return Verdict(kept, counts=False)
        self.met[number, old.at, old.part] = ran
        caches.check_words(old, ran)
        if only_fills_caches(old.run):
            _check_complete(run)
        if old.line not in self.completed or (old.run.opaque and run.opaque):
            return Verdict(kept)
        self._widen(old, ran, number, len(stage.runs))
        return Verdict(kept, completed=True)

    def finish(self, after: list[Stage]) -> None:
        """What can only be judged once every stage has run. Raises Refused."""
        for number, stage in enumerate(self.before):
            for ran in stage.runs:
                if (number, ran.at, ran.part) not in self.met:
                    raise Refused(f"the RUN of line {ran.line} is gone", stage.line)
            self._check_cuts(number, stage)
        for number, ran, seen, place in self.widened:
            # A step that is not understood forgets the files: what it saw counts too.
            states = [later.state for later in after[number].runs[place + 1 :]]
            for entry in seen:
                path, _, value = entry.partition("\0")
                found = [state.cells.get(path) for state in (*states, after[number].state)]
                if not any(cell and (cell.value == value or cell.kind == "dir") for cell in found):
                    raise Refused(f"nothing below brings {path} to the image", ran.line)
        parts = [ran for _, ran in self.partial]
        for number, ran in self.absorbed:
            absorbed.check(ran, after[number], self.listing, parts)
        for number, ran in self.partial:
            partial.check(ran, after[number], parts)
        new = [(number, after[number].runs[count], mount) for number, count, mount in self.new]
        caches.check_payloads(after, new, self.listing)

    def completing(self, stages: int) -> frozenset[tuple[int, str]]:
        """Files that only a list of manifests brings, by the number of their stage.

        With `unsafe` an install may be completed in a stage that nobody ships.
        """
        files = (
            (number, entry.partition("\0")[0])
            for number, _, seen, _ in self.widened
            for entry in seen
            if self.unsafe and number < stages - 1
        )
        return frozenset((n, above) for n, path in files for above in (path, *chain(path)))

    def _match(self, run: Understood, number: int) -> Ran | None:
        if number >= len(self.before):
            raise Refused("there are more stages than before", run.step.line)
        equal = [
            ran
            for ran in self.before[number].runs
            if (number, ran.at, ran.part) not in self.met and ran.run.identity == run.identity
        ]
        mounted = cache_mounts(run)
        return next(
            (ran for ran in equal if cache_mounts(ran.run) == mounted), next(iter(equal), None)
        )

    def _new(self, ran: Ran, mount: Mount, stage: Stage, number: int) -> None:
        """A mount that a part did not have; judged once for all the parts of its RUN."""
        for known, index, other in self.new:
            same = index < len(stage.runs) and stage.runs[index].at == ran.at
            if known == number and other == mount and same:
                return
        caches.check_new(ran.whole, mount, ran.start, self._so_far(stage))
        self.new.append((number, len(stage.runs), mount))

    def _so_far(self, stage: Stage) -> list[Ran]:
        """What has run in a stage and in those it starts from."""
        found = list(stage.runs)
        parent = stage.parent
        while parent is not None and parent in self.seen:
            found += self.seen[parent].runs
            parent = self.seen[parent].parent
        return found

    def _check_cuts(self, number: int, stage: Stage) -> None:
        """Two parts of one RUN that are in two now."""
        for ran, following in pairwise(stage.runs):
            now = self.met[number, ran.at, ran.part]
            later = self.met[number, following.at, following.part]
            if ran.at == following.at and now.at != later.at:
                parts = [r for r in stage.runs if r.at == ran.at and r.part <= ran.part]
                caches.check_cut(parts)

    def _widen(self, old: Ran, ran: Ran, number: int, place: int) -> None:
        run, state = ran.run, ran.state
        line = run.step.line
        if run.opaque or old.run.opaque:
            raise Refused(f"it is not known what this RUN reads: {run.why_opaque}", line)
        assert isinstance(run.effects, RunEffects)
        assert isinstance(old.run.effects, RunEffects)
        _check_complete(run)
        was = frozenset(reads(old.state, old.run.effects.reads))
        now = frozenset(reads(state, run.effects.reads))
        # Where files were missing it was not known what it reads: it may have been anything.
        if not was <= now | frozenset(reads(state, old.run.effects.reads)):
            raise Refused("the install does not see everything it saw before", line)
        self.widened.append((number, old, now - was, place))


def _check_added(run: Understood, stage: Stage) -> None:
    """A step that is not in the first program has to work.

    It may only fill caches; where it does more, `absorbed` asks who completes it.
    """
    line = run.step.line
    if run.opaque:
        raise Refused(f"a RUN that was not there before: {run.why_opaque}", line)
    assert isinstance(run.effects, RunEffects)
    _check_complete(run)
    if not run.effects.installs:
        raise Refused("a RUN that was not there before", line)
    if any(ran.run.identity == run.identity for ran in stage.runs):
        raise Refused("the same step is there twice", line)


def _check_complete(run: Understood) -> None:
    assert isinstance(run.effects, RunEffects)
    for step in run.effects.steps:
        install = step.effects.install
        if install is not None and install.refusal is not None:
            raise Refused(install.refusal, run.step.line)
