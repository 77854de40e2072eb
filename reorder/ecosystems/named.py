"""The paths that a RUN names, for which a listing of the build context is not enough.

The listing tells what is in a checkout, not what is not there: a copy of a folder, or of a pattern,
brings what a build left behind elsewhere (`dist/`, `target/*.jar`). Only what an install reads and
fills is taken from the listing, with the tests and reads that stand around it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.run_caches import Step

_BUILT: Final = (".whl", ".tar.gz", ".tgz", ".zip", ".deb", ".rpm", ".apk", ".jar", ".gem")


def named_paths(run: RunEffects) -> Paths:
    """What its commands read, need or write by name; of installs, patterns of built packages."""
    installs = bool(run.installs)
    found = NOTHING
    for step in run.steps:
        reads = replace(step.effects.reads, all_but=None)
        writes = replace(step.effects.writes, all_but=None)
        patterns = Paths(globs=reads.globs) if _has_pattern(step) else NOTHING
        if step.effects.install is not None or (installs and not writes):
            built = frozenset(p for p in patterns.globs if p.endswith(_BUILT))
            found |= Paths(globs=built)
        else:
            # Where a tool looks by itself is no pattern of the author's.
            found |= replace(reads, globs=frozenset()) | patterns | writes
    return found


def _has_pattern(step: Step) -> bool:
    return any(arg.kind == "glob" for arg in step.call.args)
