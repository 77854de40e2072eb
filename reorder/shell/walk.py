"""The walk through a script: ways, outcomes, and what every kind of command needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from reorder.shell.expand import arguments
from reorder.shell.nodes import Arg, Call, Redirect, Span
from reorder.shell.state import UNKNOWN, State, join
from reorder.shell.tree import Command, Odd, Redir, Sub, Unclear, Var, Word
from reorder.shell.wrappers import Place

_STEPS = 20_000
_CALLS = 2_000
_NO_FILE = ("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin", "/dev/tty")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state after success, after failure, and after a `cd` that failed; None: impossible."""

    ok: State | None
    fail: State | None
    odd: State | None = None

    @property
    def any(self) -> State | None:
        """Either way; that a `cd` failed unnoticed is left out."""
        return join(self.ok, self.fail)


DEAD = Outcome(None, None)


@dataclass(frozen=True, slots=True)
class Way:
    """How a command is reached: surely, and whether the whole script fails when it fails."""

    always: bool
    fatal: bool

    @property
    def quiet(self) -> Way:
        return replace(self, fatal=False)


MAYBE = Way(always=False, fatal=False)


@dataclass(slots=True)
class Jumps:
    """States in which `break`, `continue` or `return` left a loop or a function."""

    leave: State | None = None
    again: State | None = None


@dataclass(slots=True)
class Walk:
    """One shell on its way through a script. What it finds is shared with the shells it starts."""

    text: str
    found: list[Call]
    place: Place  # where a span of `text` is in the whole text
    step: Callable[[Walk, Command, State, Way], Outcome]
    depth: int = 0
    steps: int = 0
    left: bool = False  # an `exit` may have ended this shell with success
    exit_fatal: bool = True  # a failing `exit` of this shell fails the script
    loops: list[Jumps] = field(default_factory=list)
    returns: list[Jumps] = field(default_factory=list)
    locals: list[set[str]] = field(default_factory=list)

    def run(self, command: Command, state: State, way: Way) -> Outcome:
        """Run a command from a state."""
        self.steps += 1
        if self.steps > _STEPS:
            raise Unclear("the script takes too many steps")
        return self.step(self, command, state, way)

    def subshell(self, body: Command, state: State, way: Way) -> None:
        """Run something whose changes of state are lost."""
        kept = self.left, self.exit_fatal, self.loops, self.returns, self.locals
        self.exit_fatal = self.exit_fatal and way.fatal
        self.loops, self.returns, self.locals = [], [], []
        self.run(body, state, way)
        self.left, self.exit_fatal, self.loops, self.returns, self.locals = kept

    def word(self, word: Word, state: State, way: Way, *, quiet: bool = False) -> State:
        """Run the substitutions of a word, and do its `${x:=y}`; `quiet`: only the latter."""
        for part in word.parts:
            if isinstance(part, Sub) and not quiet:
                self.subshell(part.body, state, way.quiet)
            elif isinstance(part, Var) and part.word is not None:
                inner = MAYBE if part.op != "odd" else way
                state = self.word(part.word, state, inner, quiet=quiet)
                if part.op in ("=", ":="):
                    state = state.assign(part.name, UNKNOWN)
            elif isinstance(part, Odd):
                for name in part.assigns:
                    state = state.assign(name, UNKNOWN)
        return state

    def redirects(
        self, redirs: tuple[Redir, ...], state: State, way: Way
    ) -> tuple[State, tuple[Redirect, ...]]:
        found: list[Redirect] = []
        for redir in redirs:
            state = self.word(redir.target, state, way)
            if redir.op == "here":
                continue
            args = arguments(redir.target, state, self.text)
            if len(args) != 1:
                raise Unclear("a redirection has no single file")
            if not (args[0].kind == "literal" and args[0].text in _NO_FILE):
                found.append(Redirect(redir.op, args[0]))
        return state, tuple(found)

    def emit_redirects(
        self, redirects: tuple[Redirect, ...], state: State, way: Way, span: Span
    ) -> None:
        """A redirection that no program's call carries: the shell opens the file."""
        if redirects:
            head = Arg(":", "literal", span)
            always = way.always and not self.left
            self.emit_call(Call((head,), folder(state), state.env, redirects, always, span))

    def emit_call(self, call: Call) -> None:
        """Add a call whose spans are those of this run's text."""
        place = self.place
        args = tuple(replace(arg, span=place(arg.span)) for arg in call.args)
        redirects = tuple(
            replace(r, target=replace(r.target, span=place(r.target.span))) for r in call.redirects
        )
        self.emit(replace(call, args=args, redirects=redirects, span=place(call.span)))

    def emit(self, call: Call) -> None:
        if len(self.found) >= _CALLS:
            raise Unclear("the script makes too many calls")
        self.found.append(call)


def folder(state: State) -> str:
    """The folder a command runs in."""
    if state.cwd is None:
        raise Unclear("the folder a command runs in depends on a condition")
    return state.cwd
