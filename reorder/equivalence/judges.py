"""How the RUNs of the two programs are matched, and what the second may have on top."""

from __future__ import annotations

from dataclasses import dataclass, field

from reorder.ecosystems.run import RunEffects
from reorder.equivalence import caches
from reorder.equivalence.listing import Listing
from reorder.equivalence.machine import Verdict, only_fills_caches
from reorder.equivalence.mounts import Mount
from reorder.equivalence.program import Refused
from reorder.equivalence.runs import Understood, reads
from reorder.equivalence.stages import Ran, Stage
from reorder.equivalence.state import State


def cache_mounts(run: Understood) -> tuple[Mount, ...]:
    """The cache mounts of a RUN."""
    return tuple(mount for mount in run.mounts if mount.type == "cache")


@dataclass(frozen=True, slots=True)
class Before:
    """Takes the first program as it is. `completed`: lines of installs that may read more."""

    completed: frozenset[int]

    def judge(self, run: Understood, state: State, stage: Stage, number: int) -> Verdict:
        """Everything counts."""
        completed = run.step.line in self.completed and not run.opaque
        return Verdict(cache_mounts(run), completed=completed)


# Not frozen: it remembers which RUN of the first program was met.
@dataclass(slots=True)
class After:
    """Matches each RUN of the second program with the next equal one of the same stage."""

    before: list[Stage]
    listing: Listing
    completed: frozenset[int]
    met: set[tuple[int, int]] = field(default_factory=set)  # stage and position of the first's
    new: list[tuple[int, int, Mount]] = field(default_factory=list)  # stage, number of RUN, mount
    widened: list[tuple[int, Ran, frozenset[str]]] = field(default_factory=list)

    def judge(self, run: Understood, state: State, stage: Stage, number: int) -> Verdict:
        """Raises Refused for a RUN or a mount that the first program gives no reason for."""
        old = self._match(run, number)
        known = cache_mounts(old.run) if old is not None else ()
        kept = tuple(mount for mount in cache_mounts(run) if mount in known)
        if len(kept) != len(known):
            raise Refused("a cache mount of this RUN is gone or altered", run.step.line)
        for mount in cache_mounts(run):
            if mount not in kept:
                caches.check_new(run, mount, state, stage)
                self.new.append((number, len(stage.runs), mount))
        if old is None:
            _check_added(run, stage)
            return Verdict(kept, counts=False)
        self.met.add((number, old.at))
        caches.check_words(old.run, run)
        if only_fills_caches(old.run):
            _check_complete(run)
        if old.line not in self.completed or (old.run.opaque and run.opaque):
            return Verdict(kept)
        self._widen(old, run, state, number)
        return Verdict(kept, completed=True)

    def finish(self, after: list[Stage]) -> None:
        """What can only be judged once every stage has run. Raises Refused."""
        for number, stage in enumerate(self.before):
            for ran in stage.runs:
                if (number, ran.at) not in self.met:
                    raise Refused(f"the RUN of line {ran.line} is gone", stage.line)
        for number, ran, seen in self.widened:
            cells = after[number].state.cells
            for entry in seen:
                path, _, value = entry.partition("\0")
                there = cells.get(path)
                if there is None or (there.value != value and there.kind != "dir"):
                    raise Refused(f"nothing below brings {path} to the image", ran.line)
        new = [(number, after[number].runs[count], mount) for number, count, mount in self.new]
        caches.check_payloads(after, new, self.listing)

    def _match(self, run: Understood, number: int) -> Ran | None:
        if number >= len(self.before):
            raise Refused("there are more stages than before", run.step.line)
        for ran in self.before[number].runs:
            if (number, ran.at) not in self.met and ran.run.identity == run.identity:
                return ran
        return None

    def _widen(self, old: Ran, run: Understood, state: State, number: int) -> None:
        line = run.step.line
        if run.opaque or old.run.opaque:
            raise Refused(f"it is not known what this RUN reads: {run.why_opaque}", line)
        assert isinstance(run.effects, RunEffects)
        assert isinstance(old.run.effects, RunEffects)
        _check_complete(run)
        was = frozenset(reads(old.state, old.run.effects.reads))
        now = frozenset(reads(state, run.effects.reads))
        if not was <= now:
            raise Refused("the install does not see everything it saw before", line)
        self.widened.append((number, old, now - was))


def _check_added(run: Understood, stage: Stage) -> None:
    """A step that is not in the first program may only fill caches, and has to work."""
    line = run.step.line
    if run.opaque:
        raise Refused(f"a RUN that was not there before: {run.why_opaque}", line)
    assert isinstance(run.effects, RunEffects)
    _check_complete(run)
    if run.effects.writes or not only_fills_caches(run):
        raise Refused("a RUN that was not there before", line)
    if any(ran.run.identity == run.identity for ran in stage.runs):
        raise Refused("the same step is there twice", line)


def _check_complete(run: Understood) -> None:
    assert isinstance(run.effects, RunEffects)
    for step in run.effects.steps:
        install = step.effects.install
        if install is not None and install.refusal is not None:
            raise Refused(install.refusal, run.step.line)
