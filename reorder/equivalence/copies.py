"""COPY and ADD from the build context on the abstract machine (semantics.md section 3)."""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.ecosystems.paths import EVERYTHING, Paths, below
from reorder.equivalence import owners
from reorder.equivalence.expand import BadText, expand
from reorder.equivalence.folders import Target, chain, made_folder, made_folders
from reorder.equivalence.listing import Listing, is_odd, is_pattern, normal_source
from reorder.equivalence.program import Refused, Step
from reorder.equivalence.scope import Scope
from reorder.equivalence.state import Cell, Event, State, named_touching
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
    chown = scope.value(step.flag("chown") or "", step, escape)
    chmod = scope.value(step.flag("chmod") or "", step, escape)
    link = _is_on(step, "link") and not chmod.sym
    if step.flag("chown") is not None and chown.sym == "":
        raise Refused("--chown has no value", step.line)
    slash = dest.text.endswith(("/", "/.", "/..")) or dest.text in ("", ".", "..")
    folder = slash or path == scope.cwd or path in STANDARD_FOLDERS or path in state.folders
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
        scratch=scope.image.text == "scratch",
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
        return state.with_event(_unknown(step, scope, state, sources, dest, EVERYTHING))
    special = any(_is_on(step, name) for name in ("parents", "exclude", "unpack", "checksum"))
    if special or any(_is_foreign(step, source, listing) for source in sources):
        trees = Paths(trees=frozenset({into.path}))
        made = made_folders(into, state, into.path)
        event = _unknown(step, scope, state, sources, dest, trees)
        return state.with_cells(made).with_event(event)
    writer = _Writer(state, into, listing)
    for source in sources:
        writer.source(step, source, scope, escape)
    _no_alias(state, writer.cells, into.path, step)
    return state.with_cells(writer.cells)


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

    def __init__(self, state: State, into: Target, listing: Listing) -> None:
        self.state = state
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
        name = normal_source(source.text)
        tag = () if source.certain else (source.sym,)
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
            kind = self.listing.kinds[path]
            cell = Cell(kind, self.value(kind, path, tag), self.into.line, path)
            self.put(f"{base}/{path[start:]}", cell)

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


def _is_foreign(step: Step, source: Value, listing: Listing) -> bool:
    """Whether the files of a source cannot be listed: fetched, unpacked, linked, or not there."""
    text = source.text
    if text is None:
        return True
    if text.startswith("<<") and step.inlines:
        return False
    if not listing.complete:
        return True
    name = normal_source(text)
    if is_pattern(text):
        found = listing.matches(name)
        return is_odd(text) or any(_is_special(step, path, listing) for path in found)
    if step.keyword == "add" and ("://" in text or text.startswith("git@")):
        return True
    return listing.kind(name) is None or _is_special(step, name, listing)


def _is_special(step: Step, path: str, listing: Listing) -> bool:
    kind = listing.kind(path)
    if kind == "link":
        return True
    if step.keyword != "add" or kind != "file":
        return False
    text = listing.read(path)
    # BuildKit looks at the content, not at the name, to find an archive.
    if text is None or "\0" in text or text.startswith("BZh"):
        return True
    return not text.isascii() and any("\udc80" <= char <= "\udcff" for char in text)


def _unknown(
    step: Step, scope: Scope, state: State, sources: list[Value], dest: Value, writes: Paths
) -> Event:
    flags = sorted(f"{name}={value}" for name, value in step.flags)
    bodies = [inline.body for inline in step.inlines]
    owner = owners.owner(plain(step.flag("chown") or ""), scope, state)
    id = fold(
        step.keyword,
        *(source.sym for source in sources),
        dest.sym,
        scope.folder.sym,
        owner,
        *flags,
        *bodies,
        state.digest() if writes == EVERYTHING else fold(*state.touching(writes)),
    )
    return Event(id, writes, step.line)


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


def _is_on(step: Step, name: str) -> bool:
    value = step.flag(name)
    return value is not None and value.lower() != "false"
