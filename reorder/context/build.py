"""The build context of one Dockerfile: the files of a folder that a COPY can see."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from reorder.context.gopath import BadPattern, has_wildcard, inside, match
from reorder.context.ignore import Ignore, Problem, parse_ignore
from reorder.context.links import resolve
from reorder.context.project import Project
from reorder.context.tree import Entry

IGNORE_NAME = ".dockerignore"


# No slots: cached_property lists the files when they are first asked for.
@dataclass(frozen=True)
class BuildContext:
    """A project and the ignore file in force. Paths are relative to the root of the context.

    What is asked with a path that COPY would take (leading `/`, `./`, `..`) is answered as COPY
    would: taken from the root, and a link at any place followed within what is visible.
    """

    project: Project
    ignore: Ignore
    ignore_path: str  # the file in force, or the one to create; starts with `..` if it is outside
    ignore_text: str | None  # None: there is no such file
    problem: Problem | None = None  # why the build fails, or its files cannot be known; line 0: all

    @cached_property
    def visible(self) -> Mapping[str, Entry]:
        """Every entry that reaches the builder, by path, sorted.

        A folder that is left out is there all the same when something in it is not (fsutil).
        """
        entries: dict[str, Entry] = {}
        dropped: dict[str, Entry] = {}
        for entry in self.project.walk(self.ignore.may_enter):
            if self.ignore.excluded(entry.path):
                dropped[entry.path] = entry
                continue
            entries[entry.path] = entry
            above = entry.path.rpartition("/")[0]
            while above and above not in entries:
                entries[above] = dropped[above]
                above = above.rpartition("/")[0]
        return {path: entries[path] for path in sorted(entries)}

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return tuple(self.visible)

    @property
    def git_data(self) -> bool:
        """Whether the content of `.git` reaches the builder; as an entry it may be there empty."""
        at = self.visible.get(".git")
        return at is not None and (at.kind != "dir" or not self.ignore.excluded(".git/HEAD"))

    def resolve(self, path: str) -> str | None:
        """The visible entry that COPY takes for a source path, links followed; "" is the root."""
        return resolve(path, self.visible.get)

    def kind(self, path: str) -> Literal["file", "dir"] | None:
        """What COPY finds at a source path; None: nothing, which fails the build."""
        at = self.resolve(path)
        if at is None:
            return None
        return "dir" if not at or self.visible[at].kind == "dir" else "file"

    def exists(self, path: str) -> bool:
        """Whether COPY finds something at a source path."""
        return self.resolve(path) is not None

    def executable(self, path: str) -> bool:
        """Whether a source path is a file with an execute bit."""
        at = self.resolve(path)
        return bool(at) and self.visible[at or ""].executable

    def read(self, path: str) -> str | None:
        """The text that the builder gets for a file; None: none, too large, or not known."""
        at = self.resolve(path)
        if not at or self.ignore.hollow(at):
            return None
        return self.project.read(at)

    def under(self, folder: str) -> tuple[str, ...]:
        """Every visible file and link (no folders) below a folder, sorted."""
        at = self.resolve(folder)
        if at is None:
            return ()
        return tuple(path for path in self._below(at) if self.visible[path].kind != "dir")

    def folders_under(self, folder: str) -> tuple[str, ...]:
        """Every visible folder below a folder, sorted."""
        at = self.resolve(folder)
        if at is None:
            return ()
        return tuple(path for path in self._below(at) if self.visible[path].kind == "dir")

    def match(self, pattern: str) -> tuple[str, ...]:
        """The visible entries that one COPY source names, as they are written in the listing.

        A source without wildcards names itself: () when it is missing, "" is the root. With them
        it is `filepath.Match` on the path, nothing below a match is looked at, and a malformed
        one matches nothing (fsutil/copy `ResolveWildcards`).
        """
        literal, wild = _split(inside(pattern))
        at = self.resolve(literal)
        if at is None:
            return ()
        if not wild:
            return (literal,)
        # A class may match a `/`, everything else stays in its segment.
        depth = None if "[" in wild else wild.count("/")
        start = len(at) + 1 if at else 0
        found: dict[str, None] = {}
        for path in self._below(at):
            name = path[start:]
            if depth is not None and name.count("/") != depth:
                continue
            try:
                matched = match(wild, name)
            except BadPattern:
                return ()
            if matched and not _any_above(path, found):
                found[path] = None
        return tuple(found)

    def with_ignore(self, text: str) -> BuildContext:
        """The same context with another text in the ignore file that is in force."""
        ignore = parse_ignore(text)
        return BuildContext(self.project, ignore, self.ignore_path, text, ignore.problem)

    def hidden_by(self, text: str) -> tuple[str, ...]:
        """The entries that a new ignore text would take away, sorted."""
        kept = self.with_ignore(text).visible
        return tuple(path for path in self._order if path not in kept)

    def _below(self, folder: str) -> tuple[str, ...]:
        if not folder:
            return self._order
        # "0" is the character after "/".
        first, end = bisect_left(self._order, folder + "/"), bisect_left(self._order, folder + "0")
        return self._order[first:end]


def build_context(project: Project, dockerfile: str) -> BuildContext:
    """The context that `project` is for a Dockerfile, given by its path relative to the root.

    `<Dockerfile>.dockerignore` beside it wins over `.dockerignore` at the root; they never add up.
    The path may lead out of the root (`../Dockerfile`): only that ignore file is read there.
    Source: BuildKit frontend/dockerui/config.go `ReadEntrypoint`, `dockerIgnorePatterns`.
    """
    own_path = posixpath.normpath(dockerfile) + IGNORE_NAME
    own = _read_beside(project, own_path)
    general = project.read(IGNORE_NAME)
    path, text = (IGNORE_NAME, general) if own is None else (own_path, own)
    ignore = parse_ignore(text or "")
    problem = ignore.problem
    if own == "" and general:
        problem = Problem(0, f"is empty: whether it replaces {IGNORE_NAME} depends on the builder")
    return BuildContext(project, ignore, path, text, problem)


def _read_beside(project: Project, path: str) -> str | None:
    if not path.startswith(("../", "/")):
        return project.read(path)
    at = Path(project.root, path)
    return Project.open(at.parent).read(at.name)


def _split(source: str) -> tuple[str, str]:
    """The folder before the first segment with a wildcard, and the rest."""
    parts = source.split("/")
    for at, part in enumerate(parts):
        if has_wildcard(part):
            return "/".join(parts[:at]), "/".join(parts[at:])
    return source, ""


def _any_above(path: str, found: Mapping[str, None]) -> bool:
    return any(path[:at] in found for at, char in enumerate(path) if char == "/")
