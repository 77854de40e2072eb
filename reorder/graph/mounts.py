"""What `RUN --mount` shows in place of the files of the image (BuildKit convert_runmount.go)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final

from reorder.context.build import BuildContext
from reorder.ecosystems.paths import Paths
from reorder.graph.overlay import Overlay, Placed, Step
from reorder.graph.scope import Scope, joined
from reorder.syntax import views
from reorder.syntax.nodes import Instruction


@dataclass(frozen=True, slots=True)
class Shown:
    """The places that mounts take, and what is there; caches are the ecosystems' to judge."""

    steps: tuple[Step, ...] = ()
    trees: frozenset[str] = frozenset()

    def over(self, overlay: Overlay) -> Overlay:
        """The files as the RUN sees them."""
        for step in self.steps:
            overlay = overlay.then(step)
        return overlay

    def without(self, paths: Paths) -> Paths:
        """The part of a set that is the image's own: what is written to a mount vanishes."""
        return paths.outside(self.trees)


NOTHING_SHOWN: Final = Shown()


def mounted_at(node: Instruction, escape: str, scope: Scope) -> tuple[str, ...]:
    """Where the mounts of a RUN lie, as far as that is known."""
    targets = (m.target for m in views.mounts(node) if m.target)
    known = [path for target in targets if (path := scope.expand(target, escape)) is not None]
    known = [path for path in known if path.startswith("/") or scope.workdir is not None]
    return tuple(joined(scope.workdir or "/", path) for path in known)


def shown(
    node: Instruction, escape: str, scope: Scope, context: BuildContext | None
) -> Shown | str:
    """What the mounts of a RUN show, or why that is not known."""
    steps: list[Step] = []
    trees: set[str] = set()
    for mount in views.mounts(node):
        if mount.problem is not None:
            return mount.problem
        if mount.type in ("cache", "ssh"):
            continue  # a socket below /run is nothing that a command reads or writes
        written = mount.target
        if written is None:
            if mount.type != "secret":
                return f"a {mount.type} mount has no target"
            written = f"/run/secrets/{posixpath.basename(mount.id or mount.source or '')}"
        target = scope.expand(written, escape)
        if target is None or (not target.startswith("/") and scope.workdir is None):
            return f"the target {written} of a mount is not known"
        target = joined(scope.workdir or "/", target)
        if target == "/":
            return "a mount takes the place of the root folder"
        trees.add(target)
        steps.append(Paths(trees=frozenset({target})))
        if mount.type == "bind" and not mount.from_:
            source = scope.expand(mount.source or "", escape)
            if source is None or context is None:
                return f"the source {mount.source} of a mount is not known"
            steps.append(_bound(context, source, target))
    return Shown(tuple(steps), frozenset(trees))


def _bound(context: BuildContext, source: str, target: str) -> Placed:
    if context.kind(source) == "file":
        return Placed({target: context.resolve(source) or ""})
    root = context.resolve(source)
    start = len(root) + 1 if root else 0
    files = {f"{target}/{path[start:]}": path for path in context.under(source)}
    folders = {f"{target}/{path[start:]}" for path in context.folders_under(source)}
    return Placed(files, frozenset(folders | {target}))
