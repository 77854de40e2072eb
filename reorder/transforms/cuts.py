"""Where a RUN may be cut: behind what downloads or compiles."""

from __future__ import annotations

from dataclasses import dataclass

from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.run import RunEffects, run_effects
from reorder.graph.facts import Node
from reorder.shell.chain import Link
from reorder.shell.nodes import Opaque
from reorder.transforms.growth import cleans, left_behind


@dataclass(frozen=True, slots=True)
class Cut:
    """A link that a cut may follow, and what runs up to it."""

    at: int
    first: RunEffects
    cleaned: bool  # the link is a clean-up


def cuts(node: Node, script: str, links: tuple[Link, ...]) -> list[Cut]:
    """The cuts behind what downloads or compiles, and behind clean-ups that follow it directly."""
    found: list[Cut] = []
    known, left = 0, NOTHING
    for at, link in enumerate(links):
        assert node.image is not None
        effects = run_effects(script[: link.span[1]], node.image)
        if isinstance(effects, Opaque) or effects.barrier is not None:
            break
        new = effects.steps[known:]
        known = len(effects.steps)
        if any(step.effects.costly for step in new):
            found.append(Cut(at, effects, cleaned=False))
            left = left_behind(node, effects)
        elif left and new and all(cleans(step, left) for step in new):
            found.append(Cut(at, effects, cleaned=True))
        else:
            left = NOTHING
    return found
