"""Bring an install above the copy of the source: its manifests first, then it, then the source.

Used by every transform that splits a broad COPY. The preconditions, each with its refusal:
the manifest closure is known; nothing the install needs depends on the source; the install reads
nothing else of what the broad COPY brings; and what it writes is kept out of the context, so that
the COPY which now follows cannot put a stale version over it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reorder.cost.tiers import is_manifest
from reorder.ecosystems.contract import Install
from reorder.ecosystems.paths import below
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node, dependencies
from reorder.syntax import edit
from reorder.syntax.nodes import File, Instruction
from reorder.transforms.copy_text import manifest_copies
from reorder.transforms.moves import moved_up, needs


@dataclass(frozen=True, slots=True)
class Hoisted:
    """The file after the move, what was copied first, and the ignore patterns it relies on."""

    file: File
    manifests: tuple[str, ...]  # context paths
    ignore: tuple[str, ...]


def hoist(facts: Facts, node: Node, installs: tuple[Install, ...]) -> Hoisted | str | None:
    """The rewrite for one RUN; a str is why it is refused; None: there is nothing to gain."""
    stage = facts.stage_of(node)
    needed = needed_files(node, installs)
    broad = broad_copies(facts, node, needed)
    if not broad:
        return None
    for install in installs:
        if install.refusal is not None:
            return install.refusal
    body = facts.body(stage)
    edges = dependencies(body)
    extra = [
        path
        for copy in broad
        for path in placed(copy)
        if path not in needed and node.effects.reads.paths.contains(path)
    ]
    if extra:
        return f"it reads {facts_path(node, extra[0])} too, which is not a manifest"
    free = {edge: why for edge, why in edges.items() if edge[1] != node.at}
    free |= {
        (a, b): why
        for (a, b), why in edges.items()
        if b == node.at and a not in {copy.at for copy in broad}
    }
    must = needs(node, body, free)
    for copy in broad:
        if copy.at in must:
            link = next(b for a, b in free if a == copy.at and (b in must))
            between = facts.nodes[link]
            return (
                f"the {between.keyword.upper()} of line {between.instruction.line} stands between "
                f"and depends on the source ({free[copy.at, link]})"
            )
    ignore = _ignore_for(facts, node, broad, installs)
    if isinstance(ignore, str):
        return ignore
    first = broad[0]
    group = [n.at for n in body if n.at in must and n.at > first.at] + [node.at]
    file = moved_up(facts.file, group, first.at)
    lines: list[Instruction] = []
    named: list[str] = []
    for copy in broad:
        wanted = [path for path in needed if _comes_from(node, copy, path)]
        folders = [f for install in installs for f in install.folders]
        made = manifest_copies(facts.file, copy, wanted, folders, node)
        lines += made
        assert isinstance(copy.copy, Copied)
        named += [copy.copy.placed.files[path] for path in wanted]
    return Hoisted(_inserted(file, first.at, lines, group), tuple(named), ignore)


def needed_files(node: Node, installs: Iterable[Install]) -> tuple[str, ...]:
    """Every image path of the closure, in the order of the manifests, folders last."""
    assert node.image is not None
    found: dict[str, None] = {}
    for install in installs:
        found |= dict.fromkeys(install.manifests)
        for folder in install.folders:
            found |= dict.fromkeys(node.image.files.under(folder))
    return tuple(found)


def broad_copies(facts: Facts, node: Node, needed: tuple[str, ...]) -> list[Node]:
    """The copies of the same stage that bring a needed file together with source files."""
    found = []
    for other in facts.body(facts.stage_of(node)):
        if other.at >= node.at:
            break
        if any(_comes_from(node, other, path) for path in needed):
            rest = (origin for path, origin in _files(other) if path not in needed)
            if not all(map(is_manifest, rest)):
                found.append(other)
    return found


def placed(copy: Node) -> Iterable[str]:
    """The image paths a copy writes."""
    return (path for path, _ in _files(copy))


def facts_path(node: Node, path: str) -> str:
    """A path of the image as the user knows it: that of the context."""
    assert node.image is not None
    return node.image.files.origin(path) or path


def _files(copy: Node) -> Iterable[tuple[str, str]]:
    return copy.copy.placed.files.items() if isinstance(copy.copy, Copied) else ()


def _comes_from(node: Node, copy: Node, path: str) -> bool:
    """Whether the file that the install sees at `path` is the one this copy brought."""
    if not isinstance(copy.copy, Copied) or node.image is None:
        return False
    origin = copy.copy.placed.files.get(path)
    return origin is not None and node.image.files.origin(path) == origin


def _ignore_for(
    facts: Facts, node: Node, broad: list[Node], installs: tuple[Install, ...]
) -> tuple[str, ...] | str:
    """The patterns to add so that no broad copy brings what the install writes, or a refusal."""
    context = facts.context
    assert context is not None
    wanted = tuple(p for install in installs for p in install.ignore)
    missing = tuple(dict.fromkeys(p for p in wanted if not context.covers(p)))
    after = context.with_patterns(missing)
    outputs = tuple(tree for install in installs for tree in install.outputs)
    for copy in broad:
        for path, origin in _files(copy):
            written = node.effects.writes.paths.contains(path) or any(
                below(path, tree) for tree in outputs
            )
            if written and after.exists(origin):
                return (
                    f"it writes {origin}, which is in the build context: the COPY that would "
                    "follow puts the old version back"
                )
    return missing


def _inserted(file: File, at: int, lines: list[Instruction], group: list[int]) -> File:
    """Put the manifest copies before the moved group; its comments then stand above them."""
    first = file.instructions[at]
    if len(group) == 1 and not edit.has_pragma(first.leading):
        lines = [edit.with_leading(lines[0], first.leading), *lines[1:]]
        file = edit.replace_at(file, at, edit.with_leading(first, ""))
    else:
        blank = edit.blank_lines(first.leading)
        lines = [edit.with_leading(lines[0], blank), *lines[1:]]
    return edit.insert(file, at + len(group) - 1, lines)
