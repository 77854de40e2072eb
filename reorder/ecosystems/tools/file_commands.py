"""Core utilities on named paths: each reads and writes exactly as far as its operands go.

A file can only be made in a folder that is there, so that its folder is read too.

Source: POSIX.1-2017 "Utilities", the manual of GNU coreutils 9, busybox.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.folders import folder_needed
from reorder.ecosystems.paths import NOTHING, Paths, below, paths
from reorder.ecosystems.words import Words, absolute, as_files, as_trees
from reorder.shell.nodes import Arg, Opaque

Reads = Paths
Writes = Paths
Understood = tuple[Reads, Writes] | Opaque
BACKUPS: Final = ("-b", "--backup", "-S", "--suffix")
ACCOUNTS: Final = paths("/etc/passwd", "/etc/group")


def make_folders(words: Words, cwd: str) -> Understood:
    """`mkdir`, with `-p` or without."""
    made = NOTHING
    for arg in words.operands:
        path = absolute(arg.text, cwd)
        parents = made_folders(posixpath.dirname(path), cwd)
        if arg.kind == "glob":
            parents = Paths(globs=parents.files)
        made |= as_files(arg, cwd) | parents
    return made, made


def made_folders(path: str, cwd: str) -> Paths:
    """A folder and those above it, as far as an image may lack them: the shell is in `cwd`."""
    found = set()
    while path not in _ALWAYS_THERE and not below(cwd, path):
        found.add(path)
        path = posixpath.dirname(path)
    return Paths(frozenset(found))


def rm(words: Words, cwd: str) -> Understood:
    """`rm`, `rmdir`, `unlink`."""
    if words.has("-p", "--parents"):
        return Opaque("it deletes the folders above, too")
    if "/" in (absolute(arg.text, cwd) for arg in words.operands):
        return Opaque("it deletes the whole root folder")
    whole = words.has("-r", "-R", "--recursive")
    gone = union(words.operands, cwd, whole)
    return gone, gone


def in_place(words: Words, cwd: str) -> Understood:
    """`touch`, `truncate`, `mkfifo`: each operand is made or changed."""
    there = union(words.operands, cwd, words.has("-R", "--recursive"))
    return there | _folders(there, cwd), there


def _folders(written: Paths, cwd: str) -> Paths:
    """The folders that must be there for files to be made in them."""
    found = NOTHING
    for path in written.files:
        found |= folder_needed(path, cwd)
    return found


def chmod(words: Words, cwd: str) -> Understood:
    """`chmod`, `chown`, `chgrp`: the first operand is the mode or the owner."""
    if words.has("--reference"):
        return Opaque("its mode or owner comes from another file")
    operands = words.operands
    # `chmod -x file`: the mode looks like an option.
    mode_is_option = any(name[1:2] in "xwXst" for name, _ in words.options if len(name) == 2)
    there = union(operands if mode_is_option else operands[1:], cwd, words.has("-R", "--recursive"))
    return there | ACCOUNTS, there


def mktemp(words: Words, cwd: str) -> Understood:
    """`mktemp`: a new file or folder with a name that nobody knows before."""
    if words.has("-u", "--dry-run"):
        return NOTHING, NOTHING
    folder = words.value("-p", "--tmpdir") or ("/tmp" if words.has("-t") else None)
    template = words.operands[0].text if words.operands else "tmp.XXXXXXXXXX"
    if folder is None:
        folder = cwd if words.operands else "/tmp"
    path = absolute(template, folder)
    stem = posixpath.basename(path).partition("XXX")[0]
    made = Paths(globs=frozenset({posixpath.join(posixpath.dirname(path), f"{stem}*")}))
    return made, made


def strip(words: Words, cwd: str) -> Understood:
    """`strip`: symbols go, in place."""
    if words.has("-o"):
        return Opaque("`strip -o` is not understood")
    return in_place(words, cwd)


def setcap(words: Words, cwd: str) -> Understood:
    """`setcap`: the first operand is the capabilities, unless they are removed."""
    operands = words.operands if words.has("-r") else words.operands[1:]
    there = union(operands, cwd, False)
    return there, there


def ln(words: Words, cwd: str) -> Understood:
    """`ln`: the targets of symbolic links are not read."""
    if words.has(*BACKUPS):
        return Opaque("it keeps a copy of what it replaces")
    if not words.operands:
        return NOTHING, NOTHING
    *targets, link = words.operands
    if link.kind != "literal":
        return Opaque("where a link is made is a pattern")
    if not targets:
        made = Paths(trees=frozenset({absolute(posixpath.basename(link.text), cwd)}))
    else:
        made = as_trees(link, cwd)
    matched = tuple(arg for arg in targets if arg.kind == "glob")
    followed = matched if words.has("-s", "--symbolic") else tuple(targets)
    reads = made | union(followed, cwd, False)
    if targets:
        reads |= folder_needed(absolute(link.text, cwd), cwd)
    return reads, made


def cd(words: Words, cwd: str) -> Understood:
    """`cd`: the folder must be there, unless it is the one the shell is in, or around it."""
    if any(arg.kind != "literal" for arg in words.operands):
        return Opaque("`cd` into a folder that is not known")
    folders = {absolute(arg.text, cwd) for arg in words.operands}
    return Paths(files=frozenset(path for path in folders if not below(cwd, path))), NOTHING


def cat(words: Words, cwd: str) -> Understood:
    """`cat`, `head`, `tail`, `wc`: operands are read."""
    return union(tuple(arg for arg in words.operands if arg.text != "-"), cwd, False), NOTHING


def ls(words: Words, cwd: str) -> Understood:
    """`ls`: operands are read with what is below them."""
    here = Paths(trees=frozenset({absolute(".", cwd)}))
    return union(words.operands, cwd, True) if words.operands else here, NOTHING


def union(args: tuple[Arg, ...], cwd: str, whole: bool) -> Paths:
    """What some words name, with all below them if `whole`."""
    found = NOTHING
    for arg in args:
        found |= as_trees(arg, cwd) if whole else as_files(arg, cwd)
    return found


# Folders that mkdir -p never creates, in any image with a shell.
_ALWAYS_THERE: Final = frozenset(
    "/ /bin /dev /etc /home /lib /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var".split()
)
