"""What an ignore file may newly keep out of the context: untracked junk that no step needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from reorder.context.build import BuildContext
from reorder.context.ignore import Ignore, parse_ignore
from reorder.ecosystems.junk import CACHES, EVERYWHERE, HISTORY
from reorder.ecosystems.paths import below
from reorder.ecosystems.run import RunEffects
from reorder.ecosystems.table import ECOSYSTEMS, Row, command_key, module
from reorder.equivalence.listing import is_pattern, normal_source
from reorder.equivalence.program import Program, Refused, Step
from reorder.equivalence.stages import Stage


@dataclass(frozen=True, slots=True)
class Hidden:
    """What leaves the context: every entry, and the topmost ones that are junk as a whole."""

    entries: frozenset[str]
    roots: tuple[str, ...]
    tracked: frozenset[str]  # entries that git tracks

    @property
    def traced(self) -> frozenset[str]:
        """The entries whose places in the image tell everything."""
        return self.tracked | frozenset(self.roots)


def hidden_entries(before: BuildContext, after: BuildContext) -> Hidden:
    """What an ignore file newly hides. Raises Refused unless all of it is junk."""
    old, new = before.visible, after.visible
    for path in new:
        if path not in old and path != after.ignore_path:
            raise Refused(f"{path} would come into the build context", 0)
    entries = frozenset(p for p in old if p not in new and p != before.ignore_path)
    tracked = before.project.tracked if entries else None
    # Where nothing is known of git, only what package managers make themselves is surely junk.
    junk = (*_outputs(), *((*EVERYWHERE, *CACHES, *HISTORY) if tracked is not None else ()))
    roots: set[str] = set()
    for path in sorted(entries):
        if any(above in roots for above in _above(path)):
            continue
        if not _rules(junk).excluded(path):
            raise Refused(f"{path} is not junk that may be left out of the context", 0)
        roots.add(path)
    modules = frozenset(root for root in roots if before.project.is_tracked(root))
    return Hidden(entries, tuple(sorted(roots)), entries & (tracked or frozenset()) | modules)


def check_hidden(hidden: Hidden, program: Program, stages: list[Stage]) -> None:
    """Raises Refused if the image or a step may miss something. `stages` ran with it traced."""
    sources = _sources(program.steps)
    final = _reaching(stages)
    for path in sorted(hidden.traced):
        _not_a_source(path, sources)
        if path in final and (path in hidden.tracked or _rules(HISTORY).excluded(path)):
            raise Refused(f"{path} would no longer be in the image", 0)
    harmless = _rules((*EVERYWHERE, *CACHES, *HISTORY))
    for number, stage in enumerate(stages):
        for place, path in stage.placed:
            # A dependency output may only go where a step of the build makes it itself.
            if harmless.excluded(path):
                continue
            if not any(_makes(other, place, path) for other in _related(stages, number)):
                raise Refused(f"no step makes {path}, so the image needs that of the context", 0)


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _makes(stage: Stage, place: str, path: str) -> bool:
    for ran in stage.runs:
        if isinstance(ran.run.effects, RunEffects):
            for step in ran.run.effects.steps:
                outputs = step.effects.install.outputs if step.effects.install else ()
                if any(below(place, tree) for tree in outputs):
                    return True
                key = command_key(step.call.name)
                junk = (_junk(row) for row in ECOSYSTEMS if key in row.commands)
                if any(_rules(patterns).excluded(path) for patterns in junk):
                    return True
    return False


def _related(stages: list[Stage], number: int) -> Iterable[Stage]:
    """A stage, those it starts from, and those that start from it."""
    at: int | None = number
    while at is not None:
        yield stages[at]
        at = stages[at].parent
    children = {number}
    for index, stage in enumerate(stages):
        if stage.parent in children:
            children.add(index)
            yield stage


def _reaching(stages: list[Stage]) -> frozenset[str]:
    """The traced entries that may end in the last stage, or in a named one that no other uses."""
    used = {taken.stage for stage in stages for taken in stage.taken}
    used |= {stage.parent for stage in stages if stage.parent is not None}
    reached: list[set[str]] = []
    for stage in stages:
        mine = {origin for _, origin in stage.placed}
        if stage.parent is not None:
            mine |= reached[stage.parent]
        for taken in stage.taken:
            source = stages[taken.stage]
            direct = {origin for place, origin in source.placed if _covers(taken.path, place)}
            known = {origin for _, origin in source.placed}
            mine |= direct | (reached[taken.stage] - known)
        reached.append(mine)
    last = len(stages) - 1
    return frozenset(
        path
        for index, stage in enumerate(stages)
        if index == last or (stage.name and index not in used)
        for path in reached[index]
    )


def _covers(tree: str | None, place: str) -> bool:
    return tree is None or below(place, tree)


def _sources(steps: Iterable[Step]) -> list[str]:
    """Every context path that a COPY, ADD or bind mount names; expanded as far as it is written."""
    found: list[str] = []
    for step in steps:
        if step.trigger is not None:
            found += _sources([step.trigger])
        if step.keyword in ("copy", "add") and step.flag("from") is None:
            words = step.words if step.words is not None else tuple(step.rest.split())
            found += [normal_source(word) for word in words[:-1]]
        for text in step.flags_named("mount"):
            options = dict(part.partition("=")[::2] for part in text.split(","))
            if options.get("type", "bind") == "bind" and "from" not in options:
                found.append(normal_source(options.get("source", options.get("src", "."))))
    return found


def _not_a_source(path: str, sources: list[str]) -> None:
    for source in sources:
        if "$" in source:
            continue
        if is_pattern(source):
            if _wild(source).excluded(path) and source.strip("*/"):
                raise Refused(f"a source {source} names {path}", 0)
        elif source and below(source, path):
            raise Refused(f"{source} is copied, but would be left out of the context", 0)


def _outputs() -> tuple[str, ...]:
    return tuple(pattern for row in ECOSYSTEMS for pattern in _junk(row))


@lru_cache(maxsize=32)
def _junk(row: Row) -> tuple[str, ...]:
    try:
        return module(row.module).JUNK
    except ModuleNotFoundError:
        return ()


@lru_cache(maxsize=64)
def _rules(patterns: tuple[str, ...]) -> Ignore:
    return parse_ignore("\n".join(patterns))


def _wild(source: str) -> Ignore:
    return _rules((source,))
