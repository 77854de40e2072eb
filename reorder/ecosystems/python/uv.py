"""uv: what a call of it does. Projects are in `uv_sync`, the pip of uv in `uv_pip`.

Tools and Pythons that a call names are understood as `by_name` has them. `uv run`, `uv build`,
`uv add` and their like run or change the project: they are not understood.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.python import uv_pip, uv_sync
from reorder.ecosystems.python.uv_options import read_pip, read_sync, verb
from reorder.shell.nodes import Call, Opaque

NAME: Final = "uv"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"uv"})
JUNK: Final = ("**/.venv",)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of uv does; None for a verb that runs or changes the project."""
    folder = posixpath.dirname(call.name)
    outside = folder and (posixpath.basename(folder) != "bin" or in_application(folder, image))
    if outside and folder != "/":
        return None
    name, at = verb(call)
    if name == "pip":
        return _pip(call, image, at)
    if name == "venv":
        return uv_pip.venv(call, image, at)
    if name in ("sync", "export"):
        given = read_sync(call, at)
        if isinstance(given, Opaque) or given.has("--dry-run", "-h", "--help"):
            return given if isinstance(given, Opaque) else None
        return uv_sync.sync(given, image) if name == "sync" else uv_sync.export(given, image)
    return named_effects(call, image)


def _pip(call: Call, image: Image, at: int) -> CommandEffects | Opaque | None:
    inner = call.args[at].text if at < len(call.args) else ""
    if inner not in ("install", "sync"):
        return named_effects(call, image)
    given = read_pip(call, at + 1)
    return given if isinstance(given, Opaque) else uv_pip.install(given, image, inner)
