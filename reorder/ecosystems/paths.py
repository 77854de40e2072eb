"""Sets of absolute image paths: files, whole trees, patterns, or everything but some trees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class Paths:
    """A set of normalised absolute paths; the parts are united.

    `trees` hold a path and all below it. `globs` are shell patterns whose `*` stays in one segment.
    `all_but` (None: not used) stands for every path that is in none of these trees.
    """

    files: frozenset[str] = frozenset()
    trees: frozenset[str] = frozenset()
    globs: frozenset[str] = frozenset()
    all_but: frozenset[str] | None = None

    def __or__(self, other: Paths) -> Paths:
        return Paths(
            self.files | other.files,
            self.trees | other.trees,
            self.globs | other.globs,
            _union_all_but(self.all_but, other.all_but),
        )

    def __bool__(self) -> bool:
        return bool(self.files or self.trees or self.globs) or self.all_but is not None

    def contains(self, path: str) -> bool:
        """Whether one path is in the set."""
        if path in self.files or _in_trees(path, self.trees):
            return True
        if any(glob_match(path, pattern) for pattern in self.globs):
            return True
        return self.all_but is not None and not _in_trees(path, self.all_but)

    def changes_folder(self, path: str) -> bool:
        """Whether what writes these may change a folder that is there, as such.

        "Everything but the application" leaves the folders that hold the application as they are.
        """
        if self.all_but is None or not any(below(tree, path) for tree in self.all_but):
            return self.contains(path)
        return replace(self, all_but=None).contains(path)

    def outside(self, trees: frozenset[str]) -> Paths:
        """The part of the set that lies in none of some trees."""
        return Paths(
            frozenset(path for path in self.files if not _in_trees(path, trees)),
            frozenset(path for path in self.trees if not _in_trees(path, trees)),
            frozenset(path for path in self.globs if not _in_trees(glob_root(path), trees)),
            None if self.all_but is None else self.all_but | trees,
        )

    def overlaps(self, other: Paths) -> bool:
        """Whether some path may be in both; never False when one is."""
        return _overlap(self, other) or _overlap(other, self)


NOTHING = Paths()
EVERYTHING = Paths(all_but=frozenset())


def paths(*files: str, trees: tuple[str, ...] = (), globs: tuple[str, ...] = ()) -> Paths:
    """A set from its parts."""
    return Paths(frozenset(files), frozenset(trees), frozenset(globs))


def below(path: str, tree: str) -> bool:
    """Whether `path` is `tree` or lies below it."""
    return path == tree or path.startswith(tree if tree.endswith("/") else tree + "/")


def glob_match(path: str, pattern: str) -> bool:
    """Match segment by segment, so that `*` never crosses a `/`."""
    ours, theirs = path.split("/"), pattern.split("/")
    return len(ours) == len(theirs) and all(map(fnmatchcase, ours, theirs))


def match_deep(path: str, pattern: str) -> bool:
    """Like `glob_match`, but a segment `**` stands for any number of segments, none included."""
    return _deep(path.split("/"), pattern.split("/"))


def _deep(path: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_deep(path[at:], pattern[1:]) for at in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _deep(path[1:], pattern[1:])


def glob_root(pattern: str) -> str:
    """The longest literal folder above the first segment with a wildcard."""
    literal: list[str] = []
    for segment in pattern.split("/"):
        if any(char in segment for char in "*?["):
            break
        literal.append(segment)
    return "/".join(literal) or "/"


def _may_be_below(pattern: str, tree: str) -> bool:
    """Whether what matches a pattern may be a tree, lie below it or above it."""
    return tree == "/" or all(map(fnmatchcase, tree.split("/"), pattern.split("/")))


def _in_trees(path: str, trees: frozenset[str]) -> bool:
    if not trees:
        return False
    while path not in trees:
        if path in ("/", ""):
            return False
        path = path.rpartition("/")[0] or "/"
    return True


def _union_all_but(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    if a is None or b is None:
        return b if a is None else a
    # A path is missing from the union only if it is missing from both.
    return frozenset(
        inner for x, other in ((a, b), (b, a)) for inner in x if any(below(inner, o) for o in other)
    )


def _overlap(a: Paths, b: Paths) -> bool:
    if any(b.contains(path) for path in a.files):
        return True
    if b.trees and any(below(tree, other) for tree in b.trees for other in a.trees):
        return True
    if b.trees and any(_may_be_below(pattern, tree) for pattern in a.globs for tree in b.trees):
        return True
    roots = [glob_root(pattern) for pattern in a.globs]
    if any(below(root, glob_root(pattern)) for root in roots for pattern in b.globs):
        return True
    if a.all_but is None:
        return False
    if b.all_but is not None:
        return True
    wide = b.trees | {glob_root(pattern) for pattern in b.globs}
    return any(not _in_trees(tree, a.all_but) for tree in wide)
