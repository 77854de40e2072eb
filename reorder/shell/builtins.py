"""Commands of the shell that change its state.

Which they are and what they do: POSIX.1-2017, 2.14 Special Built-In Utilities, and the bash manual,
Shell Builtin Commands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reorder.shell.expand import single
from reorder.shell.nodes import Arg
from reorder.shell.state import UNKNOWN, State, Value
from reorder.shell.tree import Simple, Text, Unclear, Word

JUMPS = frozenset(("exit", "return", "break", "continue"))

# They run text, change how text is read, or act later.
REFUSED = frozenset(
    (
        "eval", "alias", "unalias", "trap", "let", "getopts", "enable", "coproc",
        "select", "bind", "complete", "compopt", "fc", "suspend", "wait", "bg", "fg", "disown",
    )
)  # fmt: skip

_SHOPT = frozenset(("nullglob", "failglob", "inherit_errexit", "checkwinsize", "histappend"))
_SET_LETTERS = frozenset("euxvEThBH")
_SET_NAMES = frozenset(
    ("errexit", "nounset", "xtrace", "verbose", "pipefail", "errtrace", "functrace", "posix")
)


@dataclass(frozen=True, slots=True)
class Changed:
    """The state after success, after failure and after a failed `cd`, and what is read for it."""

    ok: State | None
    fail: State | None = None
    odd: State | None = None
    read: tuple[tuple[Arg, ...], ...] = ()  # calls of `cd`


def names(args: tuple[Arg, ...]) -> list[str]:
    """The variables that `local a b=c` names."""
    return [arg.text.partition("=")[0].rstrip("+") for arg in args[1:] if arg.text[:1] != "-"]


def _cd(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    target = _target(args, state)
    entered = state.enter(target.text)
    return Changed(entered, None, state, ((replace(args[0], text="cd"), target),))


def _pushd(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    if len(args) != 2 or args[1].text[:1] in "+-" or state.cwd is None:
        raise Unclear("`pushd` without a folder is not understood")
    changed = _cd(command, args, state)
    assert changed.ok is not None
    return replace(changed, ok=replace(changed.ok, folders=(state.cwd, *state.folders)))


def _popd(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    if len(args) != 1 or not state.folders:
        raise Unclear("`popd` leads to a folder that is not known")
    return Changed(replace(state, cwd=state.folders[0], folders=state.folders[1:]))


def _target(args: tuple[Arg, ...], state: State) -> Arg:
    """Where `cd` goes."""
    name = args[0].text
    rest = args[1:]
    while rest and rest[0].kind == "literal" and rest[0].text in ("-L", "-P", "--", "-e"):
        rest = rest[1:]
    if not rest:
        home = state.lookup("HOME")
        if home is None or not home.text or home.glob:
            raise Unclear(f"`{name}` goes to a home folder that is not known")
        return Arg(home.text, "literal", args[0].span)
    if len(rest) > 1 or rest[0].kind != "literal":
        raise Unclear(f"`{name}` goes to a folder that is not known: {rest[0].text}")
    text = rest[0].text
    if not text or text[0] == "-":
        raise Unclear(f"`{name} {text}` is not understood")
    search = state.variables.get("CDPATH")
    if search is not None and search.value is not None and text[0] not in "/.":
        raise Unclear(f"CDPATH changes where `{name}` goes")
    if state.cwd is None and text[0] != "/":
        raise Unclear("the folder a command runs in depends on a condition")
    if "-P" in [arg.text for arg in args] and ".." in text.split("/"):
        raise Unclear(f"`{name} -P` goes to a folder that is not known: {text}")
    return rest[0]


def _declare(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    """`export`, `readonly`, `local`, `declare`, `typeset`."""
    name = args[0].text
    options = ""
    operands: list[tuple[str, Word]] = []
    for word in command.words:
        head = word.parts[0] if word.parts else None
        if word.span[0] <= args[0].span[0]:
            continue
        if not isinstance(head, Text) or head.quoted:
            raise Unclear(f"what `{name}` sets is not known")
        if head.text[:1] == "-":
            options += head.text[1:]
        else:
            operands.append((head.text, word))
    if options.strip("xprgiAalu" if name in ("declare", "typeset") else "p"):
        raise Unclear(f"`{name} -{options}` is not understood")
    exported = True if name == "export" or "x" in options else None
    for text, word in operands:
        key, equals, first = text.partition("=")
        if not equals and len(word.parts) > 1:
            raise Unclear(f"what `{name}` sets is not known")
        if equals:
            rest = Word((Text(first, False), *word.parts[1:]), word.span)
            plain = not options.strip("xprg") and not key.endswith("+")
            state = state.assign(
                key.rstrip("+"), _one_field(rest, state) if plain else UNKNOWN, exported
            )
        elif exported:
            state = state.export(key)
        elif name in ("local", "declare", "typeset"):
            state = state.assign(key, UNKNOWN)
    return Changed(state, state)


def _one_field(word: Word, state: State) -> Value:
    """A value that some shells split and others do not."""
    value = single(word, state)
    loose = any(
        not getattr(part, "quoted", True) and not isinstance(part, Text) for part in word.parts
    )
    if loose and value.text is not None and any(char in value.text for char in " \t\n*?["):
        return UNKNOWN
    return value


def _unset(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    functions = dict(state.functions)
    for arg in args[1:]:
        if arg.kind != "literal" or arg.text in ("PWD", "HOME"):
            raise Unclear(f"what `unset` removes is not known: {arg.text}")
        if arg.text == "-f":
            return Changed(replace(state, functions=dict.fromkeys(functions)))
        if arg.text == "-v":
            continue
        if arg.text in functions:
            functions[arg.text] = None
        state = state.assign(arg.text.partition("[")[0], None)
    return Changed(replace(state, functions=functions))


def _set(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    rest = list(args[1:])
    while rest:
        option = rest.pop(0)
        if option.kind != "literal":
            raise Unclear(f"`set {option.text}` is not understood")
        if option.text == "--":
            if any(arg.kind == "unknown" for arg in rest):
                return Changed(replace(state, params=None))
            values = tuple(Value(arg.text, arg.kind == "glob") for arg in rest)
            return Changed(replace(state, params=values))
        letters = option.text[1:]
        if option.text[0] not in "+-" or not letters:
            raise Unclear("`set` changes the parameters")
        if letters[-1] == "o":
            if not rest or rest.pop(0).text not in _SET_NAMES:
                raise Unclear("`set -o` sets an option that is not understood")
            letters = letters[:-1]
        if set(letters) - _SET_LETTERS:
            raise Unclear(f"`set {option.text}` is not understood")
    return Changed(state)


def _shopt(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    for arg in args[1:]:
        if arg.kind != "literal" or arg.text not in {*_SHOPT, "-s", "-u", "-q"}:
            raise Unclear(f"`shopt {arg.text}` is not understood")
    return Changed(state, state)


def _read(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    for arg in args[1:]:
        if arg.kind != "literal":
            raise Unclear(f"`{args[0].text}` sets a variable that is not known")
        if arg.text.isidentifier():
            state = state.assign(arg.text, UNKNOWN)
    for name in ("REPLY", "MAPFILE"):
        state = state.assign(name, UNKNOWN)
    return Changed(state, state)


def _shift(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    if len(args) == 1 and state.params and not state.params[0].glob:
        return Changed(replace(state, params=state.params[1:]))
    return Changed(replace(state, params=None), replace(state, params=None))


def _printf(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    if args[1:] and args[1].text == "-v":
        raise Unclear("`printf -v` is not understood")
    return Changed(state, state, None, (args,))


def _source(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    """Only the file that rustup's installer writes, which puts its folder in front of PATH."""
    if len(args) != 2 or args[1].kind != "literal" or not args[1].text.endswith("cargo/env"):
        shown = " ".join(arg.text for arg in args[:2])
        raise Unclear(f"`{shown}` runs a script that is not read")
    folder = f"{args[1].text.removesuffix('/env')}/bin"
    path = state.lookup("PATH")
    known = path is not None and path.text is not None and not path.glob
    after = Value(f"{folder}:{path.text}") if known and path is not None else UNKNOWN
    read = (replace(args[0], text="cat"), args[1])
    return Changed(state.assign("PATH", after, exported=True), state, None, (read,))


def _nothing(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    return Changed(state)


def _false(command: Simple, args: tuple[Arg, ...], state: State) -> Changed:
    return Changed(None, state)


CHANGES: Mapping[str, Callable[[Simple, tuple[Arg, ...], State], Changed]] = {
    "cd": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "export": _declare,
    "readonly": _declare,
    "local": _declare,
    "declare": _declare,
    "typeset": _declare,
    "unset": _unset,
    "set": _set,
    "shopt": _shopt,
    "read": _read,
    "mapfile": _read,
    "readarray": _read,
    "shift": _shift,
    "source": _source,
    ".": _source,
    "printf": _printf,
    "pwd": _nothing,
    "true": _nothing,
    ":": _nothing,
    "hash": _nothing,
    "false": _false,
}
NAMES = JUMPS | REFUSED | frozenset(CHANGES)
