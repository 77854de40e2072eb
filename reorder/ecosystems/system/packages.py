"""The effects that every package manager of a distribution has."""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.paths import NOTHING, Paths, below
from reorder.ecosystems.system.script_commands import looked_up_in

# Read by no package, but for the programs in PATH (FHS 3.0, Debian Policy 9.1.2).
_LEFT_ALONE: Final = frozenset({"/home", "/usr/local/bin", "/usr/local/sbin"})


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

    It looks for nothing in the homes of people. Its scripts take programs from PATH by name, so
    also from a folder there that the distribution leaves to the user.
    """
    own_home = image.home is not None and below(image.home, "/home")
    theirs = image.application | (_LEFT_ALONE - {"/home"} if own_home else _LEFT_ALONE)
    for folder in (image.env.get("PATH") or "").split(":"):
        if any(below(folder, tree) for tree in theirs):
            read |= looked_up_in(folder)
    return CommandEffects(
        tool=tool,
        reads=Paths(all_but=theirs) | read,
        writes=image.packages if changes else NOTHING,
        env=env,
        costly=costly,
    )
