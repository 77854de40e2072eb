"""What every instruction says, and takes from the context, at each commit: as numbers to compare.

Nothing is checked out: git's log tells which blob a path had before and after each commit, so that
the content of a folder is known relative to what it is now. Content that comes back has the number
that it had before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

from reorder.context.build import BuildContext
from reorder.context.commits import NONE
from reorder.context.history import History
from reorder.cost.rebuilds import Rebuilds, covers, taken
from reorder.graph.facts import Facts, Node
from reorder.syntax import views

States = tuple[object, ...]  # one for each commit, oldest first


# No slots: what was looked up is kept.
@dataclass(frozen=True)
class Replay:
    """The states of instructions over a history."""

    history: History
    rebuilds: Rebuilds  # of the same history
    _contents: dict[tuple[str, tuple[str, ...]], States] = field(default_factory=dict)

    @cached_property
    def commits(self) -> int:
        """How many commits there are."""
        return len(self.history.log)

    def states(self, facts: Facts, at: int) -> States:
        """The states of the instruction at a position; equal ones make equal cache keys."""
        node = facts.nodes.get(at)
        if node is not None and self._is_volatile(node):
            return tuple(range(self.commits))
        said = self._said(facts.lines[at])
        brought = self._content(facts, node) if node is not None else None
        return said if brought is None else tuple(zip(said, brought, strict=True))

    def _is_volatile(self, node: Node) -> bool:
        if node.keyword != "arg":
            return False
        return any(self.rebuilds.is_volatile(*pair) for pair in views.pairs(node.instruction))

    def _said(self, line: int) -> States:
        """What the instruction of a line of the Dockerfile says at each commit."""
        edits = sorted(self.history.said.get(line, {}).items(), reverse=True)
        now: str | None = edits[0][1].before if edits else None
        found: list[object] = []
        for number in range(self.commits - 1, -1, -1):
            if edits and edits[0][0] == number:
                now = edits.pop(0)[1].after
            found.append(now)
        return tuple(found)

    def _content(self, facts: Facts, node: Node) -> States | None:
        """What a COPY, an ADD or a bind mount takes from the context; None: nothing."""
        sources, context = taken(facts, node), facts.context
        if not sources:
            return None
        if context is None:
            return tuple(range(self.commits))
        if context.git_data and any(covers(source, ".git/HEAD") for source in sources):
            return tuple(range(self.commits))  # every commit writes there
        key = (context.ignore_text or "", sources)
        if key not in self._contents:
            self._contents[key] = tuple(self._sums(sources, context))[::-1]
        return self._contents[key]

    def _sums(self, sources: Sequence[str], context: BuildContext) -> Iterator[int]:
        """A sum over the covered entries at each commit, newest first, relative to the newest."""
        known: dict[str, bool] = {}
        total = 0
        for commit in self.history.log:
            yield total
            for path, change in commit.changes.items():
                if not path.startswith(self.history.prefix):
                    continue
                name = path[len(self.history.prefix) :]
                if name not in known:
                    hidden = context.ignore.excluded(name)
                    known[name] = not hidden and any(covers(source, name) for source in sources)
                if known[name]:
                    total ^= _entry(name, change.old, change.modes[0])
                    total ^= _entry(name, change.new, change.modes[1])


def _entry(name: str, blob: str, mode: str) -> int:
    """What an entry adds to the sum of its folder; nothing where it is not there."""
    if blob == NONE:
        return 0
    text = f"{mode} {blob} {name}".encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(text, digest_size=16).digest(), "big")
