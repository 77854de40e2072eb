"""corepack: it puts `yarn` and `pnpm` into the PATH, which download the version a project names.

Source: corepack's README and `sources/commands/Enable.ts` (0.20 to 0.36). Where package.json has no
`packageManager`, some versions add it when the tool is used: see `node_install.pin_problem`. The
tool itself is downloaded by the first step that uses it, into COREPACK_HOME or ~/.cache/node.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import CommandEffects, Image
from reorder.shell.nodes import Call, Opaque

NAME: Final = "corepack"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"corepack"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a corepack call does; what it runs for the project is opaque."""
    words = [arg.text for arg in call.args[1:] if not arg.text.startswith("-")]
    tool = words[0].partition("@")[0] if words else ""
    if tool in ("yarn", "yarnpkg", "pnpm", "pnpx", "npm", "npx"):
        return Opaque(f"`corepack {tool}` is not understood, only `{tool}` itself")
    return named_effects(call, image)
