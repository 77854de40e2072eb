"""tar, unzip, gzip and its kin: what they pack and unpack.

An unpacked archive may write anything below its folder, and nothing else: members with an absolute
name or with `..` lose them or are refused, and links are made last. Options that allow more (`-P`,
`unzip -:`), that rename members or that run commands are not understood.

Source: the manual of GNU tar 1.34 (6.10.2, 10.2.3), busybox tar, unzip(1) 6.0, gzip(1), bzip2(1),
xz(1), zstd(1).
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.tools.tar import tar_effects
from reorder.ecosystems.words import absolute, as_files, as_trees, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "tar, unzip, gzip, bzip2, xz, zstd"
LEVEL: Final = 1
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of one of these reads and writes."""
    name = posixpath.basename(call.name)
    if name in _TARS:
        done = tar_effects(call)
    elif name == "unzip":
        done = _unzip(call)
    elif name in _SHOWS:
        given = read_given(call, _PRESS_FLAGS, frozenset())
        done = given if isinstance(given, Opaque) else _reads(given.named(given.operands))
    else:
        done = _press(call)
    if isinstance(done, Opaque):
        return done
    reads, writes = done
    return CommandEffects(name, image.system | reads | writes, writes, env=_ENV)


def _reads(found: Paths | Opaque) -> tuple[Paths, Paths] | Opaque:
    return found if isinstance(found, Opaque) else (found, NOTHING)


def _unzip(call: Call) -> tuple[Paths, Paths] | Opaque:
    given = read_given(call, _UNZIP_FLAGS, frozenset({"-d", "-P", "-x", "-O", "-I"}))
    if isinstance(given, Opaque):
        return given
    if not given.operands:
        return (NOTHING, NOTHING) if given.has("-v") else Opaque("`unzip` without an archive")
    archive = given.operands[0]
    if archive.kind == "unknown":
        return unknown(call, archive)
    reads = as_files(archive, call.cwd)
    if archive.kind == "literal":
        reads |= paths(*(absolute(f"{archive.text}{end}", call.cwd) for end in (".zip", ".ZIP")))
    if given.has("-l", "-t", "-p", "-c", "-v", "-z", "-Z"):
        return reads, NOTHING
    folder = given.last("-d") or Arg(".", "literal", (0, 0))
    return _unpacked(given, reads, folder)


def _unpacked(given: Given, reads: Paths, folder: Arg) -> tuple[Paths, Paths] | Opaque:
    if folder.kind != "literal":
        return unknown(given.call, folder)
    if absolute(folder.text, given.call.cwd) == "/":
        return Opaque(f"`{given.call.name}` unpacks into the root folder")
    return reads, as_trees(folder, given.call.cwd)


def _press(call: Call) -> tuple[Paths, Paths] | Opaque:
    """gzip and its kin put the result next to the file, and delete that."""
    given = read_given(call, _PRESS_FLAGS, frozenset({"-T", "--threads", "-o"}))
    if isinstance(given, Opaque):
        return given
    if given.has("-r"):
        found = given.named(given.operands, whole=True)
        return found if isinstance(found, Opaque) else (found, found)
    found = given.named(given.operands)
    if isinstance(found, Opaque) or given.has("-c", "--stdout", "--to-stdout", "-l", "-t"):
        return _reads(found)
    beside = given.named(given.all("-o"))
    if isinstance(beside, Opaque):
        return beside
    return found, found | beside | _renamed(found)


def _renamed(found: Paths) -> Paths:
    """The names a result may have: the suffix goes, is replaced or is added."""
    files = {f"{path}{suffix}" for path in found.files for suffix in _SUFFIXES}
    globs = {f"{glob}{suffix}" for glob in found.globs for suffix in _SUFFIXES}
    for path in found.files | found.globs:
        stem, dot = posixpath.splitext(path)
        same = files if path in found.files else globs
        same |= {stem, f"{stem}.tar"} if dot else set()
    return Paths(frozenset(files), globs=frozenset(globs))


_TARS: Final = frozenset({"tar", "gtar", "bsdtar"})
_SHOWS: Final = frozenset("zcat gzcat bzcat xzcat zstdcat".split())
_PRESSES: Final = frozenset(
    "gzip gunzip bzip2 bunzip2 xz unxz lzma unlzma zstd unzstd pigz".split()
)
COMMANDS: Final = _TARS | _SHOWS | _PRESSES | {"unzip"}
_SUFFIXES: Final = (".gz", ".bz2", ".xz", ".zst", ".lzma", ".out")
_UNZIP_FLAGS: Final = frozenset(
    "-q -qq -o -n -j -a -aa -L -v -l -t -p -c -z -Z -C -X -K -B -D -DD -V -W -b".split()
)
_PRESS_FLAGS: Final = frozenset(
    "-d --decompress --uncompress -k --keep -f --force -c --stdout --to-stdout -v --verbose -q "
    "--quiet -n --no-name -N --name -t --test -l --list -r -z --compress -e --extreme --best "
    "--fast --rm -1 -2 -3 -4 -5 -6 -7 -8 -9 -0 -h -V --version --help".split()
)
_ENV: Final = frozenset(
    "PATH TAPE TAR_OPTIONS GZIP BZIP BZIP2 XZ_OPT XZ_DEFAULTS ZSTD_CLEVEL UNZIP UNZIPOPT TMPDIR "
    "LANG LC_* TZ LD_LIBRARY_PATH".split()
)
