"""In which rebuilds every instruction is new: by itself, and with all that it depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from reorder.cost.rebuilds import Changes
from reorder.ecosystems.paths import EVERYTHING, Paths, below
from reorder.graph.facts import Facts, Node
from reorder.graph.stages import Stage, source_stage
from reorder.syntax import views

SETTINGS = frozenset({"env", "arg", "user", "shell"})  # no layers: RUN sees them
_SYSTEM = ("/etc/ssl", "/etc/passwd", "/etc/group", "/usr/share", "/usr/lib", "/lib")


@dataclass(frozen=True, slots=True)
class Spread:
    """Masks of rebuilds by position."""

    own: dict[int, int]  # its text, or what it takes from the context or another stage, is new
    deep: dict[int, int]  # that, or something that it depends on is
    starts: tuple[int, ...]  # for each stage: a step of what it starts from has run again
    told: tuple[int, ...]  # for each stage: the environment that it starts with is new


def spread(
    facts: Facts, rebuilds: Changes, edges: Callable[[Stage], Mapping[tuple[int, int], str]]
) -> Spread:
    """The masks of every node; `edges` gives the dependencies within a stage."""
    own: dict[int, int] = {}
    deep: dict[int, int] = {}
    starts: list[int] = []
    told: list[int] = []
    for stage in facts.stages:
        starts.append(_start(facts, rebuilds, stage, own, starts))
        told.append(_told(facts, stage, own, told))
        inherited = _end(facts, deep, stage.parent)
        above: dict[int, list[int]] = {}
        for a, b in edges(stage):
            above.setdefault(b, []).append(a)
        for node in facts.body(stage):
            mask = rebuilds.own(facts, node) | _source(facts, deep, stage, node, rebuilds)
            if node.keyword in ("copy", "add", "workdir"):
                mask |= _expanded(facts, stage, node, own)
            own[node.at] = deep[node.at] = mask
            for a in above.get(node.at, ()):
                deep[node.at] |= deep[a]
            if node.keyword == "run" and node.understood is None:
                deep[node.at] |= inherited
    return Spread(own, deep, tuple(starts), tuple(told))


def _start(
    facts: Facts, rebuilds: Changes, stage: Stage, own: dict[int, int], starts: list[int]
) -> int:
    """A stage that starts from another is built again after any step of it."""
    mask = rebuilds.start(facts, stage.start)
    if stage.parent is not None:
        mask |= starts[stage.parent]
        parent = facts.body(facts.stages[stage.parent])
        runs = any(node.keyword == "run" for node in parent)
        for node in parent:
            if runs or node.keyword not in SETTINGS:
                mask |= own[node.at]
    return mask


def _told(facts: Facts, stage: Stage, own: dict[int, int], told: list[int]) -> int:
    if stage.parent is None:
        return 0
    mask = told[stage.parent]
    for node in facts.body(facts.stages[stage.parent]):
        mask |= own[node.at] if node.keyword in SETTINGS else 0
    return mask


def _expanded(facts: Facts, stage: Stage, node: Node, own: dict[int, int]) -> int:
    """A step whose text names a variable is another one when the variable is new."""
    mask = 0
    for earlier in facts.body(stage):
        names = earlier.effects.writes.env
        if earlier.at < node.at and names and names & (node.effects.reads.env or frozenset()):
            mask |= own[earlier.at]
    return mask


def _end(facts: Facts, deep: dict[int, int], index: int | None) -> int:
    if index is None:
        return 0
    stage = facts.stages[index]
    mask = _end(facts, deep, stage.parent)
    for at in stage.body:
        mask |= deep[at]
    return mask


def _source(facts: Facts, deep: dict[int, int], stage: Stage, node: Node, rebuilds: Changes) -> int:
    """What a node takes from another stage is new when whoever writes it does something new."""
    mask = 0
    for value, words in _taken(node):
        current = source_stage(value, stage.index, facts.stages)
        paths = _paths([node.scope.expand(word, facts.file.escape) for word in words])
        while current is not None:
            mask |= rebuilds.start(facts, current.start)
            for writer in facts.body(current):
                if writer.effects.writes.paths.overlaps(paths) and not _elsewhere(writer, paths):
                    mask |= deep[writer.at]
            current = facts.stages[current.parent] if current.parent is not None else None
    return mask


def _elsewhere(writer: Node, paths: Paths) -> bool:
    """A build that may do anything hardly ever makes certificates or time zones new.

    That is no proof, but this is only about how often things change.
    """
    anything = writer.effects.writes.paths == EVERYTHING
    return (
        anything
        and bool(paths.trees)
        and all(any(below(tree, system) for system in _SYSTEM) for tree in paths.trees)
    )


def _taken(node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The stages or images that a node takes files from, with the sources as written."""
    if node.keyword == "copy":
        view = views.copy(node.instruction)
        if view.from_:
            yield view.from_, view.sources
    elif node.keyword == "run":
        for mount in views.mounts(node.instruction):
            if mount.from_:
                yield mount.from_, (mount.source or "/",)


def _paths(words: list[str | None]) -> Paths:
    known = ["/" + word.strip("/") for word in words if word is not None]
    if len(known) < len(words) or "/" in known:
        return EVERYTHING
    wild = frozenset(path for path in known if any(char in path for char in "*?["))
    return Paths(trees=frozenset(known) - wild, globs=wild)
