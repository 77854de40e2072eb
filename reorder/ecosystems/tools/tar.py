"""tar's command line: what it packs, unpacks or lists.

Source: the manual of GNU tar 1.34 (3.3 The Three Option Styles, 3.4 All tar Options).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.words import absolute, as_trees, unknown
from reorder.shell.nodes import Arg, Call, Opaque


def tar_effects(call: Call) -> tuple[Paths, Paths] | Opaque:
    """What a tar call reads and writes beside the system."""
    plain = _with_dashes(call)
    given = plain if isinstance(plain, Opaque) else read_given(plain, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    if given.call.env.get("TAR_OPTIONS", ""):
        return Opaque("TAR_OPTIONS changes what `tar` does")
    if any(arg.text not in _COMPRESSORS for arg in given.all("-I", "--use-compress-program")):
        return Opaque("`tar -I` runs a command that is not known")
    modes = [mode for mode, names in _MODES.items() if given.has(*names)]
    if len(modes) != 1:
        return Opaque("whether `tar` packs or unpacks is not understood")
    archives = [arg for arg in given.all("-f", "--file") if arg.text != "-"]
    archive = given.named(tuple(archives[-1:]))
    lists = given.named(given.all("-T", "--files-from", "-X", "--exclude-from"))
    if isinstance(archive, Opaque):
        return archive
    if isinstance(lists, Opaque):
        return lists
    if modes == ["t"]:
        return archive | lists, NOTHING
    folder = _folder(given)
    if isinstance(folder, Opaque):
        return folder
    if modes == ["c"]:
        packed = _packed(given, folder)
        if isinstance(packed, Opaque):
            return packed
        return packed | lists, archive
    if given.has("-O", "--to-stdout"):
        return archive | lists, NOTHING
    if folder == "/":
        return Opaque("`tar` unpacks into the root folder")
    return archive | lists, Paths(trees=frozenset({folder}))


def _with_dashes(call: Call) -> Call | Opaque:
    """The old style (`tar xzf a.tgz`): letters first, then a value for each that takes one."""
    if len(call.args) < 2:
        return Opaque("`tar` without arguments")
    first = call.args[1]
    if first.kind != "literal":
        return unknown(call, first)
    if first.text.startswith("-"):
        return call
    rest = list(call.args[2:])
    words: list[Arg] = []
    for letter in first.text:
        words.append(replace(first, text=f"-{letter}"))
        if f"-{letter}" in _VALUES:
            if not rest:
                return Opaque(f"`tar {first.text}` lacks a value")
            words.append(rest.pop(0))
    return replace(call, args=(call.args[0], *words, *rest))


def _folder(given: Given) -> str | Opaque:
    """Where members go or come from: `-C` counts from the one before it."""
    folder = given.call.cwd
    asked = given.all("-C", "--directory", "--cd", "--one-top-level")
    for arg in asked:
        if arg.kind != "literal":
            return unknown(given.call, arg)
        folder = absolute(arg.text, folder)
    return folder


def _packed(given: Given, folder: str) -> Paths | Opaque:
    """The trees that go into an archive; with several `-C` each of them may be meant."""
    found = NOTHING
    if given.has("-T", "--files-from") or len(given.all("-C", "--directory", "--cd")) > 1:
        found |= Paths(trees=frozenset({folder, given.call.cwd}))
    for arg in given.operands:
        if arg.kind == "unknown":
            return unknown(given.call, arg)
        found |= as_trees(arg, folder) | as_trees(arg, given.call.cwd)
    return found


_MODES: Final = {
    "x": ("-x", "--extract", "--get"),
    "c": ("-c", "--create"),
    "t": ("-t", "--list"),
}
_COMPRESSORS: Final = frozenset("gzip pigz bzip2 pbzip2 lbzip2 xz pixz zstd lzma lz4 lzop".split())
_VALUES: Final = frozenset(
    "-f --file -C --directory --cd -T --files-from -X --exclude-from --strip-components --strip "
    "--exclude --owner --group --mode --mtime --warning --one-top-level -I --use-compress-program "
    "--sort --format -H -b --blocking-factor --pax-option".split()
)
_FLAGS: Final = frozenset(
    "-x --extract --get -c --create -t --list -z --gzip --gunzip --ungzip -j --bzip2 -J --xz -a "
    "--auto-compress --zstd --lzma --lzip --lzop -v --verbose -p --preserve-permissions "
    "--same-permissions -o --no-same-owner --same-owner --no-same-permissions -k --keep-old-files "
    "--skip-old-files --overwrite -U --unlink-first -m --touch --wildcards --no-wildcards "
    "--wildcards-match-slash --no-wildcards-match-slash --anchored --no-anchored "
    "--no-overwrite-dir --numeric-owner --xattrs --acls --selinux --no-xattrs --no-acls "
    "--no-selinux --delay-directory-restore --ignore-zeros -i -O --to-stdout -S --sparse --totals "
    "--no-recursion --recursive-unlink --one-file-system --exclude-vcs --no-auto-compress "
    "--dereference -h --hard-dereference --ignore-failed-read -B --version "
    "--help".split()
)
