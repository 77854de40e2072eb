"""The folders that a tool makes on the way to its cache, and that are gone where it is mounted.

The runtime makes what is missing above a mount point, as root with mode 0755, and BuildKit takes
away what is empty afterwards (executor/stubs.go `MountStubsCleaner`). Tried with 0.32.2: a folder
goes even if the RUN has made it by `mkdir -p` or given it an owner; one that was there before
stays, and so does one that holds a file; meanwhile `mkdir` fails, and another user cannot write
there. So nobody may look for such a folder, make it, give it an owner, or take it from the stage.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import replace

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import EVERYTHING, Paths, below
from reorder.ecosystems.run import RunEffects
from reorder.equivalence import owners
from reorder.equivalence.mounts import Mount
from reorder.equivalence.program import Refused
from reorder.equivalence.stages import Ran, Stage
from reorder.equivalence.state import State


def check_beside(stages: list[Stage], family: Collection[int], ran: Ran, mount: Mount) -> None:
    """Raises Refused if somebody may miss a folder above a new mount, or find another one.

    `family` are the stage of the RUN and those that start from it, the former first.
    """
    account = owners.account(ran.run.scope)
    folders = frozenset(_missing(mount.target or "", account.home, ran.state))
    if not folders:
        return
    own = min(family)
    _in_the_run(ran, mount, folders)
    for index in family:
        stage = stages[index]
        for later in stage.runs:
            if (index != own or later.at > ran.at) and not _mounts(later, mount):
                _not_used(later, folders)
        for at, into in stage.targets:
            if index == own and at <= ran.at:
                continue
            plain = into.owner == owners.ROOT and not into.mode and not into.link
            for folder in folders:
                if into.path == folder and not into.folder:
                    raise Refused(f"whether {folder} is a folder decides what is copied", into.line)
                if below(into.path, folder) and not (plain and account.uid == 0):
                    raise Refused(f"{folder} would have another owner", into.line)
    for stage in stages:
        for taken in stage.taken:
            if taken.stage in family and taken.path in folders:
                raise Refused(f"{taken.path} is only there without the mount", taken.line)


def _missing(target: str, home: str | None, state: State) -> Iterator[str]:
    """The folders above a target that nothing has surely made before."""
    folder = posixpath.dirname(target)
    while folder not in STANDARD_FOLDERS and not (home and below(home, folder)):
        cell = state.cells.get(folder)
        if (cell is None or cell.kind != "dir") and not _made(folder, state):
            yield folder
        folder = posixpath.dirname(folder)


def _made(folder: str, state: State) -> bool:
    """Whether a step before has put something there, by its name."""
    events = (event for event in state.events.values() if event.writes != EVERYTHING)
    return any(
        below(path, folder)
        for event in events
        for path in (*event.writes.files, *event.writes.trees)
    )


def _in_the_run(ran: Ran, mount: Mount, folders: frozenset[str]) -> None:
    known = ran.whole.effects
    for step in known.steps if isinstance(known, RunEffects) else ():
        if any(cache.target == mount.target for cache in step.effects.caches):
            continue
        folder = _named(step.effects.reads | step.effects.writes, folders)
        if folder is not None:
            reason = f"`{step.call.name}` would find {folder} there, made for the mount below it"
            raise Refused(reason, ran.line)


def _not_used(later: Ran, folders: frozenset[str]) -> None:
    known = later.whole.effects
    if isinstance(known, RunEffects):
        folder = _named(known.reads | known.writes, folders)
        if folder is not None:
            raise Refused(f"this RUN uses {folder}, which the mount leaves out", later.line)


def _named(paths: Paths, folders: frozenset[str]) -> str | None:
    narrow = replace(paths, all_but=None)
    return next((folder for folder in sorted(folders) if narrow.contains(folder)), None)


def _mounts(ran: Ran, mount: Mount) -> bool:
    return any(m.type == "cache" and m.target == mount.target for m in ran.run.mounts)
