"""COPY and ADD from the build context on the abstract machine (semantics.md section 3)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import EVERYTHING, Paths, below
from reorder.ecosystems.symlinks import goes_through
from reorder.equivalence import owners
from reorder.equivalence.expand import BadText, expand
from reorder.equivalence.folders import Target, chain, made_folder, made_folders
from reorder.equivalence.listing import Listing, is_pattern, normal_source
from reorder.equivalence.picked import Picked, pick
from reorder.equivalence.program import Refused, Step
from reorder.equivalence.scope import Scope
from reorder.equivalence.sources import fetched, is_foreign, is_on
from reorder.equivalence.state import Cell, Event, Open, State, named_touching
from reorder.equivalence.values import Value, fold, plain

# On most distributions these are links to the folder of that name below /usr, or /run.
_ALIASES: Final = {
    "/bin": "/usr/bin",
    "/sbin": "/usr/sbin",
    "/lib": "/usr/lib",
    "/lib64": "/usr/lib64",
    "/var/run": "/run",
}


def target(step: Step, scope: Scope, state: State, dest: Value, escape: str) -> Target | None:
    """The destination; None when it is not known."""
    path = scope.path(dest)
    if path is None or dest.text is None:
        return None
    if goes_through(state.links, Paths(files=frozenset(chain(path)))):
        return None
    chown = scope.value(step.flag("chown") or "", step, escape)
    chmod = scope.value(step.flag("chmod") or "", step, escape)
    link = is_on(step, "link") and not chmod.sym
    if step.flag("chown") is not None and chown.sym == "":
        raise Refused("--chown has no value", step.line)
    slash = dest.text.endswith(("/", "/.", "/..")) or dest.text in ("", ".", "..")
    scratch = scope.image.text == "scratch"
    standard = path in STANDARD_FOLDERS and (path == "/" or not scratch)
    folder = slash or path == scope.cwd or standard or path in state.folders
    # A destination that a step made a symbolic link is followed.
    above = Paths(files=frozenset(chain(path)))
    tags = [*named_touching(state.events.values(), above), *(("link",) if link else ())]
    tags += [] if dest.certain else [_unsure(dest)]
    return Target(
        path=path,
        folder=folder,
        owner=owners.owner(chown, scope, state),
        mode=chmod.sym,
        tag=fold(*tags) if tags else "",
        line=step.line,
        scratch=scratch,
        link=link,
    )


def _unsure(dest: Value) -> str:
    """The part of a destination that a build argument decides; what follows it is in the path."""
    end = dest.sym.rfind("\0") + 1
    return dest.sym[:end] or dest.sym


def copy(step: Step, scope: Scope, state: State, listing: Listing, escape: str) -> State:
    """The state after a COPY or ADD that has no `--from`."""
    sources, dest = arguments(step, scope, escape)
    into = target(step, scope, state, dest, escape)
    if into is None:
        return _anywhere(step, scope, state, sources, dest, escape)
    special = is_on(step, "unpack") or step.flag("checksum") is not None
    picked = None if special else pick(step, sources, listing)
    if picked is None or any(is_foreign(step, source, listing) for source in sources):
        trees = Paths(trees=fetched(step, sources, into) or frozenset({into.path}))
        if goes_through(state.links, trees):
            return _anywhere(step, scope, state, sources, dest, escape)
        made = made_folders(into, state, into.path if into.folder else posixpath.dirname(into.path))
        slash = str((dest.text or "").endswith("/"))
        seen = (*state.touching(trees), *state.opened(trees, listing.excluded))
        place = (into.path, slash, into.owner, into.mode, into.tag, *seen)
        event = Event(_unknown(step, scope, sources, place), trees, step.line)
        return state.with_cells(made).with_event(event)
    writer = _Writer(state, into, listing, picked)
    for source in sources:
        writer.source(step, source, scope, escape)
    _no_alias(state, writer.cells, into.path, step)
    if goes_through(state.links, Paths(files=frozenset(writer.cells))):
        return _anywhere(step, scope, state, sources, dest, escape)
    return state.with_cells(writer.cells).with_open(_open(sources, into, listing, picked))


def _open(sources: list[Value], into: Target, listing: Listing, picked: Picked) -> Iterator[Open]:
    """The sources that are folders or patterns: another context may have more there."""
    flags = fold(into.owner, into.mode, str(picked))
    for source in sources:
        text = source.text or ""
        if text.startswith("<<"):
            continue
        name = normal_source(text)
        if not is_pattern(text) and listing.kind(name) != "dir":
            continue
        if picked.parents:
            name = normal_source(text.partition("/./")[0]) if "/./" in text else ""
        yield Open(name, into.path, is_pattern(text), flags)


def arguments(step: Step, scope: Scope, escape: str) -> tuple[list[Value], Value]:
    """The expanded sources and the destination."""
    found = list(step.words) if step.words is not None else step.rest.split()
    if len(found) < 2:
        raise Refused(f"{step.keyword.upper()} needs a source and a destination", step.line)
    heredocs = {inline.name for inline in step.inlines}
    values = [
        plain(word)
        if word.startswith("<<") and word.strip("<-'\"") in heredocs
        else scope.value(word, step, escape)
        for word in found
    ]
    return values[:-1], values[-1]


class _Writer:
    """Applies the sources of one instruction, one after the other."""

    def __init__(self, state: State, into: Target, listing: Listing, picked: Picked) -> None:
        self.state = state
        self.picked = picked
        self.into = into
        self.listing = listing
        self.cells: dict[str, Cell] = {}
        self.suffix = fold(*self.flags)

    def source(self, step: Step, source: Value, scope: Scope, escape: str) -> None:
        assert source.text is not None
        inline = next((i for i in step.inlines if source.sym.strip("<-'\"") == i.name), None)
        if inline is not None and source.sym.startswith("<<"):
            body = plain(inline.body)
            if inline.expand:
                body = _body(inline.body, scope, step)
            self.file(inline.name, Cell("file", fold("inline", body.sym, *self.flags), step.line))
            return
        tag = () if source.certain else (source.sym,)
        if self.picked.parents:
            self.with_parents(source.text, tag)
            return
        name = normal_source(source.text)
        found = self.listing.matches(name) if is_pattern(source.text) else [name]
        for path in found:
            if self.listing.kind(path) == "dir":
                self.folder(path, tag)
            else:
                cell = Cell("file", self.value("file", path, tag), step.line, path)
                self.file(posixpath.basename(path), cell)

    @property
    def flags(self) -> tuple[str, str, str]:
        return self.into.owner, self.into.mode, self.into.tag

    def value(self, kind: str, path: str, tag: tuple[str, ...]) -> str:
        # Not folded: there may be a hundred thousand of them. No path holds a NUL.
        return f"{kind}\0{path}\0{self.suffix}{fold(*tag) if tag else ''}"

    def file(self, name: str, cell: Cell) -> None:
        dest = self.into.path
        inside = self.into.folder or self.kind(dest) == "dir"
        path = posixpath.join(dest, name) if inside else dest
        self.ancestors(posixpath.dirname(path))
        self.put(path, cell)

    def folder(self, source: str, tag: tuple[str, ...]) -> None:
        dest = self.into.path
        self.ancestors(dest)
        start = len(source) + 1 if source else 0
        base = dest.rstrip("/")
        for path in self.listing.below(source):
            if not self.picked.keeps(path[start:]):
                continue
            kind = self.listing.kinds[path]
            cell = Cell(kind, self.value(kind, path, tag), self.into.line, path)
            self.put(f"{base}/{path[start:]}", cell)

    def with_parents(self, source: str, tag: tuple[str, ...]) -> None:
        """What matches keeps its path; a folder on the way has the context's mode, and a folder
        that is there already gets only that (fsutil `createParentDirs`)."""
        self.ancestors(self.into.path)
        root, taken = self.picked.below(source, self.listing)
        start = len(root) + 1 if root else 0
        base = self.into.path.rstrip("/")
        for path, whole in taken:
            kind = self.listing.kinds[path]
            dest = f"{base}/{path[start:]}"
            value = self.value(kind, path, tag)
            if kind == "dir" and not whole:
                old = self.cells.get(dest) or self.state.cells.get(dest)
                value = value if old is None or old.value == value else fold(value, old.value)
            self.put(dest, Cell(kind, value, self.into.line, path))

    def ancestors(self, path: str) -> None:
        state = self.state
        for folder in chain(path):
            if folder in self.cells:
                continue
            cell = made_folder(self.into, state, folder)
            if cell is not None:
                self.cells[folder] = cell

    def kind(self, path: str) -> str | None:
        cell = self.cells.get(path) or self.state.cells.get(path)
        return None if cell is None else cell.kind

    def put(self, path: str, cell: Cell) -> None:
        there = self.kind(path)
        known = there is not None and "changed" not in (there, cell.kind) and not self.into.link
        if known and (there == "dir") != (cell.kind == "dir"):
            raise Refused(f"{path} is a {there}, and a {cell.kind} is copied there", cell.line)
        self.cells[path] = cell


def owning(step: Step, scope: Scope, escape: str) -> list[str]:
    """What --chown and --chmod say, with the variables in force replaced."""
    values = [(name, step.flag(name)) for name in ("chown", "chmod")]
    return [f"{n}={scope.value(v, step, escape).sym}" for n, v in values if v is not None]


def _anywhere(
    step: Step, scope: Scope, state: State, sources: list[Value], dest: Value, escape: str
) -> State:
    """The state after a step that may write any path."""
    place = (dest.sym, scope.folder.sym, *owning(step, scope, escape), state.digest())
    return state.with_event(Event(_unknown(step, scope, sources, place), EVERYTHING, step.line))


def _unknown(step: Step, scope: Scope, sources: list[Value], place: tuple[str, ...]) -> str:
    """The id of a step whose files are not known one by one."""
    flags = sorted(f"{name}={value}" for name, value in step.flags)
    bodies = [_body(i.body, scope, step).sym if i.expand else i.body for i in step.inlines]
    return fold(step.keyword, *(s.sym for s in sources), *flags, *bodies, "at", *place)


def _body(text: str, scope: Scope, step: Step) -> Value:
    """An unquoted heredoc body: only variables are replaced, quotes stay."""
    if "'" in text or '"' in text or "\\" in text:
        if "$" in text:
            raise Refused("a heredoc with both quotes and variables is not followed", step.line)
        return plain(text)
    try:
        return expand(text, scope.lookup)
    except BadText as error:
        raise Refused(str(error), step.line) from None


def _no_alias(state: State, new: dict[str, Cell], dest: str, step: Step) -> None:
    """Two names of one file cannot be told apart from two files: refuse."""
    names = [pair for short, long in _ALIASES.items() for pair in ((short, long), (long, short))]
    for here, there in names:
        if not below(here, dest) and not below(dest, here):
            continue
        for path in new:
            other = there + path[len(here) :]
            if (
                below(path, here)
                and new[path].kind != "dir"
                and (other in state.cells or other in new)
            ):
                raise Refused(f"{path} and {other} may be the same file", step.line)
