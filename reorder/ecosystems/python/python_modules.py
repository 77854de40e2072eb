"""Installers that are run as a module: `python -m pipenv install`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.python.python_env import shadows
from reorder.shell.nodes import Call, Opaque

# The command that does what the module does. `pip` and `venv` are the Python module's own.
_COMMANDS: Final = {
    "build": "pyproject-build",
    "flit": "flit",
    "hatch": "hatch",
    "pdm": "pdm",
    "pipenv": "pipenv",
    "poetry": "poetry",
    "uv": "uv",
}


def as_command(call: Call) -> Call | None:
    """The call of the tool that a `python -m` stands for; None for any other."""
    words = [arg.text if arg.kind == "literal" else "" for arg in call.args]
    if words[1:2] != ["-m"]:
        return None
    if words[2:4] in (["piptools", "sync"], ["piptools", "compile"]):
        named = replace(call.args[3], text=f"pip-{words[3]}")
        return replace(call, args=(named, *call.args[4:]))
    name = _COMMANDS.get(words[2]) if len(words) > 2 else None
    if name is None:
        return None
    return replace(call, args=(replace(call.args[2], text=name), *call.args[3:]))


def run_as_module(
    call: Call, image: Image, found: CommandEffects | Opaque | None
) -> CommandEffects | Opaque | None:
    """What it does when it is run so: the working folder stands first on the module path.

    No step is put before it: that would be in other words than the author's.
    """
    if not isinstance(found, CommandEffects):
        return found
    hidden = shadows(call, image, module_run=True)
    if hidden:
        return Opaque(f"{hidden[0]} stands in the way of a module that the tool imports")
    return replace(found, prefetch=None, reads=found.reads | Paths(files=frozenset(hidden)))
