"""The end of a proof: what two runs of the machine left, stage by stage."""

from __future__ import annotations

from reorder.equivalence.imageconfig import summary
from reorder.equivalence.program import Refused
from reorder.equivalence.stages import Stage
from reorder.equivalence.state import State


def compare(
    before: list[Stage], after: list[Stage], new: frozenset[tuple[int, str]] = frozenset()
) -> None:
    """Raises Refused with the first difference, and the line in the second text where it shows.

    `new` are paths, by the number of their stage, that only the second may have.
    """
    if [stage.name for stage in before] != [stage.name for stage in after]:
        raise Refused("the stages are not the same", after[0].line)
    for number, (old, now) in enumerate(zip(before, after, strict=True)):
        _config(old, now)
        added = frozenset(path for stage, path in new if stage == number)
        _files(old.state, now.state, now.line, added)


def _config(old: Stage, new: Stage) -> None:
    was, now = summary(old.config, old.scope), summary(new.config, new.scope)
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            raise Refused(f"{name} would not be the same", new.line)


def _files(old: State, new: State, line: int, added: frozenset[str]) -> None:
    for path, cell in sorted(new.cells.items()):
        was = old.cells.get(path)
        if was is None and path in added:
            continue
        if was is None:
            raise Refused(f"{path} would be new in the image", cell.line)
        if was.value != cell.value:
            raise Refused(f"{path} would not be the same", cell.line)
    for path in sorted(old.cells.keys() - new.cells.keys()):
        raise Refused(f"{path} would be missing from the image", line)
    for id, event in new.events.items():
        if id not in old.events:
            raise Refused("this step would see another state, or have another effect", event.line)
    if old.events.keys() - new.events.keys():
        raise Refused("a step is missing, or has another effect", line)
    if old.opens != new.opens:
        raise Refused("a copy of a folder is missing, or goes elsewhere", line)
    if old.checks != new.checks:
        raise Refused("a step that only looks at the image would see another state", line)
