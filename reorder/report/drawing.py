"""The dependency graph as it is drawn: boxes in groups, and the arrows that are not implied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reorder.graph.facts import KEPT, Facts, Node, dependencies
from reorder.graph.scope import variables
from reorder.graph.stages import Stage, source_stage, sources_of
from reorder.report.links import link
from reorder.report.style import visible
from reorder.report.words import listed, title
from reorder.syntax import views
from reorder.syntax.nodes import Instruction

ArrowKind = Literal["reads", "overwrites", "replaces", "base", "argument", "stage", "copy", "mount"]
TEXT = 44  # characters of an instruction in its box


@dataclass(frozen=True, slots=True)
class Box:
    """One instruction; `at` is its position in the file."""

    at: int
    line: int
    keyword: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """One stage with its boxes, FROM first."""

    index: int
    name: str | None
    image: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """`to` needs what comes before: another box, or the end of the stage `group`.

    * "reads", "overwrites", "replaces": within a stage, as `links.Link` has them
    * "base": what depends on nothing but the image that its stage starts from
    * "argument": a FROM or ARG takes the value of an ARG above the first FROM
    * "stage", "copy", "mount": FROM, `COPY --from` and `RUN --mount=from` of another stage
    """

    kind: ArrowKind
    to: int
    box: int | None
    group: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """`arguments` are the ARGs above the first FROM."""

    arguments: tuple[Box, ...]
    groups: tuple[Group, ...]
    arrows: tuple[Arrow, ...]


def drawing(facts: Facts) -> Drawing:
    """The graph of a file. Arrows that follow from others of the same stage are left out."""
    first = facts.stages[0].start if facts.stages else len(facts.file.instructions)
    arrows: list[Arrow] = []
    for stage in facts.stages:
        arrows += _arguments(facts, stage, first)
        arrows += _within(facts, stage)
        arrows += _across(facts, stage)
    groups = tuple(
        Group(stage.index, stage.name, stage.image, _boxes(facts, range(stage.start, stage.end)))
        for stage in facts.stages
    )
    return Drawing(_boxes(facts, range(first)), groups, tuple(arrows))


def _boxes(facts: Facts, positions: Iterable[int]) -> tuple[Box, ...]:
    found = ((at, facts.file.instructions[at]) for at in positions)
    return tuple(Box(at, node.line, node.keyword.upper(), title(node, TEXT)) for at, node in found)


def _within(facts: Facts, stage: Stage) -> Iterator[Arrow]:
    nodes = facts.body(stage)
    edges = dependencies(nodes)
    above = reduced(edges)
    for node in nodes:
        if not above.get(node.at):
            yield Arrow("base", node.at, stage.start)
        for at in above.get(node.at, ()):
            yield _arrow(facts.nodes[at], node, edges[at, node.at])


def reduced(edges: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """By position: the direct predecessors that no other one implies. Edges lead down the file."""
    direct: dict[int, set[int]] = {}
    for source, target in edges:
        direct.setdefault(target, set()).add(source)
    all_above: dict[int, set[int]] = {}
    found: dict[int, list[int]] = {}
    for target in sorted(direct):
        covered: set[int] = set()
        kept: list[int] = []
        for source in sorted(direct[target], reverse=True):
            if source not in covered:
                kept.append(source)
                covered |= all_above.get(source, set()) | {source}
        found[target] = sorted(kept)
        all_above[target] = covered
    return found


def _arrow(first: Node, later: Node, reason: str) -> Arrow:
    if reason == KEPT:
        return Arrow("replaces", later.at, first.at, label=KEPT)
    found = link(first.effects, later.effects, reason)
    words = {"overwrites": f"both write {found.what}", "replaces": f"first reads {found.what}"}
    return Arrow(found.kind, later.at, first.at, label=words.get(found.kind, found.what))


def _arguments(facts: Facts, stage: Stage, first: int) -> Iterator[Arrow]:
    """Values that come from above the first FROM: into FROM, and into an ARG without a default."""
    instructions = facts.file.instructions
    sources = {name: at for at in range(first) for name in _declared(instructions[at])}
    for at in range(stage.start, stage.end):
        node = instructions[at]
        names = _expanded(node) if at == stage.start else _bare(node)
        for name in sorted(names & sources.keys()):
            yield Arrow("argument", at, sources[name], label=f"${visible(name)}")


def _declared(node: Instruction) -> list[str]:
    return [name for name, _ in views.pairs(node)] if node.keyword == "arg" else []


def _bare(node: Instruction) -> set[str]:
    pairs = views.pairs(node) if node.keyword == "arg" else ()
    return {name for name, default in pairs if default is None}


def _expanded(node: Instruction) -> set[str]:
    texts = (node.args, *(flag.value or "" for flag in node.flags))
    return {name for text in texts for name in variables(text)}


def _across(facts: Facts, stage: Stage) -> Iterator[Arrow]:
    if stage.parent is not None:
        yield Arrow("stage", stage.start, None, stage.parent, "the whole image")
    for at in stage.body:
        node = facts.file.instructions[at]
        kind: ArrowKind = "mount" if node.keyword == "run" else "copy"
        for value in dict.fromkeys(sources_of(node)):
            source = source_stage(value, stage.index, facts.stages)
            if source is not None:
                yield Arrow(kind, at, None, source.index, listed(map(visible, _taken(node, value))))


def _taken(node: Instruction, value: str) -> list[str]:
    """The paths of another stage that an instruction names."""
    if node.keyword == "onbuild" and node.inner is not None:
        return _taken(node.inner, value)
    if node.keyword == "copy":
        return list(views.copy(node).sources)
    return [mount.source or "/" for mount in views.mounts(node) if mount.from_ == value]
