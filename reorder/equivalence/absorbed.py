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
from reorder.equivalence.state import Members, State
from reorder.shell.calls import calls
from reorder.shell.nodes import Call, Opaque


def declares(run: Understood, added: Understood) -> Step | None:
    """The call of a RUN that completes an added one, as it says itself; None: there is none."""
    if not isinstance(run.effects, RunEffects):
        return None
    single = _single(added)
    if single is None or added.shell is None:
        return None
    for step in run.effects.steps:
        prefetch = step.effects.prefetch
        if (
            prefetch is None
            or not prefetch.absorbed
            or prefetch.refusal
            or prefetch.install.refusal
        ):
            if step.effects.barrier is not None:
                return None  # who knows what it does to the half-done work
            continue
        wanted = _script(prefetch.command, step.call)
        same = wanted and wanted == _script(added.shell, step.call)
        if same and single.call.cwd == step.call.cwd:
            return step
        if step.effects.barrier is not None:
            return None
    return None


def check(added: Ran, stage: Stage, listing: Listing, parts: list[Ran]) -> None:
    """Raises Refused unless a later step of the stage completes the added one, unseen by others.

    `parts` were added too: parts of a build that a later step completes (`partial`).
    """
    effects = added.run.effects
    assert isinstance(effects, RunEffects)
    at = next(at for at, ran in enumerate(stage.runs) if ran is added)
    for later in stage.runs[at + 1 :]:
        if any(later is part for part in parts):
            continue
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


def repeats(run: Understood, state: State, stage: Stage, added: frozenset[int]) -> bool:
    """Whether a part only makes settings that an earlier one of the stage has left as they are.

    `added` are the positions of RUNs that have a part which was added: those need the settings too.
    """
    if run.opaque or not isinstance(run.effects, RunEffects) or not run.effects.steps:
        return False
    if not all(step.effects.repeatable or step.call.name == "cd" for step in run.effects.steps):
        return False
    narrow = replace(run.effects.writes, all_but=None)
    for earlier in stage.runs:
        if earlier.run.identity != run.identity or _place(earlier.run) != _place(run):
            continue
        if earlier.at not in added:
            continue
        since = [e for id, e in state.events.items() if id not in earlier.state.events]
        if sum(replace(e.writes, all_but=None).overlaps(narrow) for e in since) <= 1:
            return True  # the earlier one itself
    return False


def _script(text: str, author: Call) -> list[object]:
    """What a shell text does after its `cd`s, seen from the author's call; empty: not known."""
    found = calls(text, author.cwd, author.env)
    if isinstance(found, Opaque):
        return []
    return [
        (
            [(arg.kind, arg.text) for arg in call.args],
            [(redirect.op, redirect.target.text) for redirect in call.redirects],
            call.cwd,
            call.always,
            call.env,
        )
        for call in found
        if call.name != "cd"
    ]


def _unseen(later: Ran, half_done: Paths, last: Step | None) -> None:
    """No command before the one that completes the work looks at it."""
    if not isinstance(later.run.effects, RunEffects) or (later.run.opaque and last is None):
        raise Refused(f"this RUN may see half the install: {later.run.why_opaque}", later.line)
    for step in later.run.effects.steps:
        if step is last:
            return
        if step.effects.repeatable:
            continue  # it looks at nothing but its own settings
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
    prefetch = last.effects.prefetch
    seen = effects.reads.outside(frozenset(prefetch.despite if prefetch is not None else ()))
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
