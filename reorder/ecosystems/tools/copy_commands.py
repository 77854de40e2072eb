"""Core utilities that copy: each names its sources and where they go.

Source: POSIX.1-2017 "Utilities", the manual of GNU coreutils 9 (cp, mv, install), patch(1).
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.folders import folder_needed
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.tools.file_commands import (
    ACCOUNTS,
    BACKUPS,
    Understood,
    made_folders,
    make_folders,
    union,
)
from reorder.ecosystems.words import Words, absolute, as_files, as_trees
from reorder.shell.nodes import Arg, Opaque

COMPARES: Final = "it compares times, which a rewrite changes"


def copy(words: Words, cwd: str) -> Understood:
    """`cp`."""
    if words.has(*BACKUPS):
        return Opaque("it keeps a copy of what it replaces")
    if words.has("-u", "--update"):
        return Opaque(COMPARES)
    split = _sources(words)
    if split is None:
        return Opaque("its operands are not a source and a destination")
    sources, destination = split
    whole = words.has("-r", "-R", "-a", "--recursive", "--archive")
    reads = union(sources, cwd, whole)
    reads |= as_files(destination, cwd)
    writes = _below(sources, destination, cwd, whole or words.has("--parents"))
    return reads | folder_needed(absolute(destination.text, cwd), cwd), writes


def move(words: Words, cwd: str) -> Understood:
    """`mv`: both ends change."""
    if words.has("-u", "--update"):
        return Opaque(COMPARES)
    if words.has(*BACKUPS):
        return Opaque("it keeps a copy of what it replaces")
    split = _sources(words)
    if split is None:
        return Opaque("its operands are not a source and a destination")
    sources, destination = split
    moved = union(sources, cwd, True)
    reads = moved | as_files(destination, cwd)
    writes = moved | _below(sources, destination, cwd, True)
    return reads | folder_needed(absolute(destination.text, cwd), cwd), writes


def install(words: Words, cwd: str) -> Understood:
    """`install`: with `-d` it makes folders; else it copies, and sets mode and owner."""
    if words.has("-d", "--directory"):
        return make_folders(words, cwd)
    if words.has("-s", "--strip", "--strip-program", "-C"):
        return Opaque("`install` with an option that is not understood")
    done = copy(words, cwd)
    if isinstance(done, Opaque):
        return done
    reads, writes = done
    if words.has("-D"):
        folder = words.value("-t", "--target-directory") or posixpath.dirname(
            words.operands[-1].text
        )
        made = made_folders(absolute(folder, cwd), cwd)
        reads, writes = reads | made, writes | made
    return reads | ACCOUNTS, writes


def patch(words: Words, cwd: str) -> Understood:
    """`patch`: it changes files below its folder; names that lead out of it are refused."""
    folder = words.value("-d", "--directory") or "."
    inputs = [value for name, value in words.options if name in ("-i", "--input") and value]
    named = frozenset(absolute(text, absolute(folder, cwd)) for text in inputs)
    if words.has("-o", "--output", "-r", "--reject-file", "-B", "--prefix"):
        return Opaque("`patch` with an option that is not understood")
    tree = Paths(trees=frozenset({absolute(folder, cwd)}))
    if tree.contains("/"):
        return Opaque("`patch` changes the root folder")
    return union(words.operands, cwd, False) | Paths(named) | tree, tree


def _sources(words: Words) -> tuple[tuple[Arg, ...], Arg] | None:
    target = words.value("-t", "--target-directory")
    if target is not None:
        return words.operands, Arg(target, "literal", (0, 0))
    if len(words.operands) < 2 or words.operands[-1].kind != "literal":
        return None
    return words.operands[:-1], words.operands[-1]


def _below(sources: tuple[Arg, ...], destination: Arg, cwd: str, whole: bool) -> Paths:
    """The destination may be a folder or not: both readings are in the set."""
    if whole:
        return as_trees(destination, cwd)
    written = as_files(destination, cwd)
    for arg in sources:
        inside = posixpath.join(destination.text, posixpath.basename(arg.text.rstrip("/")))
        written |= as_files(Arg(inside, arg.kind, arg.span), cwd)
    return written
