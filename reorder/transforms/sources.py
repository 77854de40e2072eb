"""Which copies bring which files of the context, seen from a step that needs some of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reorder.cost.tiers import is_manifest
from reorder.ecosystems.contract import Install
from reorder.ecosystems.paths import below
from reorder.graph.copies import Copied
from reorder.graph.facts import Facts, Node
from reorder.syntax import views


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
    body = facts.body(facts.stage_of(node))
    runs = [other.understood for other in body if other.understood is not None]
    known = {path for run in runs for install in run.installs for path in install.manifests}
    known |= set(needed)
    for other in body:
        if other.at >= node.at:
            break
        if any(comes_from(node, other, path) for path in needed):
            rest = (origin for path, origin in files_of(other) if path not in known)
            if not all(map(is_manifest, rest)):
                found.append(other)
    return found


def above_source(facts: Facts, node: Node, needed: tuple[str, ...]) -> int | None:
    """The position of the first copy of source files that stands below all that is needed.

    None: not everything that is needed was copied above it, or there is no such copy.
    """
    body = [other for other in facts.body(facts.stage_of(node)) if other.at < node.at]
    first = next((other.at for other in body if is_source(other) or _is_unknown(other)), None)
    above = [other for other in body if first is not None and other.at < first]
    if all(any(comes_from(node, other, path) for other in above) for path in needed):
        return first
    return None


def below_source(facts: Facts, node: Node) -> bool:
    """Whether a copy of source files stands above the node in its stage."""
    above = (other for other in facts.body(facts.stage_of(node)) if other.at < node.at)
    return any(is_source(other) or _is_unknown(other) for other in above)


def is_source(node: Node) -> bool:
    """Whether a node copies a folder that holds more than manifests."""
    if not isinstance(node.copy, Copied) or not node.copy.open:
        return False
    return not all(map(is_manifest, node.copy.placed.files.values()))


def changed_between(facts: Facts, node: Node, refusal: str) -> str | None:
    """The RUN above the node that may have changed a file after it was copied, as a reason.

    Only a file that the refusal of the install names counts.
    """
    copied: dict[str, str] = {}
    for other in facts.body(facts.stage_of(node)):
        if other.at >= node.at:
            return None
        copied |= {path: origin for path, origin in files_of(other) if path in refusal}
        if other.keyword == "run":
            written = other.effects.writes.paths
            hit = next((origin for path, origin in copied.items() if written.contains(path)), None)
            if hit is not None:
                return f"the RUN of line {other.line} may change {hit} before it is read"
    return None


def already_there(facts: Facts, first: Node, copy: Node) -> frozenset[str]:
    """What an earlier copy brought just as `copy` would, and is still so above `first`."""
    brought: dict[str, str] = {}
    mine = dict(files_of(copy))
    flags = _flags(copy)
    for other in facts.body(facts.stage_of(copy)):
        if other.at >= first.at:
            break
        if other.keyword == "run":
            written = other.effects.writes.paths
            brought = {p: o for p, o in brought.items() if not written.contains(p)}
        same = _flags(other) == flags
        for path, origin in files_of(other):
            brought.pop(path, None)
            if same:
                brought[path] = origin
    return frozenset(path for path, origin in brought.items() if mine.get(path) == origin)


def brought_again(node: Node, body: Sequence[Node], broad: Sequence[Node]) -> frozenset[int]:
    """Copies above a node that bring only what a broad one above them has brought just so."""
    found: set[int] = set()
    for copy in broad:
        mine = dict(files_of(copy))
        for other in body:
            files = dict(files_of(other))
            if copy.at < other.at < node.at and files and files.items() <= mine.items():
                found |= {other.at} if _flags(other) == _flags(copy) else set()
    return frozenset(found)


def _flags(copy: Node) -> list[str | None]:
    return [copy.instruction.flag(name) for name in ("chown", "chmod", "link")]


def files_of(copy: Node) -> Iterable[tuple[str, str]]:
    """The image and context paths of what a copy brings; nothing when that is not known."""
    return copy.copy.placed.files.items() if isinstance(copy.copy, Copied) else ()


def comes_from(node: Node, copy: Node, path: str) -> bool:
    """Whether the file that the install sees at `path` is the one this copy brought."""
    if not isinstance(copy.copy, Copied) or node.image is None:
        return False
    if any(below(path, tree) for tree in node.mounts.trees):
        return False
    origin = copy.copy.placed.files.get(path)
    return origin is not None and node.image.files.origin(path) == origin


def placed(copy: Node) -> Iterable[str]:
    """The image paths a copy writes."""
    return (path for path, _ in files_of(copy))


def context_path(node: Node, path: str) -> str:
    """A path of the image as the user knows it: that of the context."""
    assert node.image is not None
    return node.image.files.origin(path) or path


def _is_unknown(node: Node) -> bool:
    """Whether a node copies from the context, but nobody knows what."""
    if not isinstance(node.copy, str):
        return False
    view = views.copy(node.instruction)
    return view.from_ is None and bool(view.sources)


def is_link(facts: Facts, origin: str) -> bool:
    """Whether a context path is a symbolic link."""
    context = facts.context
    return context is not None and context.visible[origin].kind == "link"
