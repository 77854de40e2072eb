"""What BuildKit rejects in the flags of a RUN before it knows any variable.

Facts: BuildKit frontend/dockerfile/instructions/commands_runmount.go, commands_rundevice.go,
commands_runnetwork.go, commands_runsecurity.go.
"""

from __future__ import annotations

from reorder.syntax.csvfields import CsvError, fields
from reorder.syntax.nodes import Instruction


def run_flags(instruction: Instruction) -> str | None:
    """Why BuildKit rejects the values of known flags, or None."""
    for flag in instruction.flags:
        value = flag.value or ""
        try:
            if flag.name == "mount":
                _mount(value)
            elif flag.name == "device":
                _device(value)
        except (CsvError, _Rejected) as error:
            return f"--{flag.name}: {error}"
        if flag.name == "network" and value not in ("default", "none", "host"):
            return f"invalid network mode {value!r}"
        if flag.name == "security" and value not in ("insecure", "sandbox"):
            return f"security {value!r} is not valid"
    return None


class _Rejected(ValueError):
    """A field of a flag that BuildKit rejects."""


def _mount(value: str) -> None:
    for field in fields(value):
        name, _, source = field.partition("=")
        if name.lower() == "from" and "$" in source[:-1]:
            raise _Rejected("'from' doesn't support variable expansion, define a stage instead")


def _device(value: str) -> None:
    device = ""
    for field in fields(value):
        name, equals, content = field.partition("=")
        name = name.lower()
        if name == "required" and equals:
            if content not in _GO_BOOLEANS:
                raise _Rejected(f"invalid value for required: {content}")
        elif name == "name" and equals:
            if device:
                raise _Rejected(f"device name already set to {device}")
            device = content
        elif name != "required":
            if device:
                raise _Rejected(f"unexpected {field!r}")
            device = field


# strconv.ParseBool
_GO_BOOLEANS = frozenset("1 t T TRUE true True 0 f F FALSE false False".split())
