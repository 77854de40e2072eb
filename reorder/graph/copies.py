"""What a COPY or ADD from the build context puts where (BuildKit `dispatchCopy`, fsutil/copy)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from reorder.context.build import BuildContext
from reorder.ecosystems.application import STANDARD_FOLDERS
from reorder.graph.chosen import Chosen, chosen
from reorder.graph.overlay import Overlay, Placed
from reorder.graph.scope import Scope, joined
from reorder.syntax import views, words
from reorder.syntax.nodes import Instruction

ARCHIVES = (".tar", ".tgz", ".tar.gz", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz")
_WILD = "*?["


@dataclass(frozen=True, slots=True)
class Copied:
    """A COPY or ADD whose files are known, one by one."""

    placed: Placed
    dest: str  # absolute, normalised
    sources: tuple[str, ...]  # expanded, relative to the context
    above: str | None = None  # this folder and those above it are made; None: nothing is copied
    looks: bool = False  # where a file goes depends on whether the destination is a folder
    open: tuple[str, ...] = ()  # the sources that are folders or patterns: new files may join


# Not frozen: it is filled source by source.
@dataclass(slots=True)
class _Files:
    dest: str
    into: bool  # the destination surely is a folder
    written: bool  # that is so by the text alone
    files: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    nested: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    looks: bool = False

    def file(self, name: str) -> str:
        """Where a file goes."""
        self.looks = self.looks or not self.written
        path = posixpath.join(self.dest, name) if self.into else self.dest
        self.above.add(posixpath.dirname(path))
        return path

    def folder(self, context: BuildContext, folder: str, keep: Chosen) -> None:
        """The content of a folder goes into the destination."""
        self.above.add(self.dest)
        prefix = len(folder) + 1 if folder else 0
        base = self.dest.rstrip("/")
        for path in context.folders_under(folder):
            if keep.folder(path[prefix:]):
                self.nested.add(f"{base}/{path[prefix:]}")
        for path in context.under(folder):
            if keep.file(path[prefix:]):
                self.files[f"{base}/{path[prefix:]}"] = path


def copied(
    node: Instruction, escape: str, scope: Scope, context: BuildContext | None, before: Overlay
) -> Copied | str:
    """The files a COPY or ADD from the context provides, or why that is not known."""
    view = views.copy(node)
    if view.from_ is not None:
        return "it copies from another stage or image"
    if context is None:
        return "there is no build context"
    keep = chosen(view.exclude)
    if isinstance(keep, str):
        return keep
    dest_text = scope.expand(view.dest, escape)
    if dest_text is None:
        return f"the destination {view.dest} is not known"
    if not dest_text.startswith("/") and scope.workdir is None:
        return "the working directory of the base image is not known"
    dest = joined(scope.workdir or "/", dest_text)
    sources: list[str] = []
    for word in view.sources:
        text = scope.expand(word, escape)
        if text is None:
            return f"the source {word} is not known"
        if node.keyword == "add" and _is_remote(text):
            return f"ADD fetches {text}"
        sources.append(text if view.parents else posixpath.normpath("/" + text).lstrip("/"))
    many = len(sources) + len(view.inline) > 1
    written = dest_text.endswith(("/", "/.", "/..")) or dest_text in (".", "..", "") or many
    into = written or _is_folder(dest, scope, before)
    found = _Files(dest, into, written)
    if view.parents:
        reason = _with_parents(found, context, sources, keep)
    else:
        reason = _plain(found, context, sources, keep, node.keyword == "add")
    if reason is not None:
        return reason
    for inline in view.inline:
        body = words.expand_body(inline.text, scope.lookup) if inline.expand else inline.text
        found.texts[found.file(inline.name)] = body if isinstance(body, str) else None
    open_ = tuple(s for s in sources if _is_wild(s) or context.kind(s) == "dir")
    if view.parents:
        open_ = tuple("" if _is_wild(s) else _place(s) for s in open_)
    above = max(found.above, key=len) if found.above else None
    placed = Placed(found.files, frozenset(found.nested), found.texts)
    return Copied(placed, dest, tuple(sources), above, found.looks, open_)


def _is_wild(source: str) -> bool:
    return any(char in source for char in _WILD)


def _place(source: str) -> str:
    """The folder that paths of a `--parents` source are relative to."""
    start, pivot, _ = source.partition("/./")
    return posixpath.normpath("/" + start).lstrip("/") if pivot else ""


def remote_files(
    node: Instruction, escape: str, scope: Scope, dest_text: str, dest: str
) -> frozenset[str] | None:
    """The files that an ADD of plain URLs writes; None: more than that, or not known."""
    view = views.copy(node)
    folder = dest_text.endswith(("/", "/.")) or len(view.sources) > 1
    if node.keyword != "add" or view.unpack or view.inline or not folder:
        return None  # without a slash the destination may be a folder all the same
    found: set[str] = set()
    for word in view.sources:
        text = scope.expand(word, escape) or ""
        name = posixpath.basename(urlsplit(text).path)
        if not text.startswith(("http://", "https://")) or ".git" in text or not name:
            return None
        found.add(posixpath.join(dest, name))
    return frozenset(found)


def _plain(
    found: _Files, context: BuildContext, sources: list[str], keep: Chosen, add: bool
) -> str | None:
    for source in sources:
        matches = context.match(source)
        if not matches and not any(char in source for char in _WILD):
            return f"{source or '.'} is not in the build context"
        for match in matches:
            if context.kind(match) == "dir":
                found.folder(context, match, keep)
                continue
            if not keep.surely(match):
                return f"whether --exclude leaves out {match} depends on the builder"
            if add and _may_be_archive(context, match):
                return f"ADD may unpack {match}"
            found.files[found.file(posixpath.basename(match))] = match
    return None


def _with_parents(
    found: _Files, context: BuildContext, sources: list[str], keep: Chosen
) -> str | None:
    """`--parents`: what matches keeps its path below the root, or below a `/./`."""
    for source in sources:
        start, pivot, pattern = source.partition("/./")
        start, pattern = (start, pattern) if pivot else ("", source)
        root = posixpath.normpath("/" + start).lstrip("/")
        wanted = posixpath.normpath("/" + pattern).lstrip("/")
        if any(char in root for char in _WILD) or context.kind(root) != "dir":
            return f"{start} is no folder of the build context"
        picked = keep.only(wanted)
        if isinstance(picked, str):
            return picked
        prefix = len(root) + 1 if root else 0
        base = found.dest.rstrip("/")
        found.above.add(found.dest)
        hits = [path for path in context.under(root) if picked.file(path[prefix:])]
        dirs = [path for path in context.folders_under(root) if picked.folder(path[prefix:])]
        if not hits and not dirs and not any(char in source for char in _WILD):
            return f"{source} is not in the build context"
        found.files |= {f"{base}/{path[prefix:]}": path for path in hits}
        for path in [*dirs, *hits]:
            inner = path[prefix:]
            found.nested |= {f"{base}/{inner}"} if path in dirs else set()
            while inner := posixpath.dirname(inner):
                found.nested.add(f"{base}/{inner}")
    return None


def _is_folder(dest: str, scope: Scope, before: Overlay) -> bool:
    if dest == scope.workdir or before.is_folder(dest):
        return True
    scratch = scope.base is not None and scope.base.family == "scratch"
    return dest in STANDARD_FOLDERS and (dest == "/" or not scratch)


def _may_be_archive(context: BuildContext, path: str) -> bool:
    """BuildKit looks at the content, not at the name, to find an archive; none is plain text."""
    text = None if path.endswith(ARCHIVES) else context.read(path)
    if text is None or "\0" in text or text.startswith("BZh"):
        return True
    return not text.isascii() and any("\udc80" <= char <= "\udcff" for char in text)


def _is_remote(source: str) -> bool:
    return "://" in source or source.startswith("git@")
