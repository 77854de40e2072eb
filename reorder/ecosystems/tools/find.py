"""find, and `find … | xargs`: what they search, delete and change below literal folders.

A test of times is not understood: a rewrite changes times. Of commands that it runs, those are
understood that read and write nothing but the files they are given and the literal paths in their
words.

Source: find(1) and xargs(1) of GNU findutils 4.9, busybox find.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.given import bare
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.tools.filters import sed_is_plain
from reorder.ecosystems.words import absolute, as_trees, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "find and xargs"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"find", "xargs"})
JUNK: Final[tuple[str, ...]] = ()

_ENV: Final = frozenset({"PATH", "LANG", "LC_*", "TZ", "POSIXLY_CORRECT"})


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `find` or `xargs` does."""
    done = _xargs(call) if posixpath.basename(call.name) == "xargs" else _find(call)
    if isinstance(done, Opaque):
        return done
    return CommandEffects(posixpath.basename(call.name), done[0], done[1], env=_ENV)


def _find(call: Call) -> tuple[Paths, Paths] | Opaque:
    """The trees it reads, and what it writes."""
    split = _roots(call)
    if isinstance(split, Opaque):
        return split
    found, rest = split
    writes = NOTHING
    while rest:
        arg = rest.pop(0)
        word = bare(arg)
        if word == "-delete":
            writes |= found
        elif word in ("-exec", "-execdir"):
            end = next((i for i, a in enumerate(rest) if a.text in (";", "+")), None)
            if end is None:
                return Opaque("`find -exec` without an end")
            done = _run(call, tuple(rest[:end]), found)
            if isinstance(done, Opaque):
                return done
            found, writes, rest = found | done[0], writes | done[1], rest[end + 1 :]
        elif word in _WITH_VALUE and rest:
            rest.pop(0)
        elif word not in _WITHOUT:
            why = "compares times" if word in _TIMES else "is not understood"
            return Opaque(f"`find {arg.text}` {why}")
    return found, writes


def _roots(call: Call) -> tuple[Paths, list[Arg]] | Opaque:
    rest = list(call.args[1:])
    while rest and rest[0].text in ("-H", "-P"):
        rest.pop(0)
    found = NOTHING
    while rest and not bare(rest[0]).startswith(("-", "(", ")", "!", ",")):
        arg = rest.pop(0)
        if arg.kind == "unknown":
            return unknown(call, arg)
        found |= as_trees(arg, call.cwd)
    return found or Paths(trees=frozenset({call.cwd})), rest


def _xargs(call: Call) -> tuple[Paths, Paths] | Opaque:
    """Its words come from `find`, whose tree they are in."""
    rest = list(call.args[1:])
    while rest and rest[0].text.startswith("-"):
        option = rest.pop(0).text
        if option in ("-n", "-P", "-I", "-L", "-s", "--max-args", "--max-procs") and rest:
            rest.pop(0)
        elif option not in _XARGS and option[:2] not in ("-n", "-P", "-L", "-I"):
            return Opaque(f"`xargs {option}` is not understood")
    source = call.piped
    while source is not None and _picks(source):
        source = source.piped
    if source is None or posixpath.basename(source.name) != "find":
        return Opaque("what `xargs` gets as words is not known")
    found = _roots(source)
    if isinstance(found, Opaque):
        return found
    return _run(call, tuple(rest), found[0])


def _picks(call: Call) -> bool:
    """Whether a command gives on some of the lines it gets, and reads no file instead."""
    words = [arg.text for arg in call.args[1:] if not arg.text.startswith("-")]
    name = posixpath.basename(call.name)
    return not words if name in ("sort", "head", "tail") else name == "grep" and len(words) == 1


def _run(call: Call, words: tuple[Arg, ...], found: Paths) -> tuple[Paths, Paths] | Opaque:
    """What a command does that gets found files as its words."""
    if not words:
        return found, NOTHING
    name = posixpath.basename(words[0].text)
    if words[0].kind != "literal" or name not in _READERS | _WRITERS:
        return Opaque(f"`{call.name}` runs `{words[0].text}`, which is not understood with files")
    named = NOTHING
    for arg in words[1:]:
        if name == "sed" and arg.text[:1] != "-" and "{}" not in arg.text:
            if arg.kind != "literal" or not sed_is_plain(arg.text):
                return Opaque(f"the script of `sed` ({arg.text}) is not understood")
            continue
        if arg.kind == "unknown" and bare(arg) != "{}":
            return unknown(call, arg)
        if name in _WRITERS and arg.text.startswith("-") and "/" in arg.text[3:]:
            return Opaque(f"`{name} {arg.text}` in `{call.name}` is not understood")
        if "{}" not in arg.text and not arg.text.startswith("-"):
            named |= as_trees(arg, call.cwd)
        if name in ("cp", "mv", "ln", "install") and arg.text.startswith("-t") and arg.text != "-t":
            named |= Paths(trees=frozenset({absolute(arg.text[2:], call.cwd)}))
        if name == "sed" and arg.text.startswith(("-f", "--file", "-e", "--expression")):
            return Opaque("`sed` with a script in an option, run by `find`")
    return found | named, (found | named) if name in _WRITERS else NOTHING


_XARGS: Final = frozenset("-0 --null -r --no-run-if-empty -t -x -0r -r0 --verbose".split())
_READERS: Final = frozenset(
    "basename cat dirname du echo egrep file grep head ls md5sum printf readlink sha256sum stat "
    "tail test wc".split()
)
_WRITERS: Final = frozenset(
    "chgrp chmod chown cp gzip install ln mv rm rmdir sed strip touch truncate".split()
)
_TIMES: Final = frozenset(
    "-mtime -mmin -atime -amin -ctime -cmin -newer -anewer -cnewer -newermt -newerat".split()
)
_WITH_VALUE: Final = frozenset(
    "-name -iname -path -wholename -ipath -iwholename -lname -ilname -regex -iregex -regextype "
    "-type -xtype -maxdepth -mindepth -perm -user -group -uid -gid -size -links -inum -samefile "
    "-printf -fstype".split()
)
_WITHOUT: Final = frozenset(
    "-print -print0 -ls -o -a -or -and -not ! ( ) , -prune -empty -depth -d -xdev -mount -true "
    "-false -executable -readable -writable -nouser -nogroup -quit -noleaf -ignore_readdir_race "
    "-warn -nowarn".split()
)
