"""What is known of a running shell: folder, variables, functions. Immutable; branches join."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reorder.shell.tree import Function


@dataclass(frozen=True, slots=True)
class Value:
    """A string; None: not known. `glob`: some path that the pattern matches."""

    text: str | None
    glob: bool = False


UNKNOWN = Value(None)

# The shell sets these itself; an assignment does not hold (bash manual, Shell Variables).
_SPECIAL = frozenset(
    "RANDOM SECONDS LINENO BASHPID EPOCHSECONDS EPOCHREALTIME SRANDOM OPTIND OPTARG OLDPWD PPID "
    "UID EUID FUNCNAME DIRSTACK HISTCMD PIPESTATUS REPLY _".split()
)
_ALWAYS_EXPORTED = frozenset(("HOME", "PATH"))  # BuildKit gives every RUN both


@dataclass(frozen=True, slots=True)
class Variable:
    """`value` None: unset for sure. `exported` None: not known."""

    value: Value | None
    exported: bool | None


@dataclass(frozen=True, slots=True)
class State:
    """A running shell. A variable that is not in `variables` may come from the base image."""

    cwd: str | None  # None: depends on a condition
    variables: Mapping[str, Variable]
    functions: Mapping[str, Function | None]  # None: which one depends on a condition
    params: tuple[Value, ...] | None = None  # "$@"; None: not known
    folders: tuple[str, ...] = ()  # below the current one on the stack of pushd

    def lookup(self, name: str) -> Value | None:
        """The value of a variable; None when it is unset for sure."""
        if name in _SPECIAL:
            return UNKNOWN
        if name in self.variables:
            return self.variables[name].value
        if name == "PWD" and self.cwd is not None:
            return Value(self.cwd)
        if self.params is not None and (name == "#" or (name.isdigit() and name != "0")):
            return self._param(name, self.params)
        return UNKNOWN

    def _param(self, name: str, params: tuple[Value, ...]) -> Value | None:
        """`$1` or `$#`; a pattern may stand for several of them."""
        index = len(params) if name == "#" else int(name) - 1
        if any(value.glob for value in params[:index]):
            return UNKNOWN
        if name == "#":
            return Value(str(index))
        return params[index] if index < len(params) else None

    def assign(self, name: str, value: Value | None, exported: bool | None = None) -> State:
        """A copy with a variable set (None: unset); `exported` None: as it was."""
        if exported is None:
            old = self.variables.get(name)
            exported = True if name in _ALWAYS_EXPORTED else old.exported if old else None
        if value is None:
            exported = False
        return replace(self, variables={**self.variables, name: Variable(value, exported)})

    def export(self, name: str) -> State:
        """A copy in which a variable is exported, with the value it has."""
        return self.assign(name, self.lookup(name), exported=True)

    def enter(self, path: str) -> State:
        """A copy in another folder, as `cd -L` computes it."""
        return replace(self, cwd=normalise(path, self.cwd or "/"))

    @property
    def env(self) -> dict[str, str | None]:
        """The environment a command gets."""
        found: dict[str, str | None] = {}
        for name, variable in self.variables.items():
            if variable.value is None or variable.exported is False:
                continue
            sure = variable.exported and not variable.value.glob
            found[name] = variable.value.text if sure else None
        return found


def start(cwd: str, env: Mapping[str, str | None], *, inner: bool = False) -> State:
    """A shell as it starts; `inner`: by a call, in whose environment None may also mean unset."""
    variables = {
        name: Variable(Value(text), None if inner and text is None else True)
        for name, text in env.items()
        if name != "PWD"
    }
    return State(normalise(cwd, "/"), variables, {})


def normalise(path: str, base: str) -> str:
    """An absolute path without `.`, `..` and doubled slashes."""
    return "/" + posixpath.normpath(posixpath.join(base, path)).lstrip("/")


def join(a: State | None, b: State | None) -> State | None:
    """What holds when one of two ways was taken; None is a way that cannot be taken."""
    if a is None or b is None or a == b:
        return b if a is None else a
    variables = {
        name: _join_variables(a.variables.get(name), b.variables.get(name))
        for name in {**a.variables, **b.variables}
    }
    functions = {
        name: a.functions.get(name) if a.functions.get(name) == b.functions.get(name) else None
        for name in {**a.functions, **b.functions}
    }
    same_place = a.cwd == b.cwd and a.folders == b.folders
    return State(
        a.cwd if same_place else None,
        variables,
        functions,
        a.params if a.params == b.params else None,
        a.folders if same_place else (),
    )


def _join_variables(a: Variable | None, b: Variable | None) -> Variable:
    if a is not None and a == b:
        return a
    if a is None or b is None:
        return Variable(UNKNOWN, None)
    exported = a.exported if a.exported == b.exported else None
    return Variable(a.value if a.value == b.value else UNKNOWN, exported)
