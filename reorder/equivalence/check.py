"""The proof that two Dockerfiles make the same image (design.md section 8).

It trusts two things: the effects declared in `ecosystems`, and the listing of the build context.
Everything else is read again from the two texts, with code of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from reorder.context.build import BuildContext
from reorder.equivalence.compare import compare
from reorder.equivalence.ignored import check_hidden, hidden_entries
from reorder.equivalence.judges import After, Before
from reorder.equivalence.listing import Listing
from reorder.equivalence.machine import execute
from reorder.equivalence.narrowed import Narrowed, check_narrowed, narrow
from reorder.equivalence.program import Program, Refused, Unreadable
from reorder.equivalence.reader import read

ASSUMED = "build arguments that decide where files go keep their default values"


@dataclass(frozen=True, slots=True)
class Proof:
    """Every stage comes out the same."""

    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """Not proved, and why, for the user; `line` is in the second text, 0 for the whole of it."""

    reason: str
    line: int


def check(
    before: str,
    after: str,
    context: BuildContext | None,
    after_context: BuildContext | None = None,
    *,
    completed: frozenset[int] = frozenset(),
    narrowed: Narrowed | None = None,
    unsafe: bool = False,
) -> Proof | Objection:
    """Whether two Dockerfiles make the same image, in their contexts.

    `after_context` is the same folder with the new ignore file; None: unchanged. `completed` has
    the lines (in `before`) of installs that may read more manifests than before, `narrowed` those
    of copies that bring less to a build that is said not to read the rest. With `unsafe`, tracked
    files and `.git` may leave the image when the ignore file names them, and a part of a build may
    be done by a step of its own.
    """
    first, second = read(before), read(after)
    for program in (first, second):
        if isinstance(program, Unreadable):
            return Objection(program.reason, program.line)
    assert isinstance(first, Program)
    assert isinstance(second, Program)
    try:
        _directives(first, second)
        listing = _common(context, after_context, first, unsafe)
        if narrowed:
            whole = execute(first, listing, Before(frozenset()))
            check_narrowed(first, narrowed, whole, listing)
            first = narrow(first, narrowed, listing)
        stages = execute(first, listing, Before(completed))
        judge = After(stages, listing, completed, unsafe)
        result = execute(second, listing, judge)
        judge.finish(result)
        compare(stages, result, judge.completing(len(result)))
    except Refused as refusal:
        return Objection(refusal.reason, refusal.line)
    arguments = any(step.keyword == "arg" for step in first.steps)
    return Proof((ASSUMED,) if arguments else ())


def _directives(first: Program, second: Program) -> None:
    old, new = dict(first.directives), dict(second.directives)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        official = name == "syntax" and name not in old and new[name] == "docker/dockerfile:1"
        if not official:
            raise Refused(f"the directive {name} is not what it was", 1)


def _common(
    context: BuildContext | None, after: BuildContext | None, program: Program, unsafe: bool
) -> Listing:
    """The entries that both contexts have; raises Refused if what is missing is not junk."""
    if context is None:
        return Listing({}, lambda _: None, lambda _: False, complete=False)
    for side in (context, after or context):
        if side.problem is not None:
            raise Refused(f"the ignore file: {side.problem.message}", 0)
    whole = Listing(
        {path: entry.kind for path, entry in context.visible.items()},
        context.read,
        context.executable,
        excluded=_excluded(after or context),
    )
    if after is None or after is context:
        return whole
    hidden = hidden_entries(context, after)
    if not hidden.entries:
        return whole
    if not unsafe:
        traced = replace(whole, traced=hidden.traced)
        check_hidden(hidden, program, execute(program, traced, Before(frozenset())))
    kinds = {path: kind for path, kind in whole.kinds.items() if path not in hidden.entries}
    return replace(whole, kinds=kinds)


def _excluded(context: BuildContext) -> Callable[[str], bool]:
    """Whether the ignore file keeps a path and all below it out, whatever the context has."""
    if any(pattern.exception for pattern in context.ignore.patterns):
        return lambda _: False
    return context.ignore.excluded
