"""The rebuilds that an order is judged by, as masks: measured commits, or classes of change.

Without history there are four classes, one inside the other: what only a new base image or an edit
of the Dockerfile touches, what a change of manifests touches too, what nearly every commit touches,
and what is new with every build. They are the stability tiers, and rank first (design.md 7).
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from reorder.context.build import BuildContext
from reorder.context.gopath import BadPattern, has_wildcard, match
from reorder.context.history import History
from reorder.context.volatile import Volatile
from reorder.cost.tiers import PRIORS, own_tier
from reorder.graph.facts import Facts, Node
from reorder.graph.scope import variables
from reorder.syntax import views

# Only config of the image: an edit runs no step again (semantics.md 4.4).
NO_STEP = frozenset(
    "label cmd entrypoint expose healthcheck stopsignal volume onbuild maintainer".split()
)
NAMES = {0: "when edited", 1: "with manifests", 2: "nearly every build", 3: "every build"}


class Changes(Protocol):
    """In what an instruction is new, as masks. What a bit stands for is the maker's."""

    @property
    def weights(self) -> tuple[int, ...]:
        """One for each bit."""

    @property
    def measured(self) -> bool:
        """Whether the bits are commits."""

    def own(self, facts: Facts, node: Node) -> int:
        """The bits in which an instruction, or what it takes from the context, is new."""

    def start(self, facts: Facts, at: int) -> int:
        """The bits in which the image that the FROM at a position names is another."""


# No slots: what was looked up is kept.
@dataclass(frozen=True)
class Rebuilds:
    """Bit i of a mask is rebuild i, which stands for `weights[i]` of `count` rebuilds."""

    weights: tuple[int, ...]
    volatile: Volatile
    history: History | None = None  # None: the classes
    note: str = ""  # why there is no history
    _visible: dict[str, Mapping[str, int]] = field(default_factory=dict, compare=False)
    _masks: dict[tuple[str, tuple[str, ...]], int] = field(default_factory=dict, compare=False)

    @property
    def measured(self) -> bool:
        """Whether the rebuilds are commits."""
        return self.history is not None

    @property
    def count(self) -> int:
        """How many rebuilds there are."""
        return sum(self.weights)

    @property
    def every(self) -> int:
        """The mask of all of them."""
        return (1 << len(self.weights)) - 1

    def share(self, mask: int) -> float:
        """The part of all rebuilds that a mask stands for."""
        return sum(w for at, w in enumerate(self.weights) if mask >> at & 1) / self.count

    def words(self, mask: int) -> str:
        """How often that is, for a user."""
        if self.measured:
            return f"{mask.bit_count()} of {self.count} commits"
        return NAMES[max(mask.bit_length() - 1, 0)]

    def own(self, facts: Facts, node: Node) -> int:
        """The rebuilds in which an instruction, or what it takes from the context, is new."""
        if node.keyword in NO_STEP:
            return 0
        if any(self.is_volatile(name, default) for name, default in _declared(node)):
            return self.every
        if self.history is None:
            return class_of(own_tier(node))
        edited = self.history.edits.get(node.line, 0)
        return edited | self._context_changes(facts, node, self.history)

    def start(self, facts: Facts, at: int) -> int:
        """The rebuilds in which the image that the FROM at a position names is another."""
        if self.history is None:
            return class_of(0)
        mask = 0
        for place in (at, *global_arguments(facts, at)):
            mask |= self.history.edits.get(facts.lines[place], 0)
        return mask

    def is_volatile(self, name: str, default: str | None) -> bool:
        """Whether a build argument gets a new value with nearly every build."""
        return self.volatile.why(name, default) is not None

    def _context_changes(self, facts: Facts, node: Node, history: History) -> int:
        sources = taken(facts, node)
        context = facts.context
        if not sources or context is None:
            return self.every if sources else 0
        if context.git_data and any(covers(source, ".git/HEAD") for source in sources):
            return self.every  # every commit writes there
        key = (context.ignore_text or "", sources)
        if key not in self._masks:
            mask = 0
            for path, commits in self._paths(context, history).items():
                if commits & ~mask and any(covers(source, path) for source in sources):
                    mask |= commits
            self._masks[key] = mask
        return self._masks[key]

    def _paths(self, context: BuildContext, history: History) -> Mapping[str, int]:
        """What changed in history and is not left out of the context as it is now."""
        key = context.ignore_text or ""
        if key not in self._visible:
            excluded = context.ignore.excluded
            kept = {path: mask for path, mask in history.paths.items() if not excluded(path)}
            self._visible[key] = kept
        return self._visible[key]


def by_class(volatile: Volatile, note: str) -> Rebuilds:
    """The rebuilds without history, for the reason that `note` gives."""
    return Rebuilds(PRIORS, volatile, note=note)


def by_history(history: History, volatile: Volatile) -> Rebuilds:
    """One rebuild for each commit."""
    return Rebuilds((1,) * history.commits, volatile, history)


def taken(facts: Facts, node: Node) -> tuple[str, ...]:
    """The sources in the context that a COPY, an ADD or a bind mount reads; "" is all of it."""
    words: tuple[str, ...] = ()
    if node.keyword == "run":
        mounts = views.mounts(node.instruction)
        words = tuple(m.source or "/" for m in mounts if m.type == "bind" and not m.from_)
    elif node.keyword in ("copy", "add"):
        view = views.copy(node.instruction)
        words = view.sources if view.from_ is None else ()
    found = []
    for word in words:
        text = node.scope.expand(word, facts.file.escape)
        if text is None:
            return ("",)
        if "://" not in text and not text.startswith("git@"):
            found.append(posixpath.normpath("/" + text).lstrip("/"))
    return tuple(found)


def covers(source: str, path: str) -> bool:
    """Whether a COPY of a source takes a path."""
    if not has_wildcard(source):
        # A submodule is in the history as its folder.
        inside = path.startswith(source + "/") or source.startswith(path + "/")
        return not source or path == source or inside
    depth = source.count("/") + 1
    top = "/".join(path.split("/")[:depth])
    try:
        return match(source, top)
    except BadPattern:
        return False


def global_arguments(facts: Facts, at: int) -> tuple[int, ...]:
    """The positions of the ARGs above all stages that the image name of a FROM may depend on."""
    nodes = facts.file.instructions
    names = variables(nodes[at].args)
    found = []
    for place, node in enumerate(nodes[: facts.stages[0].start] if names else ()):
        if node.keyword == "arg" and any(name in names for name, _ in views.pairs(node)):
            found.append(place)
    return tuple(found)


def _declared(node: Node) -> tuple[tuple[str, str | None], ...]:
    return tuple(views.pairs(node.instruction)) if node.keyword == "arg" else ()


def class_of(tier: int) -> int:
    """The mask of a stability tier: that of the tiers below it, and one rebuild more."""
    return (1 << (tier + 1)) - 1
