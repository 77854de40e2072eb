"""A step that was added before a command which completes it, and gives what it gives alone.

The command itself declares the step (`Prefetch.absorbed`). The image is the same where the command
follows in the same stage, sees all that the step saw, and nobody looks at the half-done work.
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from reorder.ecosystems.paths import Paths
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run_caches import Step
from reorder.equivalence.listing import Listing
from reorder.equivalence.program import Refused
from reorder.equivalence.runs import Understood, opened, reads
from reorder.equivalence.stages import Ran, Stage
from reorder.equivalence.state import Members
from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque


def declares(run: Understood, added: Understood) -> Step | None:
    """The call of a RUN that completes an added one, as it says itself; None: there is none."""
    if run.opaque or not isinstance(run.effects, RunEffects):
        return None
    single = _single(added)
    if single is None:
        return None
    for step in run.effects.steps:
        prefetch = step.effects.prefetch
        if (
            prefetch is None
            or not prefetch.absorbed
            or prefetch.refusal
            or prefetch.install.refusal
        ):
            continue
        wanted = calls(prefetch.command, step.call.cwd, step.call.env)
        if isinstance(wanted, Opaque) or len(wanted) != 1:
            continue
        if _words(wanted[0]) == _words(single.call) and single.call.cwd == step.call.cwd:
            return step
    return None


def check(added: Ran, stage: Stage, listing: Listing) -> None:
    """Raises Refused unless a later step of the stage completes the added one, unseen by others."""
    effects = added.run.effects
    assert isinstance(effects, RunEffects)
    at = next(at for at, ran in enumerate(stage.runs) if ran is added)
    for later in stage.runs[at + 1 :]:
        last = declares(later.run, added.run)
        _unseen(later, effects.writes, last)
        if last is not None:
            _as_before(added, later, effects, last)
            if opened(added.run, added.state, listing) != opened(added.run, later.state, listing):
                raise Refused("a copy between may bring what the added step looks for", added.line)
            return
    raise Refused("a RUN that was not there before", added.line)


def _single(run: Understood) -> Step | None:
    """The one call that is more than `cd`."""
    if not isinstance(run.effects, RunEffects):
        return None
    rest = [step for step in run.effects.steps if step.call.name != "cd"]
    return rest[0] if len(rest) == 1 else None


def _words(call: Call) -> list[tuple[str, str]]:
    return [(arg.kind, arg.text) for arg in call.args]


def _unseen(later: Ran, half_done: Paths, last: Step | None) -> None:
    """No command before the one that completes the work looks at it."""
    if later.run.opaque or not isinstance(later.run.effects, RunEffects):
        raise Refused(f"this RUN may see half the install: {later.run.why_opaque}", later.line)
    for step in later.run.effects.steps:
        if step is last:
            return
        if (step.effects.reads | step.effects.writes).overlaps(half_done):
            raise Refused(f"`{step.call.name}` would see half the install", later.line)


def _as_before(added: Ran, later: Ran, effects: RunEffects, last: Step) -> None:
    """The command sees what the step saw, as it saw it, and writes all that the step wrote."""
    line = added.line
    written = effects.writes
    whole = later.run.effects
    assert isinstance(whole, RunEffects)
    narrow = replace(written, all_but=None)
    wide = [*narrow.files, *narrow.trees, *narrow.globs]
    if any(not last.effects.writes.contains(path) for path in wide):
        raise Refused("the added step writes what the later one does not", line)
    if written.all_but is not None and written.all_but != last.effects.writes.all_but:
        raise Refused("the added step writes what the later one does not", line)
    seen = effects.reads
    if reads(added.state, seen) != reads(later.state, seen):
        raise Refused("what the added step reads is changed before it is completed", line)
    member = Members(written)
    for path, cell in later.state.cells.items():
        was = added.state.cells.get(path)
        if member.has(path, cell) and (was is None or was.value != cell.value):
            raise Refused(f"{path} is copied over half the install", cell.line)
    for id, event in later.state.events.items():
        if id not in added.state.events and event.writes.overlaps(seen | written):
            raise Refused("a step between may change what the added step reads", event.line)
    single = _single(added.run)
    assert single is not None
    for name in single.call.env.keys() | last.call.env.keys():
        if _counts(effects.env, name) and single.call.env.get(name) != last.call.env.get(name):
            raise Refused(f"{name} is not the same for the added step", line)
    if _place(added.run) != _place(later.run):
        raise Refused("the added step runs as somebody else, or with other mounts", line)


def _counts(names: frozenset[str] | None, name: str) -> bool:
    return names is None or any(fnmatchcase(name, pattern) for pattern in names)


def _place(run: Understood) -> tuple[str, ...]:
    scope = run.scope
    flags = sorted(f"{key}={value}" for key, value in run.step.flags if key != "mount")
    mounts = [repr(mount.options) for mount in run.mounts if mount.type != "cache"]
    return (scope.user.sym, *scope.shell, *flags, *mounts)
