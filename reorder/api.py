"""The pipeline: text → tree → facts → one proposal → check → commit or drop, until none is left."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reorder.config import Options
from reorder.context.build import BuildContext, build_context
from reorder.context.builder import BuilderFacts, builder_facts
from reorder.context.git import toplevel
from reorder.context.locate import locate
from reorder.context.project import Project
from reorder.cost.tiers import is_manifest
from reorder.equivalence.check import Objection, check
from reorder.errors import InputError
from reorder.graph.facts import derive
from reorder.graph.siblings import local_sources, used_paths
from reorder.result import Change, IgnoreChange, Refusal, Result
from reorder.syntax.nodes import File
from reorder.syntax.parse import parse
from reorder.transforms.base import Rewrite, Settings
from reorder.transforms.ignoring import with_patterns
from reorder.transforms.table import TRANSFORMS

UNKNOWN_CONTEXT = "the build context is not known; name it with --context"
STEPS_EACH = 10  # rewrites for each instruction, far above what any file needs; more is a bug


@dataclass(frozen=True)
class State:
    """The file on its way. `lines` has the line of each instruction in the text that was read."""

    before: File
    earlier: BuildContext | None  # as it was found
    file: File
    context: BuildContext | None  # as the rewrite would leave it
    lines: tuple[int, ...]
    changes: tuple[Change, ...] = ()
    added: tuple[str, ...] = ()  # ignore patterns
    completes: frozenset[int] = frozenset()


def rewrite_file(
    path: Path, options: Options, ignore_overrides: Mapping[Path, str] | None = None
) -> Result:
    """Rewrite one Dockerfile on disk without writing. Raises InputError for what a user can mend.

    `ignore_overrides` holds ignore files that an earlier result of the same run would change.
    """
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from None
    file = _parsed(text, str(path))
    place = locate(path, local_sources(file), options.context, used_paths(file))
    context = _context(place.root, path, ignore_overrides or {})
    if place.certain or any(map(is_manifest, context.project.children(""))):
        return rewrite(file, str(path), context, options)
    result = rewrite(file, str(path), None, options)
    unknown = Refusal("manifest-first", 1, f"{UNKNOWN_CONTEXT} ({place.reason})")
    return replace(result, context=str(place.root), refusals=(unknown, *result.refusals))


def rewrite_text(text: str, name: str, options: Options) -> Result:
    """The same for text that has no file, in the context of `options.context` or this folder."""
    root = options.context or Path()
    context = _context(root, root / "Dockerfile", {})
    return rewrite(_parsed(text, name), name, context, options, may_ignore=False)


def rewrite(
    file: File,
    name: str,
    context: BuildContext | None,
    options: Options,
    *,
    may_ignore: bool = True,
) -> Result:
    """The whole run for one parsed file; `may_ignore` tells whether ignore files can be changed."""
    new_ignore = context is not None and context.ignore_text is None
    settings = Settings(options, _builder(file, context), file.instructions, new_ignore)
    lines = tuple(node.line for node in file.instructions)
    state = State(file, context, file, context, lines)
    for _ in range(STEPS_EACH * (len(file.instructions) + 10)):
        following, refusals = _step(state, settings, may_ignore)
        if following is None:
            return _result(name, state, context, refusals)
        state = following
    raise RuntimeError(f"{name}: the rewrites do not come to an end")


def _step(
    state: State, settings: Settings, may_ignore: bool
) -> tuple[State | None, tuple[Refusal, ...]]:
    """The state after the first proposal that is proved; None and the refusals when none is."""
    facts = derive(state.file, state.context, state.lines)
    refusals: dict[Refusal, None] = {}
    for transform in TRANSFORMS:
        if not settings.options.allows(transform.ID):
            continue
        for proposal in transform.propose(facts, settings):
            if isinstance(proposal, Refusal):
                refusals[proposal] = None
                continue
            following = _committed(state, proposal, settings, may_ignore)
            if isinstance(following, State):
                return following, ()
            refusals[Refusal(proposal.id, proposal.line, following)] = None
    return None, tuple(refusals)


def _committed(state: State, rewrite: Rewrite, settings: Settings, may_ignore: bool) -> State | str:
    """The state after a proposal, or why it cannot be taken."""
    if rewrite.safety == "unsafe" and not settings.options.unsafe:
        return f"{rewrite.message}: only with --unsafe"
    context = state.context
    if rewrite.ignore and context is not None:
        if not may_ignore or not settings.options.allows("dockerignore"):
            return f"it needs {', '.join(rewrite.ignore)} in the ignore file, which stays as it is"
        context = with_patterns(context, rewrite.ignore)
    file = rewrite.draft.build()
    if file.problems:
        raise RuntimeError(f"{rewrite.id} at line {rewrite.line} broke the file")
    return _proved(
        replace(
            state,
            file=file,
            context=context,
            lines=rewrite.draft.lines,
            changes=(
                *state.changes,
                Change(
                    rewrite.id, rewrite.line, rewrite.safety, rewrite.message, rewrite.assumptions
                ),
            ),
            added=(*state.added, *rewrite.ignore),
            completes=state.completes | rewrite.completes,
        )
    )


def _proved(state: State) -> State | str:
    verdict = check(
        str(state.before),
        str(state.file),
        state.earlier,
        state.context,
        completed=state.completes,
        unsafe=any(change.safety == "unsafe" for change in state.changes),
    )
    return f"it could not be proved: {verdict.reason}" if isinstance(verdict, Objection) else state


def _result(
    name: str, state: State, context: BuildContext | None, refusals: tuple[Refusal, ...]
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
        refusals=refusals,
        ignore=ignore,
    )


def _context(root: Path, dockerfile: Path, overrides: Mapping[Path, str]) -> BuildContext:
    relative = os.path.relpath(dockerfile, root).replace(os.sep, "/")
    context = build_context(Project.open(root), relative)
    if context.problem is not None:
        place = str(Path(root, context.ignore_path))
        raise InputError(place, context.problem.message, context.problem.line)
    override = overrides.get(Path(os.path.abspath(Path(root, context.ignore_path))))
    return context if override is None else context.with_ignore(override)


def _builder(file: File, context: BuildContext | None) -> BuilderFacts:
    """What the repository says of its builder; CI files lie at its root."""
    pin = file.directive("syntax")
    if context is None:
        return builder_facts(Project.of({}), pin)
    root = context.project.root
    top = toplevel(root) if root.is_dir() else None
    return builder_facts(Project.open(top) if top is not None else context.project, pin)


def _parsed(text: str, name: str) -> File:
    file = parse(text)
    if file.problems:
        problem = file.problems[0]
        raise InputError(name, problem.message, problem.line)
    return file
