"""In which order modules are copied and built, and after which of them a build step pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reorder.context.history import History
from reorder.ecosystems.contract import Module
from reorder.ecosystems.paths import below

# A build tool starts, reads its manifests and finds everything up to date (measured: Maven 3.9.9,
# three modules: 1.8 s of its own, 3 s with the start of Java).
OVERHEAD: Final = 3.0


@dataclass(frozen=True, slots=True)
class Weight:
    """What is known of one module: how much there is to build, and in which commits it changed."""

    share: float  # of the whole build
    changes: int  # mask of commits


def ordered(modules: Sequence[Module], changes: Mapping[str, int]) -> tuple[Module, ...] | None:
    """Modules after those they need, else the one that changed in fewer commits first.

    None: they need each other in a circle.
    """
    left = list(modules)
    found: list[Module] = []
    while left:
        missing = {module.folder for module in left}
        ready = [module for module in left if not missing & set(module.needs)]
        if not ready:
            return None
        least = min(ready, key=lambda module: changes.get(module.folder, 0).bit_count())
        found.append(least)
        left.remove(least)
    return tuple(found)


def changes_of(history: History | None, folders: Mapping[str, str]) -> dict[str, int]:
    """For each module's folder (image path, with its context path) the commits that changed it."""
    masks: dict[str, int] = {}
    inner = sorted(folders.items(), key=lambda pair: -len(pair[1]))
    for path, mask in (history.paths if history is not None else {}).items():
        owner = next((image for image, own in inner if below(path, own)), None)
        if owner is not None:
            masks[owner] = masks.get(owner, 0) | mask
    return masks


def cuts(
    weights: Sequence[Weight],
    able: Sequence[bool],
    shared: int,
    commits: int,
    seconds: float,
    least: float,
) -> tuple[int, ...]:
    """After how many modules a build step of its own stands, each time.

    The last step builds the rest, in any case. A step runs again when something above it is new:
    `shared` are the commits in which everything is. `able` says of each module whether it may be
    built before the rest. () where less than `least` seconds are saved for each rebuild.
    """
    count = len(weights)
    above = [shared]
    for weight in weights:
        above.append(above[-1] | weight.changes)
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for end in range(1, count + 1):
        found: list[tuple[float, tuple[int, ...]]] = []
        for start in range(end):
            if start and not all(able[:start]):
                break
            if end < count and not all(able[:end]):
                continue
            share = sum(weight.share for weight in weights[start:end])
            runs = above[end].bit_count() / commits
            before, places = best[start]
            cost = before + runs * (OVERHEAD + share * seconds)
            found.append((cost, (*places, start) if start else places))
        best.append(min(found) if found else (float("inf"), ()))
    whole = above[count].bit_count() / commits * (OVERHEAD + seconds)
    return best[count][1] if whole - best[count][0] >= least else ()
