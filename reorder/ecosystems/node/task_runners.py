"""lerna, nx and turbo: they run what the project says, so that nothing is moved across them.

Source: the documentation of Lerna 8, Nx 20 and Turborepo 2. `lerna bootstrap` installs in every
package, with npm or Yarn, and is gone since Lerna 7. `turbo prune` copies the part of a workspace
that one member needs, sources included, for another stage to install from.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.shell.nodes import Call, Opaque

NAME: Final = "lerna, nx, turbo"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"lerna", "nx", "turbo"})
JUNK: Final = ("**/.turbo", "**/.nx/cache")


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """A version query, or the reason why the command may do anything."""
    name = posixpath.basename(call.name)
    words = [arg.text for arg in call.args[1:] if not arg.text.startswith("-")]
    if not words and any(arg.text in ("--version", "-v") for arg in call.args[1:]):
        return CommandEffects(name, image.system)
    verb = words[0] if words else ""
    if (name, verb) == ("lerna", "bootstrap"):
        return Opaque("`lerna bootstrap` installs in every package, and runs their scripts")
    if (name, verb) == ("turbo", "prune"):
        return Opaque("`turbo prune` copies the source of one member and of all that it needs")
    return Opaque(f"`{f'{name} {verb}'.rstrip()}` runs tasks of the project")
