"""What is told of each instruction: the same for text and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from reorder.analysis import Analysis
from reorder.ecosystems.paths import Paths
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.graph.resources import Resources
from reorder.graph.stages import source_stage, sources_of
from reorder.report.blockers import Below, blockers
from reorder.report.style import visible
from reorder.report.words import (
    counted,
    listed,
    names_words,
    opaque,
    paths_words,
    resource_words,
    title,
)
from reorder.result import Advice, Change, Refusal
from reorder.syntax import views
from reorder.syntax.nodes import Instruction

Finding = TypeVar("Finding", Change, Refusal, Advice)

MOVES = frozenset({"order", "manifest-first", "prefetch", "split-run"})


@dataclass(frozen=True, slots=True)
class Often:
    """A part of all rebuilds, as a number and in words."""

    share: float
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction. `changes` is how often it is new itself, `reruns` how often it is built."""

    line: int
    text: str
    keyword: str
    reads: str
    writes: str
    changes: Often | None
    reruns: Often | None  # None: it is no step that takes time
    seconds: float
    cost: str  # where the seconds come from
    changed: tuple[Change, ...]
    refused: tuple[Refusal, ...]
    advice: tuple[Advice, ...]
    below: Below | None


@dataclass(frozen=True, slots=True)
class Part:
    """A stage, or what stands above the first one (`index` is None)."""

    index: int | None
    name: str | None
    steps: tuple[Step, ...]


def explanation(analysis: Analysis) -> tuple[Part, ...]:
    """Every instruction in the author's order, stage by stage."""
    facts = analysis.facts
    waits: dict[int, Below] = {}
    for stage in facts.stages:
        waits |= blockers(analysis, stage)
    first = facts.stages[0].start if facts.stages else len(facts.file.instructions)
    parts = [Part(None, None, _steps(analysis, range(first), waits))] if first else []
    for stage in facts.stages:
        steps = _steps(analysis, range(stage.start, stage.end), waits)
        parts.append(Part(stage.index, stage.name, steps))
    return tuple(parts)


def _steps(analysis: Analysis, positions: range, waits: Mapping[int, Below]) -> tuple[Step, ...]:
    return tuple(_step(analysis, at, waits.get(at)) for at in positions)


def _step(analysis: Analysis, at: int, below: Below | None) -> Step:
    facts, result = analysis.facts, analysis.result
    instruction = facts.file.instructions[at]
    changed = _own(result.changes, facts, at)
    node = facts.nodes.get(at)
    reads, writes = ("", "") if node is None else (_reads(facts, node), _writes(node))
    return Step(
        line=instruction.line,
        text=title(instruction),
        keyword=instruction.keyword.upper(),
        reads=reads,
        writes=writes,
        changes=_often(analysis, analysis.changes.get(at)),
        reruns=_often(analysis, analysis.reruns.get(at)) if _is_step(instruction) else None,
        seconds=analysis.seconds.get(at, 0.0),
        cost=analysis.costs.get(at, ""),
        changed=changed,
        refused=_own(result.refusals, facts, at),
        advice=_own(result.advice, facts, at),
        below=None if any(change.id in MOVES for change in changed) else below,
    )


def _often(analysis: Analysis, mask: int | None) -> Often | None:
    if mask is None:
        return None
    return Often(analysis.rebuilds.share(mask), analysis.rebuilds.words(mask))


def _is_step(instruction: Instruction) -> bool:
    return instruction.keyword in ("run", "copy", "add", "workdir")


def _own(findings: tuple[Finding, ...], facts: Facts, at: int) -> tuple[Finding, ...]:
    """The findings from an instruction's line on to the next; the first has what is above it."""
    instructions = facts.file.instructions
    start = instructions[at].line if at else 0
    end = instructions[at + 1].line if at + 1 < len(instructions) else None
    return tuple(f for f in findings if start <= f.line and (end is None or f.line < end))


def _reads(facts: Facts, node: Node) -> str:
    reason = opaque(node)
    if reason is not None:
        return f"anything: {reason}"
    parts: list[str] = []
    if node.keyword in ("copy", "add"):
        parts.append(_sources(facts, node))
    elif node.run is not None:
        parts.append(paths_words(node.effects.reads.paths))
    known = _declared(facts, node) if node.run is not None else None
    parts.append(names_words(node.effects.reads.env, known))
    return ", ".join(filter(None, parts))


def _writes(node: Node) -> str:
    reason = opaque(node)
    if reason is not None:
        return f"anything: {reason}"
    if isinstance(node.copy, Copied):
        return listed(map(visible, counted(node.copy.placed.files)))
    made = Resources(Paths(files=node.effects.makes))
    return ", ".join(filter(None, map(resource_words, (node.effects.writes, made))))


def _sources(facts: Facts, node: Node) -> str:
    for value in sources_of(node.instruction):
        stage = source_stage(value, node.stage, facts.stages)
        place = visible(value) if stage is None else f"stage {stage.name or stage.index}"
        return f"{listed(map(visible, views.copy(node.instruction).sources))} from {place}"
    if isinstance(node.copy, Copied):
        found = counted(set(node.copy.placed.files.values()))
        return f"{listed(map(visible, found))} from the context" if found else ""
    return "" if node.copy is None else visible(node.copy)


def _declared(facts: Facts, node: Node) -> frozenset[str]:
    """The variables of the file that are in force at an instruction."""
    written = (_names(facts.file.instructions[at]) for at in range(node.at))
    return frozenset(name for names in written for name in names if name in node.scope.env)


def _names(instruction: Instruction) -> tuple[str, ...]:
    if instruction.keyword not in ("env", "arg"):
        return ()
    return tuple(name for name, _ in views.pairs(instruction))
