"""`RUN --mount` (BuildKit instructions/commands_runmount.go)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.paths import Paths
from reorder.equivalence.listing import Listing, normal_source
from reorder.equivalence.program import Refused, Step
from reorder.equivalence.scope import Scope, normal
from reorder.equivalence.state import Cell, Event, State
from reorder.equivalence.values import fold

_NAMES: Final = {"dst": "target", "destination": "target", "src": "source"}
_SIMPLE: Final = frozenset({"type", "target", "sharing", "id", "uid", "gid"})


@dataclass(frozen=True, slots=True)
class Mount:
    """One mount; `options` are its written and expanded options, sorted, as they count."""

    type: str
    target: str | None  # absolute; None: not known
    options: tuple[tuple[str, str], ...]

    def option(self, name: str) -> str | None:
        """The expanded value of an option."""
        return dict(self.options).get(name)

    @property
    def simple(self) -> bool:
        """Whether it has no option that gives a cache other content or another mode."""
        return all(name in _SIMPLE for name, _ in self.options)

    @property
    def scratch(self) -> bool:
        """Whether what is written there is seen in the same RUN and then gone."""
        names = {name for name, _ in self.options}
        return self.type == "tmpfs" or (
            self.type == "bind" and bool(names & {"rw", "readwrite", "ro", "readonly"})
        )

    @property
    def store(self) -> tuple[str | None, str | None, str, str]:
        """Two mounts with the same store see the same files at the same place."""
        name = self.option("id") or self.option("target")
        return self.target, name, self.option("uid") or "", self.option("gid") or ""


def mounts(step: Step, scope: Scope, escape: str) -> tuple[Mount, ...]:
    """Every mount of a RUN in order. Raises Refused for a form that is not followed."""
    found = []
    for text in step.flags_named("mount"):
        options: dict[str, str] = {}
        for part in text.split(","):
            key, equals, raw = part.partition("=")
            key = _NAMES.get(key.lower(), key.lower())
            if key in options:
                raise Refused(f"the mount option {key} is given twice", step.line)
            value = scope.value(raw, step, escape) if key != "from" else None
            options[key] = (raw if value is None else value.sym) if equals else "yes"
        kind = options.get("type", "bind")
        target = _place(kind, options, scope)
        absolute = options.get("target", "").startswith("/")
        if absolute and target is not None:
            options["target"] = target
        elif kind == "cache":
            target = None  # as it is written it is the default id
        found.append(Mount(kind, target, tuple(sorted(options.items()))))
    return tuple(found)


def with_mounts(state: State, found: tuple[Mount, ...], listing: Listing) -> State | None:
    """The files as a RUN sees them below its mounts; None: not known. Caches show nothing."""
    for mount in found:
        if mount.type in ("cache", "ssh"):
            continue
        target = mount.target
        if target is None or target == "/":
            return None
        hidden = Paths(trees=frozenset({target}))
        state = state.with_event(Event(fold("mount", repr(mount.options)), hidden, 0))
        if mount.type == "bind" and mount.option("from") is None:
            source = mount.option("source") or ""
            if "\0" in source or not listing.complete:
                return None
            cells = _bound(listing, normal_source(source), target)
            if cells is None:
                return None
            state = state.with_cells(cells)
    return state


def below_mounts(paths: Paths, found: tuple[Mount, ...]) -> Paths:
    """What of a set is the image's own: a mount hides what is below it, and keeps nothing."""
    places = [mount.target for mount in found if mount.type not in ("cache", "ssh")]
    return paths.outside(frozenset(place for place in places if place is not None))


def _place(kind: str, options: dict[str, str], scope: Scope) -> str | None:
    """The absolute path of a mount; None: not known."""
    written = options.get("target")
    if written is None and kind == "secret":
        written = "/run/secrets/" + posixpath.basename(options.get("id", options.get("source", "")))
    if not written or "\0" in written:
        return None
    if written.startswith("/"):
        return normal(written)
    return None if scope.cwd is None else normal(posixpath.join(scope.cwd, written))


def _bound(listing: Listing, source: str, target: str) -> dict[str, Cell] | None:
    """The entries of the context below a target; None: there is none, or it is a link."""
    kind = listing.kind(source)
    if kind == "file":
        return {target: Cell("file", fold("bound", source), 0, source)}
    if kind != "dir":
        return None
    start = len(source) + 1 if source else 0
    cells = {target: Cell("dir", fold("bound", source), 0)}
    for path in listing.below(source):
        cells[f"{target}/{path[start:]}"] = Cell(listing.kinds[path], fold("bound", path), 0, path)
    return cells
