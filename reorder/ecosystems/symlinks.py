"""Where commands of a RUN make symbolic links: what goes through one ends somewhere else."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.run import RunEffects


def links_made(run: RunEffects) -> Paths:
    """The places at or below which `ln` calls make their links."""
    found = NOTHING
    for step in run.steps:
        if posixpath.basename(step.call.name) == "ln":
            found |= step.effects.writes
    return found


def goes_through(links: Paths, *used: Paths) -> bool:
    """Whether some path may be a link or lie behind one; what only the system uses does not."""
    return bool(links) and any(replace(one, all_but=None).overlaps(links) for one in used)
