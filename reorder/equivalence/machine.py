"""The abstract machine: runs a Dockerfile on a listing of its context, and builds nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from reorder.ecosystems.application import application_folders
from reorder.ecosystems.folders import above_mounts
from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths, glob_root
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.symlinks import goes_through, links_made
from reorder.ecosystems.told import may_tell, told_after
from reorder.ecosystems.users import after_copy, users_after
from reorder.equivalence import copies, imageconfig, owners, parts, runs
from reorder.equivalence.folders import Target, chain, made_folders
from reorder.equivalence.listing import Listing, is_pattern, normal_source
from reorder.equivalence.mounts import Mount, mounts
from reorder.equivalence.program import Program, Refused, Step
from reorder.equivalence.scope import Globals, Scope, advance, global_args, normal, start
from reorder.equivalence.stages import Ran, Stage, Taken, Text, base_of, find, split
from reorder.equivalence.state import Event, State
from reorder.equivalence.values import Value, fold


@dataclass(frozen=True, slots=True)
class Verdict:
    """What counts of a part of a RUN."""

    kept: tuple[Mount, ...]  # the cache mounts that are part of it; the others are transparent
    counts: bool = True  # False: it only fills caches
    completed: bool = False  # what it reads of the files is judged apart


class Judge(Protocol):
    """Looks at every part of a RUN before it takes effect."""

    def judge(self, ran: Ran, stage: Stage, number: int) -> Verdict:
        """What counts of the next part in the stage with that number. May raise Refused."""


def execute(program: Program, listing: Listing, judge: Judge) -> list[Stage]:
    """Run every stage. Raises Refused for what cannot be followed, and where a build would fail."""
    first = next(at for at, step in enumerate(program.steps) if step.keyword == "from")
    globals_ = global_args(program.steps[:first], program.escape)
    known: list[Stage] = []
    for text in split(program, globals_):
        machine = _Machine(program.escape, globals_, listing, judge, known)
        known.append(machine.stage(text))
    return known


@dataclass
class _Machine:
    escape: str
    globals_: Globals
    listing: Listing
    judge: Judge
    known: list[Stage]
    application: frozenset[str] = frozenset()
    at: int = 0

    def stage(self, text: Text) -> Stage:
        stage, triggers = self._begin(text)
        steps = (*triggers, *text.steps)
        self._survey(stage, steps)
        for self.at, step in enumerate(steps):
            self._step(stage, step)
            stage.scope = advance(stage.scope, step, self.escape, self.globals_)
        return stage

    def _begin(self, text: Text) -> tuple[Stage, tuple[Step, ...]]:
        parent = base_of(text.image, self.known)
        if parent is None:
            scope = start(text.image)
            id = fold("FROM", text.image.sym, text.platform.sym)
            state = State().with_event(Event(id, EVERYTHING, text.source.line, base=True))
            return Stage(text.name, None, scope, text.source.line, state=state), ()
        old = self.known[parent]
        stage = Stage(text.name, parent, old.scope, text.source.line, state=old.state)
        stage.config = imageconfig.derived(old.config)
        stage.copies, stage.folders = list(old.copies), list(old.folders)
        stage.inlines = list(old.inlines)
        return stage, old.config.triggers

    def _survey(self, stage: Stage, steps: tuple[Step, ...]) -> None:
        """The application's folders hold for the whole stage, so they are looked for first."""
        scope = stage.scope
        for step in steps:
            if step.keyword in ("copy", "add") and step.flag("from") is None:
                stage.copies += self._destinations(scope, step)
            scope = advance(scope, step, self.escape, self.globals_)
            if step.keyword == "workdir" and scope.cwd is not None:
                stage.folders.append(scope.cwd)
        self.application = application_folders(stage.copies, stage.folders)

    def _destinations(self, scope: Scope, step: Step) -> Iterator[tuple[str, tuple[str, ...]]]:
        sources, dest = copies.arguments(step, scope, self.escape)
        path = scope.path(dest)
        if path is None:
            return
        names: list[str] = []
        for source in sources:
            name = normal_source(source.text or "")
            if step.flag("parents") is not None:
                inner = normal_source((source.text or "").partition("/./")[2]) or name
                names.append(inner.partition("/")[0])
                continue
            for found in self.listing.matches(name) if is_pattern(name) else [name]:
                if self.listing.kind(found) == "dir":
                    names += map(posixpath.basename, self.listing.children.get(found, ()))
                else:
                    names.append(posixpath.basename(found))
        yield path, tuple(names)

    def _step(self, stage: Stage, step: Step) -> None:
        match step.keyword:
            case "run":
                self._run(stage, step)
            case "copy" if step.flag("from") is not None:
                self._copy_from(stage, step, step.flag("from") or "")
                self._may_bring_accounts(stage, step)
            case "copy" | "add":
                scope, state = stage.scope, stage.state
                stage.inlines += [inline.body for inline in step.inlines]
                self._goes_to(stage, step)
                stage.state = copies.copy(step, scope, state, self.listing, self.escape)
                self._may_bring_accounts(stage, step)
                self._trace(stage, state)
            case "workdir":
                self._workdir(stage, step)
                stage.config = imageconfig.after(stage.config, stage.scope, step, self.escape)
            case "arg":
                pass
            case _:
                stage.config = imageconfig.after(stage.config, stage.scope, step, self.escape)

    def _goes_to(self, stage: Stage, step: Step) -> None:
        _, dest = copies.arguments(step, stage.scope, self.escape)
        into = copies.target(step, stage.scope, stage.state, dest, self.escape)
        if into is not None:
            stage.targets.append((self.at, into))

    def _may_bring_accounts(self, stage: Stage, step: Step) -> None:
        _, dest = copies.arguments(step, stage.scope, self.escape)
        made = after_copy(stage.scope.made, stage.scope.path(dest))
        stage.scope = replace(stage.scope, made=made)

    def _run(self, stage: Stage, step: Step) -> None:
        scope, start = stage.scope, stage.state
        found = mounts(step, scope, self.escape)
        whole = runs.understand(step, scope, start, self.listing, self.application, found)
        if isinstance(whole.effects, RunEffects):
            known = [each.call for each in whole.effects.steps]
            made = users_after(scope.made, known, whole.script, scope.base)
            stage.scope = replace(scope, made=made, told=told_after(scope.told, known))
        else:
            made = users_after(scope.made, None, whole.script, scope.base)
            told = (*scope.told, None) if may_tell(whole.script) else scope.told
            stage.scope = replace(scope, made=made, told=told)
        trees = tuple(self._shown(stage, m, step) for m in found if m.option("from") is not None)
        for number, piece in enumerate(parts.pieces(whole)):
            part = runs.part(whole, piece.text, stage.state, self.listing, self.application)
            kept_together = parts.needs_the_rest(part, piece)
            if kept_together:
                part = runs.part(whole, piece.rest, stage.state, self.listing, self.application)
            self._part(stage, Ran(part, stage.state, self.at, number, whole, start), trees)
            if kept_together:
                return
            whole = _after_part(whole, part)

    def _part(self, stage: Stage, ran: Ran, trees: tuple[str, ...]) -> None:
        verdict = self.judge.judge(ran, stage, len(self.known))
        stage.runs.append(ran)
        if not verdict.counts:
            return
        run, state = ran.run, ran.state
        seen = (*trees, *runs.opened(run, state, self.listing))
        event = runs.event(run, state, verdict.kept, seen, files=not verdict.completed)
        if event.writes:
            stage.state = self._above_mounts(ran, verdict.kept).with_event(event)
            made = links_made(run.effects) if isinstance(run.effects, RunEffects) else NOTHING
            stage.state = replace(stage.state, links=state.links | made)
        elif not only_fills_caches(run) and not verdict.completed:
            stage.state = replace(state, checks=state.checks | {event.id})

    def _above_mounts(self, ran: Ran, kept: tuple[Mount, ...]) -> State:
        """The state with the folders that the runtime makes for the mounts that count."""
        run, state = ran.run, ran.state
        home = owners.account(run.scope).home
        targets = [m.target for m in run.mounts if m.type != "cache" or m in kept]
        scratch = run.scope.image.text == "scratch"
        for path in sorted(above_mounts(filter(None, targets), home).files):
            into = Target(path, True, owners.ROOT, "", "", ran.line, scratch, False)
            state = state.with_cells(made_folders(into, state, path))
        return state

    def _shown(self, stage: Stage, mount: Mount, step: Step) -> str:
        """What a mount shows of another stage."""
        source = mount.option("from") or ""
        number = find(source, self.known)
        if number is None:
            return fold("image", source)
        path = normal(mount.option("source") or "/")
        stage.taken.append(Taken(number, path, step.line))
        return self.known[number].state.digest_below(path)

    def _trace(self, stage: Stage, earlier: State) -> None:
        """Note where the files that somebody asks about were put."""
        if self.listing.traced:
            stage.placed += [
                (path, cell.origin)
                for path, cell in stage.state.cells.items()
                if cell.origin in self.listing.traced and earlier.cells.get(path) is not cell
            ]

    def _copy_from(self, stage: Stage, step: Step, source: str) -> None:
        if "$" in source:
            raise Refused("--from must not depend on a variable", step.line)
        scope, state = stage.scope, stage.state
        values, dest = copies.arguments(step, scope, self.escape)
        into = copies.target(step, scope, state, dest, self.escape)
        if into is not None and goes_through(state.links, Paths(trees=frozenset({into.path}))):
            into = None
        if into is not None:
            stage.targets.append((self.at, into))
        number = find(source, self.known)
        told = [self._told(stage, number, value, step) for value in values]
        flags = sorted(f"{name}={value}" for name, value in step.flags if name != "from")
        flags += copies.owning(step, scope, self.escape)
        origin = source if number is None else self.known[number].name or str(number)
        id = ("copy from", origin, *told, dest.sym, *flags)
        if into is None:
            where = fold(*id, scope.folder.sym, state.digest())
            stage.state = state.with_event(Event(where, EVERYTHING, step.line))
            return
        writes = Paths(trees=frozenset({into.path}))
        there = state.cells.get(into.path)
        place = (into.path, into.owner, into.mode, into.tag)
        seen = (*state.touching(writes), *state.opened(writes, self.listing.excluded))
        event = Event(fold(*id, *place, *seen), writes, step.line)
        above = made_folders(into, state, posixpath.dirname(into.path))
        state = state.with_cells(above).with_event(event)
        if there is not None and there.kind == "dir":
            # What is copied into a folder that is there leaves the folder itself as it is.
            state = state.with_cells({into.path: there})
        stage.state = state

    def _told(self, stage: Stage, number: int | None, value: Value, step: Step) -> str:
        if number is None:
            return fold("image", value.sym)
        path = None if value.text is None else normal(value.text)
        if path is not None and is_pattern(path):
            path = glob_root(path)
        stage.taken.append(Taken(number, path, step.line))
        source = self.known[number].state
        return fold(value.sym, source.digest() if path is None else source.digest_below(path))

    def _workdir(self, stage: Stage, step: Step) -> None:
        scope, state = stage.scope, stage.state
        after = advance(scope, step, self.escape, self.globals_)
        owner = owners.owner(scope.user, scope, state)
        if after.cwd is None or goes_through(state.links, Paths(files=frozenset(chain(after.cwd)))):
            id = fold("workdir", after.folder.sym, owner, state.digest())
            stage.state = state.with_event(Event(id, EVERYTHING, step.line))
            return
        scratch = scope.image.text == "scratch"
        into = Target(after.cwd, True, owner, "", "", step.line, scratch, False)
        stage.targets.append((self.at, into))
        stage.state = state.with_cells(made_folders(into, state, after.cwd))


def _after_part(whole: runs.Understood, part: runs.Understood) -> runs.Understood:
    """The RUN as the parts that follow see it: what a part told a tool counts for them."""
    if not isinstance(part.effects, RunEffects):
        return whole
    told = told_after(whole.scope.told, (step.call for step in part.effects.steps))
    return replace(whole, scope=replace(whole.scope, told=told))


def only_fills_caches(run: runs.Understood) -> bool:
    """A dependency step that works and has no result: the image does not depend on its place."""
    if not isinstance(run.effects, RunEffects) or not run.effects.installs:
        return False
    if run.effects.barrier is not None or run.effects.writes:
        return False
    return all(install.refusal is None for install in run.effects.installs)
