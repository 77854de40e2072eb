"""Tools that install packages which are named in the command: gem, rustup, pipx, ….

Those that also install what a project asks for have a module of their own, which comes back to
`named_call` for the packages that a command names.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.by_name.named_table import TOOLS
from reorder.ecosystems.contract import CommandEffects, Image
from reorder.shell.nodes import Call, Opaque

NAME: Final = "packages by name"
LEVEL: Final = 1
_OWN_MODULE: Final[frozenset[str]] = frozenset(
    "cargo composer conda corepack mamba micromamba pnpm uv yarn".split()
)
COMMANDS: Final = frozenset(name for name in TOOLS if " " not in name) - _OWN_MODULE
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these tools does; None for a verb that works on the project."""
    return named_effects(call, image)
