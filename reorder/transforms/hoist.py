"""Bring an install above the copy of the source: its manifests first, then it, then the source.

Used by every transform that splits a broad COPY. The preconditions, each with its refusal:
the manifest closure is known; nothing the install needs depends on the source; the install reads
nothing else of what the broad COPY brings; and what it writes is kept out of the context, so that
the COPY which now follows cannot put a stale version over it.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from reorder.ecosystems.contract import Install
from reorder.ecosystems.paths import below
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node, dependencies
from reorder.graph.open_copies import brought
from reorder.transforms.arguments import decided_by_argument
from reorder.transforms.copy_text import is_readable, manifest_copies
from reorder.transforms.draft import Draft, blank_lines, has_pragma
from reorder.transforms.ignoring import brought_back, missing, widened, with_patterns
from reorder.transforms.moves import needs
from reorder.transforms.sources import (
    already_there,
    below_source,
    broad_copies,
    brought_again,
    changed_between,
    comes_from,
    context_path,
    files_of,
    is_link,
    needed_files,
    placed,
)


@dataclass(frozen=True, slots=True)
class Hoisted:
    """The file after the move, what was copied first, and the ignore patterns it relies on."""

    draft: Draft
    manifests: tuple[str, ...]  # context paths
    ignore: tuple[str, ...]


def hoist(
    facts: Facts,
    draft: Draft,
    node: Node,
    installs: tuple[Install, ...],
    despite: tuple[str, ...] = (),
) -> Hoisted | str | None:
    """The rewrite for one RUN; a str is why it is refused; None: there is nothing to gain.

    `draft` has the instructions that `facts` has, at the same positions. What lies in the trees
    `despite` it may miss.
    """
    stage = facts.stage_of(node)
    for install in installs:
        if install.refusal is not None:
            below_it = below_source(facts, node)
            return (
                (changed_between(facts, node, install.refusal) or install.refusal)
                if below_it
                else None
            )
    needed = needed_files(node, installs)
    broad = broad_copies(facts, node, needed)
    if not broad:
        return None
    decided = decided_by_argument(facts, node, broad)
    if decided is not None:
        return decided
    if node.scope.base is not None and node.scope.base.onbuild:
        return "the base image copies the context itself (ONBUILD), so that nothing stays above it"
    body = facts.body(stage)
    edges = dependencies(body)
    outputs = [tree for install in installs for tree in install.outputs]
    extra = [
        path
        for copy in broad
        for path in placed(copy)
        if path not in needed
        and not any(below(path, tree) for tree in (*outputs, *despite))
        and node.effects.reads.paths.contains(path)
    ]
    extra += [tree for copy in broad for tree in _unlisted(copy, node) if tree not in despite]
    if extra:
        changed = changed_between(facts, node, extra[0])
        return changed or f"it reads {context_path(node, extra[0])} too, which is not a manifest"
    for copy in broad:
        used = brought(copy.effects.opens, node.effects.named)
        if used is not None:
            return f"it also uses {used}, which the COPY of line {copy.line} may bring"
    free = {edge: why for edge, why in edges.items() if edge[1] != node.at}
    free |= {
        (a, b): why
        for (a, b), why in edges.items()
        if b == node.at and a not in {copy.at for copy in broad} | brought_again(node, body, broad)
    }
    must = needs(node, body, free)
    for copy in broad:
        if copy.at in must:
            link = next(b for a, b in free if a == copy.at and (b in must))
            between = facts.nodes[link]
            return (
                f"the {between.keyword.upper()} of line {between.line} stands between "
                f"and depends on the source ({free[copy.at, link]})"
            )
    ignore = _ignore_for(facts, node, broad, installs)
    if isinstance(ignore, str):
        return ignore
    for copy in broad:
        for path, origin in files_of(copy):
            if path in needed and is_link(facts, origin):
                return f"{origin} is a symbolic link: a COPY of it alone takes what it points to"
            if path in needed and not is_readable(origin):
                return f"a COPY would not read the name {origin} as it is"
    first = broad[0]
    group = [n.at for n in body if n.at in must and n.at > first.at] + [node.at]
    lines: list[str] = []
    named: list[str] = []
    for copy in broad:
        there = already_there(facts, first, copy) | _moved_along(facts, group, copy)
        wanted = [p for p in needed if comes_from(node, copy, p) and p not in there]
        if not wanted:
            continue
        folders = [f for install in installs for f in install.folders]
        lines += manifest_copies(copy, wanted, folders)
        assert isinstance(copy.copy, Copied)
        named += [copy.copy.placed.files[path] for path in wanted]
    return Hoisted(_hoisted(draft, first, lines, group), tuple(named), ignore)


def _moved_along(facts: Facts, group: list[int], copy: Node) -> frozenset[str]:
    """What a copy that moves up with the install brings just as `copy` would."""
    mine = dict(files_of(copy))
    others = [facts.nodes[at] for at in group if facts.nodes[at].keyword == copy.keyword]
    names = ("chown", "chmod", "link")
    return frozenset(
        path
        for other in others
        for path, origin in files_of(other)
        if mine.get(path) == origin
        and all(other.instruction.flag(n) == copy.instruction.flag(n) for n in names)
    )


def _ignore_for(
    facts: Facts, node: Node, broad: list[Node], installs: tuple[Install, ...]
) -> tuple[str, ...] | str:
    """The patterns to add so that no broad copy brings what the install writes, or a refusal."""
    context = facts.context
    assert context is not None
    wanted = tuple(widened(context, p) for install in installs for p in install.ignore)
    outputs = tuple(tree for install in installs for tree in install.outputs)
    scratch = tuple(tree for install in installs for tree in install.scratch)
    places = [place for copy in broad for tree in outputs if (place := _in_context(copy, tree))]
    open_ = any(not context.ignore.excluded(place) for place in places)
    added = missing(context, wanted) if open_ else ()
    back = next((line for pattern in added if (line := brought_back(context, pattern))), None)
    if back is not None:
        return f"the ignore file brings back what the install writes (`{back}`)"
    after = with_patterns(context, added)
    for path in context.hidden_by(after.ignore_text or "") if added else ():
        tracked = context.project.is_tracked(path)
        if tracked is None:
            return f"{path} would have to be ignored, and without git nobody knows what it is"
        if tracked:
            return f"{path} would have to be ignored, but git tracks it"
    for copy in broad:
        for path, origin in files_of(copy):
            written = any(below(path, tree) for tree in outputs) or (
                node.effects.writes.paths.contains(path)
                and not any(below(path, tree) for tree in scratch)
            )
            if written and after.exists(origin):
                return (
                    f"it writes {origin}, which is in the build context: the COPY that would "
                    "follow puts the old version back"
                )
    return added


def _unlisted(copy: Node, node: Node) -> list[str]:
    """Folders that the node reads whole and the copy brings, but whose files nobody listed."""
    assert isinstance(copy.copy, Copied)
    placed_ = copy.copy.placed
    found = node.effects.reads.paths.trees & placed_.folders
    return sorted(t for t in found if not any(below(path, t) for path in placed_.files))


def _in_context(copy: Node, tree: str) -> str | None:
    """Where in the context a folder would have to lie for the copy to bring it to `tree`."""
    assert isinstance(copy.copy, Copied)
    if not below(tree, copy.copy.dest) or len(copy.copy.sources) > 1:
        return None
    inner = posixpath.relpath(tree, copy.copy.dest)
    return posixpath.normpath(posixpath.join(copy.copy.sources[0], inner))


def _hoisted(draft: Draft, first: Node, lines: list[str], group: list[int]) -> Draft:
    """The group above the first broad copy, the manifest copies just before its last member."""
    at = first.at
    draft = draft.move_up(group, at)
    if not lines:
        return draft  # an earlier copy brought the manifests
    step = at + len(group) - 1
    line, leading = draft.parts[step].line, draft.parts[step].instruction.leading
    if has_pragma(leading):
        blank = blank_lines(leading)
        return draft.with_leading(step, leading.removeprefix(blank)).insert(
            step, lines, line, blank
        )
    # The author's comment on the install stands above its manifests, which belong to it.
    return draft.with_leading(step, "").insert(step, lines, line, leading)
