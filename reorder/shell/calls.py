"""The calls of a shell text, by running it on what is known of the shell's state.

Every way through the text is followed; where ways meet, what differs between them becomes unknown.
Two things are taken for granted: a `cd` whose failure the script does not handle succeeds (the call
is in the result, so its folder is read), and no folder on the way is a symbolic link.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reorder.shell.branches import case, condition, loop, repeat
from reorder.shell.nodes import Call, Opaque
from reorder.shell.parse import parse
from reorder.shell.programs import simple
from reorder.shell.state import State, join, start
from reorder.shell.tree import (
    AndOr,
    Case,
    Command,
    For,
    Function,
    If,
    Not,
    Pipe,
    Redirected,
    Seq,
    Simple,
    Subshell,
    Unclear,
    While,
)
from reorder.shell.walk import Outcome, Walk, Way

_START_UP = ("BASH_ENV", "BASHOPTS", "SHELLOPTS")


def calls(text: str, cwd: str, env: Mapping[str, str | None]) -> tuple[Call, ...] | Opaque:
    """The simple commands a shell text runs, in order, wrappers such as `env` and `sh -c` removed.

    `cwd` is an absolute image path; `env` is the environment as far as it is known (None: set, to
    an unknown value; a name that is missing may still come from the base image). What only changes
    the shell itself (`export`, `set`, `exit`, …) is no call; `cd` is one, as it reads its folder,
    and a redirection that no program's call can carry is a call of `:`.
    """
    for name in _START_UP:
        if name in env:
            return Opaque(f"{name} changes what the shell does")
    tree = parse(text)
    if isinstance(tree, Opaque):
        return tree
    walk = Walk(text, [], lambda span: span, _step)
    try:
        walk.run(tree, start(cwd, env), Way(always=True, fatal=True))
    except Unclear as unclear:
        return Opaque(unclear.reason)
    except RecursionError:
        return Opaque("the script is nested too deeply")
    return tuple(walk.found)


def _step(walk: Walk, command: Command, state: State, way: Way) -> Outcome:
    match command:
        case Simple():
            return simple(walk, command, state, way)
        case Seq():
            return _sequence(walk, command, state, way)
        case AndOr():
            return _and_or(walk, command, state, way)
        case Pipe():
            return _pipe(walk, command, state, way)
        case Not(body):
            inner = walk.run(body, state, way.quiet)
            return Outcome(join(inner.fail, inner.odd), inner.ok)
        case Subshell(body):
            walk.subshell(body, state, way)
            return Outcome(state, state)
        case Redirected():
            return _redirected(walk, command, state, way)
        case If():
            return condition(walk, command, state, way)
        case For():
            return loop(walk, command, state, way)
        case While():
            return repeat(walk, command, state)
        case Case():
            return case(walk, command, state, way)
        case Function(name):
            functions = {**state.functions, name: command}
            return Outcome(replace(state, functions=functions), None)


def _sequence(walk: Walk, seq: Seq, state: State, way: Way) -> Outcome:
    outcome = Outcome(state, None)
    for index, item in enumerate(seq.items):
        now = outcome.any
        if now is None:
            return outcome
        last = index == len(seq.items) - 1
        outcome = walk.run(item, now, way if last else way.quiet)
    return outcome


def _and_or(walk: Walk, command: AndOr, state: State, way: Way) -> Outcome:
    outcome = Outcome(state, None)
    for index, item in enumerate(command.items):
        later = all(op == "&&" for op in command.ops[index:])
        fatal = way.fatal and later
        if index == 0:
            outcome = walk.run(item, state, Way(way.always, fatal))
            continue
        before = outcome
        if command.ops[index - 1] == "&&":
            if before.ok is None:
                continue
            outcome = walk.run(item, before.ok, Way(way.always and fatal, fatal))
            outcome = Outcome(
                outcome.ok, join(before.fail, outcome.fail), join(before.odd, outcome.odd)
            )
        else:
            failed = join(before.fail, before.odd)
            if failed is None:
                continue
            outcome = walk.run(item, failed, Way(False, fatal))
            outcome = Outcome(join(before.ok, outcome.ok), outcome.fail, outcome.odd)
    return outcome


def _pipe(walk: Walk, command: Pipe, state: State, way: Way) -> Outcome:
    for index, part in enumerate(command.parts):
        last = index == len(command.parts) - 1
        walk.subshell(part, state, way if last else way.quiet)
    return Outcome(state, state)


def _redirected(walk: Walk, command: Redirected, state: State, way: Way) -> Outcome:
    state, redirects = walk.redirects(command.redirs, state, way)
    walk.emit_redirects(redirects, state, way, command.span)
    inner = walk.run(command.body, state, way)
    return Outcome(inner.ok, join(inner.fail, state), inner.odd)
