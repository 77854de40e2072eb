"""Why two instructions keep their order: what they share, and which of them reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reorder.ecosystems.paths import NOTHING, Paths, below, glob_root
from reorder.graph.facts import KEPT, Node
from reorder.graph.resources import Effects, Resources
from reorder.report.style import visible
from reorder.report.words import SOME_FILES, config_words, matches, names_words, opaque, paths_words

Kind = Literal["reads", "overwrites", "replaces"]


@dataclass(frozen=True, slots=True)
class Link:
    """What the later of two instructions does with something that the first one touches.

    * "reads": the first writes it, the later one reads it
    * "overwrites": both write it
    * "replaces": the first reads it, the later one writes it
    """

    kind: Kind
    what: str  # in words


def link(first: Effects, later: Effects, reason: str) -> Link:
    """How two instructions depend on each other that `dependencies` names with a reason."""
    kinds: tuple[tuple[Kind, Resources, Resources], ...] = (
        ("reads", first.writes, later.reads),
        ("overwrites", first.writes, later.writes),
        ("replaces", first.reads, later.writes),
    )
    for kind, ours, theirs in kinds:
        what = shared(ours, theirs)
        if what is not None:
            return Link(kind, what)
    made = _made(first, later)
    if made is not None:
        return Link("reads", made)
    return Link("replaces", _made(later, first) or config_words(reason))


def sentence(first: Node, later: Node, reason: str) -> str:
    """Why `later` stays below `first`: "it reads /app/manage.py, which that writes"."""
    if opaque(later) is not None:
        return "it may read anything"
    unknown = opaque(first)
    if unknown is not None:
        return f"that may write anything: {unknown}"
    if reason == KEPT:
        return f"a comment keeps their order (# {KEPT})"
    found = link(first.effects, later.effects, reason)
    match found.kind:
        case "reads":
            return f"it reads {found.what}, which that writes"
        case "overwrites":
            return f"both write {found.what}"
        case "replaces":
            return f"it writes {found.what}, which that reads"


def _made(maker: Effects, other: Effects) -> str | None:
    """The folder that one makes where it is missing, and the other looks for or changes."""
    paths = other.reads.paths | other.writes.paths
    found = [path for path in sorted(maker.makes) if paths.contains(path)]
    return visible(found[-1]) if found else None


def shared(ours: Resources, theirs: Resources) -> str | None:
    """What is in both, in words: paths before variables before the image config."""
    if ours.paths.overlaps(theirs.paths):
        return paths_words(common(ours.paths, theirs.paths)) or SOME_FILES
    names = _names(ours, theirs)
    if names:
        return names
    config = sorted(ours.config & theirs.config)
    return config_words(config[0]) if config else None


def common(a: Paths, b: Paths) -> Paths:
    """The paths in both, as far as they can be told one by one."""
    files = {path for x, y in ((a, b), (b, a)) for path in x.files if y.contains(path)}
    trees = {tree for x, y in ((a, b), (b, a)) for tree in x.trees if _holds(y, tree)}
    globs = {glob for x, y in ((a, b), (b, a)) for glob in x.globs if y.contains(glob_root(glob))}
    both = a.all_but is not None and b.all_but is not None
    out = (a.all_but or frozenset()) | (b.all_but or frozenset())
    found = Paths(frozenset(files), frozenset(trees), frozenset(globs), out if both else None)
    return found or NOTHING


def _holds(paths: Paths, tree: str) -> bool:
    """Whether a whole tree is in the set, or all of it but some trees below."""
    if any(below(tree, other) for other in paths.trees):
        return True
    return paths.all_but is not None and not any(below(tree, out) for out in paths.all_but)


def _names(ours: Resources, theirs: Resources) -> str:
    if ours.env is None or theirs.env is None:
        known = ours.env if theirs.env is None else theirs.env
        return "every variable" if known is None else names_words(known)
    patterns = (ours.env, theirs.env)
    found = {name for x, y in (patterns, patterns[::-1]) for name in x if matches(name, y)}
    return names_words(frozenset(found))
