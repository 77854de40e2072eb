"""The effects that every package manager of a distribution has."""

from __future__ import annotations

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.paths import NOTHING, Paths, below


def package_effects(
    tool: str,
    image: Image,
    read: Paths,
    env: frozenset[str],
    *,
    changes: bool = True,
    costly: bool = False,
) -> CommandEffects:
    """It reads the system and the named files, and changes what packages own, if anything.

    Its scripts take programs from PATH, so also from an application folder that stands in it.
    """
    folders = (image.env.get("PATH") or "").split(":")
    own = {f for f in folders if any(below(f, tree) for tree in image.application)}
    read |= Paths(trees=frozenset(own))
    return CommandEffects(
        tool=tool,
        reads=image.system | read,
        writes=image.packages if changes else NOTHING,
        env=env,
        costly=costly,
    )
