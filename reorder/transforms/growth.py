"""What the end of a RUN does for its start, and does only there: clean-ups and package lists."""

from __future__ import annotations

import posixpath
import re

from reorder.ecosystems.paths import Paths, below
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run_caches import Step
from reorder.ecosystems.system import lists
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import Stage, source_stage, sources_of
from reorder.syntax import views
from reorder.syntax.mounts import place

_CHANGING = frozenset("rm rmdir unlink find shred mv chown chgrp chmod".split())
_CLEANING = frozenset(
    "clean autoclean purge --purge prune autoremove del remove uninstall erase rm -delete".split()
)
_TELLING = (_CHANGING | _CLEANING) - {"chmod"}  # where a word is all that is known


def needs_lists(node: Node, first: RunEffects, start: int, script: str) -> bool:
    """Whether a package manager at or after `start` uses lists that the first half has fetched.

    In a RUN of its own it would meet the lists of some earlier day. What is not understood there
    may use lists that the first half has fetched and not used.
    """
    calls = [step.call for step in first.steps]
    if lists.left_by(calls):
        return True
    run = node.understood
    if run is None:
        later = lists.named_in(script[start:])
    else:
        later = lists.used_by(s.call for s in run.steps if s.call.span[0] >= start)
    return bool(later & lists.used_by(calls))


def cleans(step: Step, left: Paths) -> bool:
    """Whether a command changes or removes some of what was left before it."""
    words = [arg.text for arg in step.call.args]
    named = posixpath.basename(step.call.name) in _CHANGING or not _CLEANING.isdisjoint(words)
    return named and step.effects.writes.overlaps(left)


def left_behind(node: Node, first: RunEffects) -> Paths:
    """What the first half of a RUN leaves in the image, caches included that no mount keeps."""
    mounted = [path for mount in views.mounts(node.instruction) if (path := place(mount))]
    caches = [c.target for c in first.caches if not any(below(c.target, m) for m in mounted)]
    return first.writes | Paths(trees=frozenset(caches))


def clean_up(facts: Facts, node: Node, first: RunEffects, start: int, script: str) -> str | None:
    """The command at or after `start` of a RUN that changes or removes what its first half leaves.

    None: there is none, or nobody gets the layers of the stage.
    """
    if not is_shipped(facts, facts.stage_of(node)):
        return None
    run = node.understood
    if run is None:
        words = re.split(r"[\s;&|()]+", script[start:])
        return next((word for word in words if word in _TELLING), None)
    left = left_behind(node, first)
    for step in run.steps:
        if step.call.span[0] >= start and cleans(step, left):
            return " ".join(arg.text for arg in step.call.args)
    return None


def is_shipped(facts: Facts, stage: Stage) -> bool:
    """Whether a stage, or one that starts from it, is the last one or one that no other uses."""
    used = {
        source.index
        for node in facts.nodes.values()
        for value in sources_of(node.instruction)
        if (source := source_stage(value, node.stage, facts.stages)) is not None
    }
    used |= {stage.parent for stage in facts.stages if stage.parent is not None}
    shipped = {s.index for s in facts.stages if s.index not in used} | {len(facts.stages) - 1}
    for later in reversed(facts.stages):
        if later.index in shipped and later.parent is not None:
            shipped.add(later.parent)
    return stage.index in shipped
