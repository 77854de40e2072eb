"""RUN on the abstract machine: an understood one is an event, any other takes the whole state."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from reorder.ecosystems.named import named_paths
from reorder.ecosystems.paths import EVERYTHING, Paths, below
from reorder.ecosystems.run import RunEffects, effects_anywhere, run_effects
from reorder.ecosystems.symlinks import goes_through
from reorder.equivalence import owners
from reorder.equivalence.listing import Listing
from reorder.equivalence.mounts import Mount, below_mounts, with_mounts
from reorder.equivalence.program import Step
from reorder.equivalence.scope import Scope
from reorder.equivalence.state import Event, Members, State
from reorder.equivalence.values import fold
from reorder.equivalence.view import image
from reorder.shell.nodes import Opaque

# The JSON form runs a program, and these are none.
_SHELL_ONLY: Final = frozenset(
    ". : alias break cd command continue eval exec exit export local read readonly return set "
    "shift shopt source trap type ulimit umask unset wait".split()
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A RUN or a part of one, with what is known of it, before its mounts are judged."""

    step: Step
    scope: Scope
    effects: RunEffects | Opaque
    script: str  # as it is written, with heredocs
    mounts: tuple[Mount, ...]
    shell: str | None = None  # the text that a shell runs, where it may be followed

    @property
    def identity(self) -> str:
        """Equal for two RUNs that do the same given the same state, caches left aside."""
        known = self.effects
        text = known.identity if isinstance(known, RunEffects) else self.script
        flags = sorted(f"{k}={v}" for k, v in self.step.flags if k != "mount")
        other = [repr(mount.options) for mount in self.mounts if mount.type != "cache"]
        return fold("run", text, *(self.step.words or ()), *flags, *other)

    @property
    def opaque(self) -> bool:
        """Whether it may read and write anything."""
        return isinstance(self.effects, Opaque) or self.effects.barrier is not None

    @property
    def why_opaque(self) -> str:
        """The reason for that."""
        if isinstance(self.effects, Opaque):
            return self.effects.reason
        return self.effects.barrier or ""


def understand(
    step: Step,
    scope: Scope,
    state: State,
    listing: Listing,
    application: frozenset[str],
    found: tuple[Mount, ...],
) -> Understood:
    """Ask the ecosystems what a RUN does in a state."""
    written = "\n".join((step.rest, *(f"{i.name}\n{i.body}" for i in step.inlines)))
    script = _script(step)
    shell: str | None = None
    effects: RunEffects | Opaque
    if script is None:
        effects = Opaque("it has no shell text of its own")
    elif step.words is None and not _is_plain_shell(scope.shell):
        effects = Opaque(f"the shell is {' '.join(scope.shell)}")
    elif scope.cwd is None and step.words is not None:
        effects = Opaque("the working directory is not known")
    else:
        shell = script if step.words is None else None
        effects = _effects(script, scope, state, listing, application, found)
    return Understood(step, scope, effects, written, found, shell)


def part(
    whole: Understood, text: str, state: State, listing: Listing, application: frozenset[str]
) -> Understood:
    """A part of a RUN as a RUN of its own, in the state that the parts before it have left."""
    if whole.shell is None:
        return whole
    effects = _effects(text, whole.scope, state, listing, application, whole.mounts)
    return replace(whole, effects=effects, script=text, shell=text)


def _effects(
    script: str,
    scope: Scope,
    state: State,
    listing: Listing,
    application: frozenset[str],
    found: tuple[Mount, ...],
) -> RunEffects | Opaque:
    seen = with_mounts(state, found, listing)
    if seen is None:
        return Opaque("it is not known what a mount shows")
    start = image(scope, seen, listing, application)
    effects = (effects_anywhere if scope.cwd is None else run_effects)(script, start)
    if isinstance(effects, Opaque):
        return effects
    return replace(
        effects,
        reads=below_mounts(effects.reads, found),
        writes=below_mounts(effects.writes, found),
    )


def event(
    run: Understood,
    state: State,
    kept: tuple[Mount, ...],
    trees: tuple[str, ...],
    files: bool = True,
) -> Event:
    """The event of a RUN. `kept` are the cache mounts that count as part of it; `trees` are the
    digests of what its other mounts show it; without `files` the cells it reads do not count."""
    scope = run.scope
    common = (
        run.identity,
        *(repr(mount.options) for mount in kept),
        *trees,
        scope.folder.sym,
        owners.owner(scope.user, scope, state),
        scope.user.sym,
        *(() if run.step.words is not None else scope.shell),
    )
    hidden = not run.opaque and _behind_links(run, state)
    if isinstance(run.effects, Opaque) or run.opaque or hidden:
        names = None if isinstance(run.effects, Opaque) else run.effects.env
        env = [f"{n}={value.sym}" for n, value in sorted(scope.env.items()) if _reads(names, n)]
        id = fold("barrier", *common, *env, state.digest())
        return Event(id, EVERYTHING, run.step.line)
    effects = run.effects
    env = [
        f"{name}={value.sym}"
        for name, value in sorted(scope.env.items())
        if _reads(effects.env, name)
    ]
    writes = _without_caches(effects)
    cells = (repr(_sorted(writes)), *reads(state, effects.reads)) if files else ()
    earlier = state.touching(effects.reads | writes)
    id = fold("understood", *common, fold(*env), fold(*cells), *earlier)
    return Event(id, writes, run.step.line)


def opened(run: Understood, state: State, listing: Listing) -> list[str]:
    """The copies of folders that may have brought what the commands name."""
    if isinstance(run.effects, Opaque):
        return []
    return state.opened(named_paths(run.effects), listing.excluded)


def _behind_links(run: Understood, state: State) -> bool:
    assert isinstance(run.effects, RunEffects)
    return goes_through(state.links, run.effects.reads, run.effects.writes)


def _without_caches(effects: RunEffects) -> Paths:
    """What a step writes beside its caches, which a command that empties one names."""
    targets = [cache.target for cache in effects.caches]
    return replace(
        effects.writes,
        files=frozenset(p for p in effects.writes.files if not _in(p, targets)),
        trees=frozenset(p for p in effects.writes.trees if not _in(p, targets)),
    )


def _in(path: str, trees: list[str]) -> bool:
    return any(below(path, tree) for tree in trees)


def reads(state: State, paths: Paths) -> list[str]:
    """What a step sees of the cells in a set of paths."""
    member = Members(paths)
    found = []
    for path, cell in sorted(state.cells.items()):
        if member.has(path, cell):
            # Of a folder a tool only needs that it is there.
            found.append(f"{path}\0{'dir' if cell.kind == 'dir' else cell.value}")
    return found


def _script(step: Step) -> str | None:
    """The text the shell runs (semantics.md 1.9), or None when it is not shell text."""
    if step.words is not None:
        program = step.words[0] if step.words else "."
        return None if program in _SHELL_ONLY else shlex.join(step.words)
    if not step.inlines:
        return step.rest
    inline = step.inlines[0]
    alone = step.rest.lstrip("0123456789").lstrip("<-").strip("'\"") == inline.name
    if len(step.inlines) == 1 and alone and not inline.body.startswith("#!"):
        return inline.body
    return None


def _is_plain_shell(shell: tuple[str, ...]) -> bool:
    """A POSIX-like shell that reads no profile."""
    if not shell or shell[0].rpartition("/")[2] not in ("sh", "bash", "ash", "dash"):
        return False
    options = [word for word in shell[1:] if word != "pipefail"]
    return bool(options) and all(
        word.startswith("-") and set(word[1:]) <= set("ceuxo") for word in options
    )


def _reads(names: frozenset[str] | None, name: str) -> bool:
    return names is None or any(fnmatchcase(name, pattern) for pattern in names)


def _sorted(paths: Paths) -> list[list[str] | None]:
    parts = [paths.files, paths.trees, paths.globs, paths.all_but]
    return [None if part is None else sorted(part) for part in parts]
