"""The paths that a RUN names, for which a listing of the build context is not enough.

The listing tells what is in a checkout, not what is not there: a copy of a folder, or of a pattern,
brings what a build left behind elsewhere (`dist/`, `target/*.jar`). Only what an install reads and
fills is taken from the listing, with the tests and reads that stand around it.
"""

from __future__ import annotations

from dataclasses import replace

from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.run import RunEffects


def named_paths(run: RunEffects) -> Paths:
    """What its commands read, need or write by name; installs left aside."""
    installs = bool(run.installs)
    found = NOTHING
    for step in run.steps:
        writes = replace(step.effects.writes, all_but=None)
        if step.effects.install is not None or (installs and not writes):
            continue
        reads = replace(step.effects.reads, all_but=None)
        if not any(arg.kind == "glob" for arg in step.call.args):
            reads = replace(reads, globs=frozenset())  # where a tool looks by itself
        found |= reads | writes
    return found
