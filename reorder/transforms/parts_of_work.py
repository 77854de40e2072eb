"""What a step that leaves a part of the author's work makes besides, and where it would be lost."""

from __future__ import annotations

from dataclasses import replace

from reorder.ecosystems.contract import Install, Prefetch
from reorder.ecosystems.paths import Paths, below
from reorder.graph.facts import Facts, Node, derive
from reorder.syntax import views
from reorder.syntax.mounts import place as place_of
from reorder.transforms.hoist import Hoisted


def installs_of(added: Node, prefetch: Prefetch) -> tuple[Install, ...]:
    """The install with what the step itself makes and removes again."""
    run = added.understood
    scratch = tuple(tree for i in (run.installs if run else ()) for tree in i.scratch)
    return (replace(prefetch.install, scratch=scratch),)


def in_the_way(facts: Facts, found: Hoisted, text: str) -> str | None:
    """What may stand where the step makes and removes its own files, as a reason."""
    moved = derive(found.draft.build(), facts.context, found.draft.lines)
    step = next((n for n in moved.nodes.values() if n.instruction.text.strip() == text), None)
    run = step.understood if step is not None else None
    for install in run.installs if run is not None else ():
        for tree in install.scratch:
            if run is not None and run.writes.overlaps(Paths(trees=frozenset({tree}))):
                return f"an earlier step may have put files at {tree}, where stand-ins would go"
    return None


def keeps_apart(node: Node, prefetch: Prefetch) -> bool:
    """Whether the RUN keeps what the step would leave in a cache mount of its own."""
    mounts = [path for mount in views.mounts(node.instruction) if (path := place_of(mount))]
    return prefetch.absorbed and any(
        below(tree, path) or below(path, tree)
        for path in mounts
        for tree in prefetch.install.outputs
    )
