"""The `--mount` flags of a RUN.

Facts: BuildKit frontend/dockerfile/instructions/commands_runmount.go (`parseMount`).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace

from reorder.syntax.csvfields import CsvError, fields
from reorder.syntax.nodes import Instruction

TYPES = frozenset({"bind", "cache", "tmpfs", "secret", "ssh"})
SHARING = frozenset({"shared", "private", "locked"})

_NAMES = {
    "from": "from_",
    "source": "source",
    "src": "source",
    "target": "target",
    "dst": "target",
    "destination": "target",
    "id": "id",
    "sharing": "sharing",
    "uid": "uid",
    "gid": "gid",
    "mode": "mode",
    "size": "size",
    "env": "env",
}
_ACCESS = frozenset({"readonly", "ro", "readwrite", "rw"})
_TRUE = frozenset("1 t T TRUE true True".split())
_FALSE = frozenset("0 f F FALSE false False".split())


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount. Texts are as written: the builder expands them all but `from_`.

    None stands for an option that is absent; the builder's default for `id` is the cleaned target,
    for `sharing` "shared", for the owner root and for `mode` 0755. `problem` is why the options are
    rejected or cannot be told without the value of a variable; the other fields are then a guess.
    """

    raw: str
    type: str = "bind"
    target: str | None = None
    source: str | None = None
    from_: str | None = None
    id: str | None = None
    sharing: str | None = None
    uid: str | None = None
    gid: str | None = None
    mode: str | None = None
    size: str | None = None
    env: str | None = None
    readonly: bool = False
    required: bool = False
    problem: str | None = None


def place(found: Mount) -> str | None:
    """The target of a mount without a slash at its end, as far as it is written out."""
    return posixpath.normpath(found.target) if found.target else None


def mounts(instruction: Instruction) -> tuple[Mount, ...]:
    """The mounts of a RUN, in order."""
    return tuple(map(mount, instruction.flag_values("mount")))


def mount(raw: str) -> Mount:
    """One mount from the value of its flag."""
    try:
        options = fields(raw)
    except CsvError as error:
        return Mount(raw, problem=f"mount options: {error}")
    texts: dict[str, str] = {}
    kind, required = "bind", False
    readonly: bool | None = None
    problem: str | None = None
    for option in options:
        name, equals, value = option.partition("=")
        name = name.lower()
        if name in _ACCESS or name == "required":
            switch = _switch(value) if equals else True
            if switch is None:
                problem = problem or f"invalid value for {name}: {value}"
            elif name == "required":
                required = switch
            else:
                readonly = switch if name in ("readonly", "ro") else not switch
        elif not equals:
            problem = problem or f"invalid field '{option}' must be a key=value pair"
        elif name == "type":
            kind = value.lower()
        elif name in _NAMES:
            texts[_NAMES[name]] = value
        else:
            problem = problem or f"unexpected key '{name}' in '{option}'"
    if readonly is None:
        readonly = kind not in ("cache", "tmpfs")
    found = Mount(raw, kind, readonly=readonly, required=required, **texts)
    return replace(found, problem=problem or _problem(found))


def _switch(value: str) -> bool | None:
    """strconv.ParseBool."""
    return True if value in _TRUE else False if value in _FALSE else None


def _problem(found: Mount) -> str | None:
    if found.type not in TYPES:
        return f"unsupported mount type '{found.type}'"
    literal = found.sharing is not None and "$" not in found.sharing
    if literal and (found.sharing or "").lower() not in SHARING:
        return f"unsupported sharing value '{found.sharing}'"
    if found.sharing and found.type != "cache":
        return f"invalid cache sharing set for {found.type} mount"
    if found.required and found.type not in ("secret", "ssh"):
        return f"unexpected key 'required' for mount type '{found.type}'"
    if found.size is not None and found.type != "tmpfs":
        return f"unexpected key 'size' for mount type '{found.type}'"
    if found.type in ("bind", "tmpfs"):
        for name in ("mode", "uid", "gid"):
            if getattr(found, name) is not None:
                return f"{name} not allowed for '{found.type}' type mounts"
    if found.type == "secret":
        return _secret_problem(found)
    return None


def _secret_problem(found: Mount) -> str | None:
    if found.from_:
        return "secret mount should not have a from"
    if not (found.source or found.target or found.id):
        return "invalid secret mount. one of source, target required"
    if found.source and found.id:
        return "both source and id can't be set"
    return None
