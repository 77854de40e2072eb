"""Simple commands: assignments, programs, functions, and what ends a script or a loop."""

from __future__ import annotations

from dataclasses import replace

from reorder.shell import builtins
from reorder.shell.expand import arguments, single
from reorder.shell.nodes import Arg, Call, Opaque, Redirect
from reorder.shell.parse import parse
from reorder.shell.state import UNKNOWN, State, Value, join, start
from reorder.shell.tree import Simple, Sub, Tilde, Unclear
from reorder.shell.walk import DEAD, MAYBE, Jumps, Outcome, Walk, Way, folder
from reorder.shell.wrappers import inner_script, placed, unwrap

_DEPTH = 20


def simple(walk: Walk, command: Simple, state: State, way: Way) -> Outcome:
    args: list[Arg] = []
    for word in command.words:
        state = walk.word(word, state, way)
        args += arguments(word, state, walk.text)
    state, redirects = walk.redirects(command.redirs, state, way)
    before = state
    inner = state
    for assign in command.assigns:
        state = walk.word(assign.word, state, way)
        inner = walk.word(assign.word, inner, way, quiet=True)
        value = single(assign.word, inner) if assign.plain else UNKNOWN
        if assign.name == "IFS" and not args:
            raise Unclear("IFS changes how words are split")
        inner = inner.assign(assign.name, value, exported=True if args else None)
    if not args:
        walk.emit_redirects(redirects, before, way, command.span)
        substitutes = any(
            isinstance(p, Sub) for a in command.assigns for p in a.word.parts
        ) or bool(command.words)
        return Outcome(inner, inner if substitutes or redirects else None)
    while args[0].kind == "literal" and args[0].text in ("command", "builtin") and args[1:]:
        if args[1].text.startswith("-"):
            break
        args = args[1:]
    return _dispatch(walk, command, tuple(args), redirects, before, inner, way)


def _dispatch(
    walk: Walk,
    command: Simple,
    args: tuple[Arg, ...],
    redirects: tuple[Redirect, ...],
    state: State,
    inner: State,
    way: Way,
) -> Outcome:
    """Run a command by its name; `inner` has the assignments before it."""
    name = args[0].text if args[0].kind == "literal" else ""
    if not name and not _is_path(args[0], command):
        raise Unclear(f"the command {args[0].text or 'with an empty name'} is not known")
    if name in state.functions:
        walk.emit_redirects(redirects, state, way, command.span)
        return _function(walk, name, args[1:], state, inner)
    if name in builtins.REFUSED:
        raise Unclear(f"`{name}` is not understood")
    made = Call(args, "/", {}, redirects, way.always and not walk.left, command.span)
    if name in builtins.JUMPS:
        walk.emit_redirects(redirects, state, way, command.span)
        return _jump(walk, name, args, state)
    if name in builtins.CHANGES:
        changed = builtins.CHANGES[name](command, args, state)
        if name == "local" and walk.locals:
            walk.locals[-1].update(builtins.names(args))
        for read in changed.read:
            walk.emit_call(replace(made, args=read, cwd=folder(state), env=inner.env))
        if not changed.read:
            walk.emit_redirects(redirects, state, way, command.span)
        after = _forget(changed.ok, state, inner)
        return Outcome(after, changed.fail, changed.odd)
    if name == "exec" and len(args) == 1:
        if redirects:
            raise Unclear("`exec` redirects the rest of the script")
        return Outcome(state, None)
    _external(walk, replace(made, cwd=folder(state), env=inner.env), state, way)
    if name == "exec":
        walk.left = True
        return DEAD
    return Outcome(state, state)


def _is_path(name: Arg, command: Simple) -> bool:
    """Whether a command that is not known is at least a program, not a part of the shell."""
    word = next((word for word in command.words if word.span == name.span), None)
    parts = word.parts if word else ()
    return any(isinstance(part, Tilde) or "/" in getattr(part, "text", "") for part in parts)


def _external(walk: Walk, call: Call, state: State, way: Way) -> None:
    """A program: emit it, or what it runs."""
    inner = unwrap(call)
    if isinstance(inner, Opaque):
        raise Unclear(inner.reason)
    if call.name == "time" and (inner.name in builtins.NAMES or inner.name in state.functions):
        raise Unclear(f"`time {inner.name}` means different things to different shells")
    if (found := inner_script(inner)) is None:
        walk.emit_call(inner)
        return
    script, rest, login = found
    tree = parse(script.text)
    if isinstance(tree, Opaque):
        raise Unclear(tree.reason)
    if inner.redirects:
        walk.emit_call(replace(inner, args=(replace(inner.args[0], text=":"),)))
    env = {n: None if login and n != "HOME" else v for n, v in inner.env.items()}
    values = [_value(arg) for arg in rest[1:]]
    begin = replace(start(inner.cwd, env, inner=True), params=tuple(values))
    place = placed(walk.text, script, walk.place)
    if walk.depth >= _DEPTH:
        raise Unclear("the script is nested too deeply")
    shell = Walk(script.text, walk.found, place, walk.step, walk.depth + 1)
    shell.exit_fatal = walk.exit_fatal and way.fatal
    mark = len(walk.found)
    shell.run(tree, begin, Way(call.always, way.fatal))
    if inner.user is not None:
        walk.found[mark:] = [replace(c, user=c.user or inner.user) for c in walk.found[mark:]]


def _function(walk: Walk, name: str, args: tuple[Arg, ...], state: State, inner: State) -> Outcome:
    """The body of a function, in this shell."""
    function = state.functions[name]
    if function is None:
        raise Unclear(f"which function {name} is depends on a condition")
    if len(walk.returns) > _DEPTH:
        raise Unclear(f"the function {name} calls itself")
    sure = all(arg.kind != "unknown" for arg in args)  # an unknown one may be none or several
    params = tuple(map(_value, args)) if sure else None
    jumps, kept = Jumps(), walk.loops
    walk.loops = []
    walk.returns.append(jumps)
    walk.locals.append(set())
    outcome = walk.run(function.body, replace(inner, params=params), MAYBE)
    walk.loops = kept
    walk.returns.pop()
    hidden = walk.locals.pop()

    def after(end: State | None) -> State | None:
        if end is None:
            return None
        variables = {n: v for n, v in end.variables.items() if n not in hidden}
        variables.update({n: state.variables[n] for n in hidden if n in state.variables})
        return _forget(replace(end, variables=variables, params=state.params), state, inner)

    end = after(join(outcome.any, jumps.leave))
    return Outcome(end, end, after(outcome.odd))


def _jump(walk: Walk, name: str, args: tuple[Arg, ...], state: State) -> Outcome:
    """`exit`, `return`, `break`, `continue`."""
    if name == "return" and not walk.returns:
        raise Unclear("`return` outside a function means different things to different shells")
    if name == "exit":
        status = args[1].text if args[1:] and args[1].kind == "literal" else ""
        fails = status.isdigit() and int(status) % 256 != 0
        walk.left |= not (fails and walk.exit_fatal)
        return DEAD
    if name == "return":
        walk.returns[-1].leave = join(walk.returns[-1].leave, state)
        return DEAD
    count = args[1].text if args[1:] else "1"
    if not count.isdigit() or not 0 < int(count) <= len(walk.loops):
        raise Unclear(f"`{name}` leaves no loop that is known")
    jumps = walk.loops[-int(count)]
    if name == "break":
        jumps.leave = join(jumps.leave, state)
    else:
        jumps.again = join(jumps.again, state)
    return DEAD


def _value(arg: Arg) -> Value:
    return UNKNOWN if arg.kind == "unknown" else Value(arg.text, arg.kind == "glob")


def _forget(after: State | None, before: State, inner: State) -> State | None:
    """Take back the assignments before a builtin or a function: shells differ on keeping them."""
    if after is None or inner is before:
        return after
    for name, variable in inner.variables.items():
        if before.variables.get(name) != variable:
            after = replace(after, variables={**after.variables, name: variable})
            after = after.assign(name, UNKNOWN)
    return after
