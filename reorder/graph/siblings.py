"""What the other Dockerfiles of a repository take from a shared build context."""

from __future__ import annotations

import re

from reorder.context.discover import is_dockerfile_name
from reorder.context.project import Project
from reorder.syntax import views
from reorder.syntax.nodes import File, Instruction
from reorder.syntax.parse import parse

_PATH = re.compile(r"(?:\./)?(?:[\w@-][\w@.-]*/)*[\w@-][\w@-]*\.\w{1,8}")

MOST_FILES = 200  # a bound for monorepos: the first ones by path


def sources_read(project: Project) -> frozenset[str]:
    """Every source path, as written, of COPY, ADD and bind mounts in any Dockerfile below the root.

    Sources of a Dockerfile in a folder also count as if that folder were its context.
    """
    names = [path for path in project.entries if is_dockerfile_name(path.rpartition("/")[2])]
    found: set[str] = set()
    for path in names[:MOST_FILES]:
        text = project.read(path)
        if text is None:
            continue
        folder = path.rpartition("/")[0]
        for node in parse(text).instructions:
            for source in _sources(node):
                plain = source.removeprefix("./").strip("/")
                if plain and plain != "." and "$" not in plain:
                    found |= {plain, f"{folder}/{plain}" if folder else plain}
    return frozenset(found)


def _sources(node: Instruction) -> tuple[str, ...]:
    if node.keyword == "onbuild" and node.inner is not None:
        return _sources(node.inner)
    if node.keyword in ("copy", "add"):
        view = views.copy(node)
        return () if view.from_ is not None else view.sources
    if node.keyword == "run":
        mounts = views.mounts(node)
        return tuple(m.source or "." for m in mounts if m.type == "bind" and not m.from_)
    return ()


def local_sources(file: File) -> tuple[str, ...]:
    """The literal sources of one file that must be in its context, for finding that context."""
    found: dict[str, None] = {}
    for node in file.instructions:
        if node.keyword in ("copy", "add", "run"):
            found |= dict.fromkeys(filter(_is_local, _sources(node)))
    return tuple(found)


def used_paths(file: File) -> tuple[str, ...]:
    """The relative paths that the RUNs of a file seem to name: words with a folder or an ending."""
    words = (word for node in file.instructions if node.keyword == "run" for word in _words(node))
    return tuple(dict.fromkeys(word for word in words if _PATH.fullmatch(word)))


def _words(node: Instruction) -> list[str]:
    return views.script(node).text.split()


def _is_local(source: str) -> bool:
    return not any(char in source for char in "$*?[") and "://" not in source
