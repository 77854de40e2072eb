"""Commands that run another command: `env`, `sudo`, `exec`, `timeout`, … and `sh -c`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from reorder.shell.nodes import Arg, Call, Opaque
from reorder.shell.state import normalise

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_DURATION = re.compile(r"[0-9]+(\.[0-9]*)?[smhd]?|inf(inity)?")
_SHELLS = frozenset(("sh", "bash", "dash", "ash"))
_FOLDERS = ("", "/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin")

# Options without and with a value, from coreutils 9, sudo 1.9 and the bash manual.
_OPTIONS: Mapping[str, tuple[str, str]] = {
    "command": ("p", ""),
    "builtin": ("", ""),
    "exec": ("l", "a"),
    "nice": ("", "n"),
    "nohup": ("", ""),
    "time": ("pv", "fo"),
    "timeout": ("v", "ks"),
    "stdbuf": ("", "ioe"),
    "sudo": ("EHnSAkb", "u"),
}
_LONG: Mapping[str, frozenset[str]] = {
    "nice": frozenset(("--adjustment",)),
    "timeout": frozenset(
        ("--preserve-status", "--foreground", "--verbose", "--kill-after", "--signal")
    ),
    "sudo": frozenset(("--preserve-env", "--set-home", "--non-interactive", "--user")),
    "stdbuf": frozenset(("--input", "--output", "--error")),
}


def program(call: Call) -> str:
    """The name of a command without the folder of a system program."""
    folder, _, name = call.name.rpartition("/")
    return name if folder in _FOLDERS and name else call.name


def unwrap(call: Call) -> Call | Opaque:
    """The command that really runs, in the environment it gets.

    A wrapper that is used in a way that is not known here is left as it is; `Opaque` is for a use
    that would change more than the command (`env -S`). `sh -c` is left too: see `inner_script`.
    """
    for _ in range(len(call.args)):
        name = program(call)
        if name == "env":
            inner = _env(call)
        elif name in _OPTIONS and not ("/" in call.name and name in ("command", "builtin", "exec")):
            inner = _plain(call, name)
        else:
            return call
        if inner is None or isinstance(inner, Opaque):
            return call if inner is None else inner
        call = inner
    return call


def inner_script(call: Call) -> tuple[Arg, tuple[Arg, ...], bool] | None:
    """`sh -c script name args…`: the script, what follows it, and whether it is a login shell."""
    if program(call) not in _SHELLS:
        return None
    rest = list(call.args[1:])
    given = login = False
    while (
        rest and rest[0].kind == "literal" and rest[0].text[:1] in ("-", "+") and rest[0].text[1:]
    ):
        option = rest.pop(0).text
        if option in ("--login", "--norc", "--noprofile", "--posix"):
            login |= option == "--login"
            continue
        if option == "--" or option.strip("+-cehluvxBmo"):
            return None
        given |= option[0] == "-" and "c" in option
        login |= "l" in option
        if "o" in option and (
            not rest or rest.pop(0).text not in ("pipefail", "errexit", "nounset", "xtrace")
        ):
            return None
    if not given or not rest or rest[0].kind != "literal":
        return None
    return rest[0], tuple(rest[1:]), login


def _plain(call: Call, name: str) -> Call | None:
    """A wrapper whose options do not matter to the command; None: used in another way."""
    rest, user = _skip_options(call.args[1:], name)
    if rest is None or not rest:
        return None
    if name == "timeout":
        if rest[0].kind != "literal" or not _DURATION.fullmatch(rest[0].text) or not rest[1:]:
            return None
        rest = rest[1:]
    if name != "sudo":
        return replace(call, args=rest)
    if user not in (None, "root", "#0"):
        return None
    # sudo keeps, resets or replaces each variable as /etc/sudoers says.
    env: dict[str, str | None] = dict.fromkeys({**call.env, "HOME": None, "PATH": None})
    rest, env = _assignments(rest, env)
    return replace(call, args=rest, env=env, user="root") if rest else None


def _skip_options(args: tuple[Arg, ...], name: str) -> tuple[tuple[Arg, ...] | None, str | None]:
    """What follows the options (None: an unknown one), and the value of `sudo -u`."""
    bare, valued = _OPTIONS[name]
    user: str | None = None
    while args and args[0].text.startswith("-") and len(args[0].text) > 1:
        if args[0].kind != "literal":
            return None, None
        option, args = args[0].text, args[1:]
        if option == "--":
            break
        long, equals, given = option.partition("=")
        if long in _LONG.get(name, ()):
            user = given if long == "--user" else user
            if not equals and long in ("--adjustment", "--kill-after", "--signal", "--user"):
                return None, None
            continue
        if name == "nice" and option[1:].lstrip("-+").isdigit():
            continue
        letters = option[1:].lstrip(bare)
        if not letters:
            continue
        if letters[0] not in valued:
            return None, None
        taken = letters[1:]
        if not taken:
            if not args or args[0].kind != "literal":
                return None, None
            taken, args = args[0].text, args[1:]
        user = taken if letters[0] == "u" else user
    return args, user


def _env(call: Call) -> Call | Opaque | None:
    """`env [-i] [-u NAME] [-C DIR] [NAME=value] command`."""
    env: dict[str, str | None] = dict(call.env)
    cwd, args = call.cwd, call.args[1:]
    while args and args[0].text.startswith("-"):
        if args[0].kind != "literal":
            return None
        option, args = args[0].text, args[1:]
        if option in ("-", "-i", "--ignore-environment"):
            env = {}
        elif option == "--":
            break
        elif option.startswith(("-u", "--unset", "-C", "--chdir")):
            value, args = _env_value(option, args)
            if value is None:
                return None
            if option.startswith(("-u", "--unset")):
                env.pop(value, None)
            else:
                cwd = normalise(value, cwd)
        else:
            return Opaque(f"`env` with the option {option}")
    args, env = _assignments(args, env)
    return replace(call, args=args, cwd=cwd, env=env) if args else None


def _env_value(option: str, args: tuple[Arg, ...]) -> tuple[str | None, tuple[Arg, ...]]:
    given = option.partition("=")[2] if option.startswith("--") else option[2:]
    if given or (option.startswith("--") and "=" in option):
        return given, args
    if not args or args[0].kind != "literal":
        return None, args
    return args[0].text, args[1:]


def _assignments(
    args: tuple[Arg, ...], env: dict[str, str | None]
) -> tuple[tuple[Arg, ...], dict[str, str | None]]:
    while args and (found := _ASSIGNMENT.match(args[0].text)):
        known = args[0].kind == "literal"
        env[found.group(1)] = args[0].text[found.end() :] if known else None
        args = args[1:]
    return args, env


Place = Callable[[tuple[int, int]], tuple[int, int]]


def placed(text: str, script: Arg, place: Place) -> Place:
    """Where a span of an inner script is in the outer text: exact for a plain quoted string."""
    start, end = script.span
    source = text[start:end]
    outer = place(script.span)
    if (
        len(source) >= 2
        and source[0] == source[-1]
        and source[0] in "'\""
        and source[1:-1] == script.text
    ):
        return lambda span: place((start + 1 + span[0], start + 1 + span[1]))
    return lambda span: outer
