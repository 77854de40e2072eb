"""The pipeline: text → tree → facts → one proposal → check → commit or drop, until none is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reorder.config import Options
from reorder.context.build import BuildContext
from reorder.context.builder import BuilderFacts, builder_facts
from reorder.context.git import toplevel
from reorder.context.project import Project
from reorder.cost.estimate import dearer, estimate
from reorder.cost.model import Costs
from reorder.equivalence.check import Objection, check
from reorder.errors import InputError
from reorder.graph.facts import Facts, derive
from reorder.opened import Left, Opened, open_file, open_text
from reorder.result import Advice, Change, IgnoreChange, Refusal, Result
from reorder.syntax.nodes import File
from reorder.transforms.base import Rewrite, Settings
from reorder.transforms.compact import compacted
from reorder.transforms.draft import Draft
from reorder.transforms.forbidden import forbidden
from reorder.transforms.ignoring import with_patterns
from reorder.transforms.table import TRANSFORMS

UNKNOWN_CONTEXT = "the build context is not known; name it with --context"
WINDOWS = "it builds a Windows image, which is not understood: it stays as it is"
MOST_WORK = 6_000  # instructions that proofs go through; real files need a few hundred
STEPS_EACH = 10  # rewrites for each instruction, far above what any file needs; more is a bug


@dataclass(slots=True)
class Work:
    """What the proofs of one file have cost so far, those that failed included."""

    path: str
    done: int = 0

    def add(self, instructions: int) -> None:
        """Raises InputError when it is more than a file may cost."""
        self.done += instructions
        if self.done > MOST_WORK:
            what = f"needs more than {MOST_WORK:,} steps of proof: it is too large to be rewritten"
            raise InputError(self.path, what)


@dataclass(frozen=True)
class State:
    """The file on its way. `lines` has the line of each instruction in the text that was read."""

    before: File
    earlier: BuildContext | None  # as it was found
    file: File
    context: BuildContext | None  # as the rewrite would leave it
    lines: tuple[int, ...]
    work: Work
    changes: tuple[Change, ...] = ()
    added: tuple[str, ...] = ()  # ignore patterns
    completes: frozenset[int] = frozenset()
    narrows: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rest:
    """The facts of a file that stays as it is, and what was not done to it."""

    facts: Facts
    refusals: tuple[Refusal, ...]
    advice: tuple[Advice, ...]


def rewrite_file(
    path: Path, options: Options, ignore_overrides: Mapping[Path, str] | None = None
) -> Result:
    """Rewrite one Dockerfile on disk without writing. Raises InputError for what a user can mend.

    `ignore_overrides` holds ignore files that an earlier result of the same run would change.
    """
    return rewrite_opened(open_file(path, options, ignore_overrides), options)


def rewrite_text(text: str, name: str, options: Options) -> Result:
    """The same for text that has no file, in the context of `options.context` or this folder."""
    return rewrite_opened(open_text(text, name, options), options)


def rewrite_opened(opened: Opened, options: Options) -> Result:
    """The same for a Dockerfile that was opened; an ignore file only changes beside a real one."""
    name = str(opened.path)
    left = opened.off or (Left(opened.windows, WINDOWS) if opened.windows is not None else None)
    if left is not None:
        text = str(opened.file)
        reason = Refusal("order", left.line, left.reason)
        return Result(name, str(opened.root), "skipped", text, text, refusals=(reason,))
    result = rewrite(
        opened.file,
        name,
        opened.context,
        options,
        may_ignore=opened.on_disk,
        costs=opened.costs,
    )
    if opened.context is not None:
        return result
    unknown = Refusal("manifest-first", 1, f"{UNKNOWN_CONTEXT} ({opened.unknown})")
    return replace(result, context=str(opened.root), refusals=(unknown, *result.refusals))


def rewrite(
    file: File,
    name: str,
    context: BuildContext | None,
    options: Options,
    *,
    may_ignore: bool = True,
    costs: Costs | None = None,
) -> Result:
    """The whole run for one parsed file; `may_ignore` tells whether ignore files can be changed.

    `costs` weighs the steps; None: by stability tiers alone.
    """
    new_ignore = context is not None and context.ignore_text is None
    settings = Settings(
        options, _builder(file, context), file.instructions, new_ignore, costs or Costs()
    )
    lines = tuple(node.line for node in file.instructions)
    state = State(file, context, file, context, lines, Work(name))
    for _ in range(STEPS_EACH * (len(file.instructions) + 10)):
        step = _step(state, settings, may_ignore)
        if isinstance(step, Rest):
            return _result(name, state, context, step, settings)
        state = step
    raise RuntimeError(f"{name}: the rewrites do not come to an end")


def _step(state: State, settings: Settings, may_ignore: bool) -> State | Rest:
    """The state after the first proposal that is proved, or what is left when none is."""
    facts = derive(state.file, state.context, state.lines)
    refusals: dict[Refusal, None] = {}
    advice: dict[Advice, None] = {}
    for transform in TRANSFORMS:
        if not settings.options.allows(transform.ID):
            continue
        for proposal in transform.propose(facts, settings):
            if isinstance(proposal, Refusal):
                refusals[proposal] = None
                continue
            following = _committed(state, proposal, settings, may_ignore)
            if isinstance(following, State) and proposal.adds_work:
                following = _paying(facts, following, settings) or following
            if not isinstance(following, State):
                refusals[Refusal(proposal.id, proposal.line, following)] = None
            elif settings.options.check and _advised(proposal, settings):
                advice[Advice(proposal.id, proposal.line, proposal.message)] = None
            else:
                return following
    return Rest(facts, _without_twins(refusals), tuple(advice))


def _advised(rewrite: Rewrite, settings: Settings) -> bool:
    """Whether another clone may see it otherwise: one with more of the history, or with less."""
    return rewrite.only_history or (rewrite.adds_work and settings.costs.elsewhere)


def _paying(facts: Facts, following: State, settings: Settings) -> str | None:
    """Why a further step is not worth its time."""
    after = derive(following.file, following.context, following.lines)
    return dearer(facts, after, settings.costs)


def _without_twins(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One row for one fact: what `split-run` says of a line, `manifest-first` would repeat."""
    found = tuple(refusals)
    split = {refusal.line for refusal in found if refusal.id == "split-run"}
    return tuple(r for r in found if r.id != "manifest-first" or r.line not in split)


def _committed(state: State, rewrite: Rewrite, settings: Settings, may_ignore: bool) -> State | str:
    """The state after a proposal, or why it cannot be taken."""
    if rewrite.safety == "unsafe" and not settings.options.asks(rewrite.id):
        return f"{rewrite.message}: only with --unsafe"
    context = state.context
    if rewrite.ignore and context is not None:
        if not may_ignore or not settings.options.allows("dockerignore"):
            return f"it needs {', '.join(rewrite.ignore)} in the ignore file, which stays as it is"
        context = with_patterns(context, rewrite.ignore)
    short = compacted(rewrite.draft, context, settings)
    if short is not rewrite.draft:
        found = _with(state, rewrite, short, context)
        if isinstance(found, State):
            return found
    return _with(state, rewrite, rewrite.draft, context)


def _with(
    state: State, rewrite: Rewrite, draft: Draft, context: BuildContext | None
) -> State | str:
    told = forbidden(state.file, state.lines, rewrite, draft)
    if told is not None:
        return told
    file = draft.build()
    if file.problems:
        raise RuntimeError(f"{rewrite.id} at line {rewrite.line} broke the file")
    return _proved(
        replace(
            state,
            file=file,
            context=context,
            lines=draft.lines,
            changes=(
                *state.changes,
                Change(
                    rewrite.id, rewrite.line, rewrite.safety, rewrite.message, rewrite.assumptions
                ),
            ),
            added=(*state.added, *rewrite.ignore),
            completes=state.completes | rewrite.completes,
            narrows={**state.narrows, **rewrite.narrows},
        )
    )


def _proved(state: State) -> State | str:
    state.work.add(len(state.file.instructions))
    verdict = check(
        str(state.before),
        str(state.file),
        state.earlier,
        state.context,
        completed=state.completes,
        narrowed=state.narrows,
        unsafe=any(change.safety == "unsafe" for change in state.changes),
    )
    return f"it could not be proved: {verdict.reason}" if isinstance(verdict, Objection) else state


def _result(
    name: str, state: State, context: BuildContext | None, rest: Rest, settings: Settings
) -> Result:
    before, after = str(state.before), str(state.file)
    ignore = None
    if context is not None and state.context is not None and state.added:
        ignore = IgnoreChange(
            str(Path(context.project.root, context.ignore_path)),
            context.ignore_text,
            state.context.ignore_text or "",
            state.added,
        )
    return Result(
        path=name,
        context=str(context.project.root) if context is not None else "",
        status="changed" if before != after or ignore is not None else "unchanged",
        before=before,
        after=after,
        changes=state.changes,
        refusals=rest.refusals,
        advice=rest.advice,
        ignore=ignore,
        lines=state.lines,
        estimate=estimate(derive(state.before, state.earlier), rest.facts, settings.costs),
    )


def _builder(file: File, context: BuildContext | None) -> BuilderFacts:
    """What the repository says of its builder; CI files lie at its root."""
    pin = file.directive("syntax")
    if context is None:
        return builder_facts(Project.of({}), pin)
    root = context.project.root
    top = toplevel(root) if root.is_dir() else None
    return builder_facts(Project.open(top) if top is not None else context.project, pin)
