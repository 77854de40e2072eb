"""What a COPY or ADD from the build context puts where (BuildKit `dispatchCopy`, fsutil/copy)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from reorder.context.build import BuildContext
from reorder.graph.overlay import Overlay, Placed
from reorder.graph.scope import Scope, joined
from reorder.syntax import views
from reorder.syntax.nodes import Instruction

ARCHIVES = (".tar", ".tgz", ".tar.gz", ".gz", ".bz2", ".xz", ".zst", ".tbz2", ".txz")


@dataclass(frozen=True, slots=True)
class Copied:
    """A COPY or ADD whose files are known, one by one."""

    placed: Placed
    dest: str  # absolute, normalised
    sources: tuple[str, ...]  # expanded, relative to the context
    folders: bool  # some source is a folder or a pattern: new files may join


def copied(
    node: Instruction, escape: str, scope: Scope, context: BuildContext | None, before: Overlay
) -> Copied | str:
    """The files a COPY or ADD from the context provides, or why that is not known."""
    view = views.copy(node)
    if view.from_ is not None:
        return "it copies from another stage or image"
    if context is None:
        return "there is no build context"
    if view.inline:
        return "it writes inline files"
    if view.parents or view.exclude:
        return "--parents and --exclude are not followed"
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
        if node.keyword == "add" and (_is_remote(text) or text.endswith(ARCHIVES)):
            return f"ADD fetches or unpacks {text}"
        sources.append(posixpath.normpath("/" + text).lstrip("/"))
    into = dest_text.endswith(("/", "/.")) or dest_text in (".", "") or len(sources) > 1
    into = into or dest == scope.workdir or before.is_folder(dest)
    files: dict[str, str] = {}
    nested: set[str] = set()
    whole = False
    for source in sources:
        matches = context.match(source)
        whole = whole or any(char in source for char in "*?[")
        for match in matches:
            if context.kind(match) == "dir":
                whole = True
                files.update(_contents(context, match, dest, nested))
            else:
                name = posixpath.join(dest, posixpath.basename(match)) if into else dest
                files[name] = match
        if not matches and not any(char in source for char in "*?["):
            return f"{source or '.'} is not in the build context"
    return Copied(Placed(files, frozenset(nested)), dest, tuple(sources), whole)


def _contents(context: BuildContext, folder: str, dest: str, nested: set[str]) -> dict[str, str]:
    prefix = len(folder) + 1 if folder else 0
    base = dest.rstrip("/")
    nested.update(f"{base}/{sub[prefix:]}" for sub in context.folders_under(folder))
    return {f"{base}/{path[prefix:]}": path for path in context.under(folder)}


def _is_remote(source: str) -> bool:
    return "://" in source or source.startswith("git@")
