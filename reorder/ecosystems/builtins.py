"""Shell builtins and core utilities on named paths: harmless, or exactly as far as their operands.

Source of the meanings: POSIX.1-2017 "Utilities", GNU coreutils manual, shadow-utils useradd(8),
busybox adduser. Output that only goes to the build log has no effect.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Final

from reorder.ecosystems.accounts import ACCOUNT_COMMANDS, account_effects
from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.filters import FILTERS, filter_effects
from reorder.ecosystems.paths import NOTHING, Paths, below
from reorder.ecosystems.words import Words, absolute, as_files, as_trees, split_words, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "shell and coreutils"
LEVEL: Final = 1
JUNK: Final[tuple[str, ...]] = ()

Reads = Paths
Writes = Paths
Understood = tuple[Reads, Writes] | Opaque


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a builtin or a core utility does; None for any other command."""
    name = posixpath.basename(call.name)
    if name in ACCOUNT_COMMANDS:
        return account_effects(call)
    if name in FILTERS:
        return filter_effects(call, name)
    if name in _VERSIONED and call.words is not None and call.words[1:] in _VERSION_QUERIES:
        return CommandEffects(name, image.system, env=frozenset({"PATH", "HOME"}))
    if name in _SILENT:
        return CommandEffects(name, NOTHING, env=frozenset({"PATH"}))
    if name in _QUERIES:
        return CommandEffects(name, image.system, env=frozenset({"PATH", "HOME", "USER"}))
    if name in _TESTS:
        done = _test(call)
    elif name in _ON_PATHS:
        words = split_words(call, _WITH_VALUE.get(name, frozenset()))
        if isinstance(words, Opaque):
            return words
        for arg in words.operands:
            if arg.kind == "unknown":
                return unknown(call, arg)
        done = _ON_PATHS[name](words, call.cwd)
    else:
        return None
    if isinstance(done, Opaque):
        return done
    writes = NOTHING if name == "chmod" and _is_executable(call, image) else done[1]
    return CommandEffects(name, done[0], writes, env=frozenset({"PATH"}))


def _is_executable(call: Call, image: Image) -> bool:
    """`chmod +x` of files that the context has with the bit set: git keeps it for all or nobody."""
    words = call.words or ()
    if len(words) < 3 or words[1] not in ("+x", "a+x", "u+x"):
        return False
    return all(image.files.executable(absolute(word, call.cwd)) for word in words[2:])


def _test(call: Call) -> Understood:
    """`test`, `[`, `[[`: the operands of the file operators."""
    reads = NOTHING
    for operator, arg in zip(call.args, call.args[1:], strict=False):
        if operator.text in ("-nt", "-ot", "-ef"):
            return Opaque(
                f"`{call.name} … {operator.text}` compares times, which a rewrite changes"
            )
        if operator.kind != "literal" or operator.text not in _FILE_OPERATORS:
            continue
        if arg.kind == "unknown":
            return unknown(call, arg)
        whole = operator.text not in _REGULAR_FILE_OPERATORS
        reads |= (as_trees if whole else as_files)(arg, call.cwd)
    return reads, NOTHING


def _mkdir(words: Words, cwd: str) -> Understood:
    made = NOTHING
    for arg in words.operands:
        made |= as_files(arg, cwd)
        parent = posixpath.dirname(absolute(arg.text, cwd))
        while parent not in _ALWAYS_THERE:
            made |= as_files(Arg(parent, arg.kind, arg.span), "/")
            parent = posixpath.dirname(parent)
    return made, made


def _rm(words: Words, cwd: str) -> Understood:
    if "/" in (absolute(arg.text, cwd) for arg in words.operands):
        return Opaque("it deletes the whole root folder")
    whole = words.has("-r", "-R", "--recursive")
    gone = _union(words.operands, cwd, whole)
    return gone, gone


def _in_place(words: Words, cwd: str) -> Understood:
    there = _union(words.operands, cwd, words.has("-R", "--recursive"))
    return there, there


def _chmod(words: Words, cwd: str) -> Understood:
    """The first operand of chmod, chown and chgrp is the mode or the owner."""
    if words.has("--reference"):
        return Opaque("its mode or owner comes from another file")
    operands = words.operands
    # `chmod -x file`: the mode looks like an option.
    mode_is_option = any(name[1:2] in "xwXst" for name, _ in words.options if len(name) == 2)
    there = _union(
        operands if mode_is_option else operands[1:], cwd, words.has("-R", "--recursive")
    )
    return there | Paths(files=frozenset({"/etc/passwd", "/etc/group"})), there


def _ln(words: Words, cwd: str) -> Understood:
    if not words.operands:
        return NOTHING, NOTHING
    *targets, link = words.operands
    if any(arg.kind != "literal" for arg in words.operands):
        return Opaque("a link is made from a pattern")
    if not targets:
        made = Paths(trees=frozenset({absolute(posixpath.basename(link.text), cwd)}))
    else:
        made = as_trees(link, cwd)
    reads = made if words.has("-s", "--symbolic") else made | _union(tuple(targets), cwd, False)
    return reads, made


def _cp(words: Words, cwd: str) -> Understood:
    split = _sources(words)
    if split is None:
        return Opaque("its operands are not a source and a destination")
    sources, destination = split
    whole = words.has("-r", "-R", "-a", "--recursive", "--archive")
    reads = _union(sources, cwd, whole)
    return reads | as_files(destination, cwd), _below(sources, destination, cwd, whole)


def _mv(words: Words, cwd: str) -> Understood:
    split = _sources(words)
    if split is None:
        return Opaque("its operands are not a source and a destination")
    sources, destination = split
    moved = _union(sources, cwd, True)
    return moved | as_files(destination, cwd), moved | _below(sources, destination, cwd, True)


def _cd(words: Words, cwd: str) -> Understood:
    """The folder must be there, unless it is the one the shell is in, or around it."""
    if any(arg.kind != "literal" for arg in words.operands):
        return Opaque("`cd` into a folder that is not known")
    folders = {absolute(arg.text, cwd) for arg in words.operands}
    return Paths(files=frozenset(path for path in folders if not below(cwd, path))), NOTHING


def _cat(words: Words, cwd: str) -> Understood:
    return _union(tuple(arg for arg in words.operands if arg.text != "-"), cwd, False), NOTHING


def _ls(words: Words, cwd: str) -> Understood:
    here = Paths(trees=frozenset({absolute(".", cwd)}))
    return _union(words.operands, cwd, True) if words.operands else here, NOTHING


def _union(args: tuple[Arg, ...], cwd: str, whole: bool) -> Paths:
    union = NOTHING
    for arg in args:
        union |= as_trees(arg, cwd) if whole else as_files(arg, cwd)
    return union


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


_ON_PATHS: Final[dict[str, Callable[[Words, str], Understood]]] = {
    "cd": _cd,
    "mkdir": _mkdir,
    "rm": _rm,
    "rmdir": _rm,
    "unlink": _rm,
    "touch": _in_place,
    "ln": _ln,
    "cp": _cp,
    "mv": _mv,
    "chmod": _chmod,
    "chown": _chmod,
    "chgrp": _chmod,
    "cat": _cat,
    "head": _cat,
    "tail": _cat,
    "wc": _cat,
    "ls": _ls,
}
_WITH_VALUE: Final[dict[str, frozenset[str]]] = {
    "mkdir": frozenset({"-m", "--mode"}),
    "touch": frozenset({"-d", "-t", "-r", "--date"}),
    "cp": frozenset({"-t", "--target-directory"}),
    "mv": frozenset({"-t", "--target-directory"}),
    "head": frozenset({"-n", "-c"}),
    "tail": frozenset({"-n", "-c"}),
}
# No effect on files. A redirect is counted by the table, a variable by the shell.
_SILENT: Final = frozenset(
    ": true false echo printf set export unset readonly local shift exit return break continue "
    "sleep wait umask ulimit pushd popd shopt read".split()
)
_QUERIES: Final = frozenset(
    "id whoami uname which type hash pwd date hostname printenv getent arch nproc tty logname "
    "groups sync".split()
)
_TESTS: Final = frozenset({"test", "[", "[["})
_VERSIONED: Final = frozenset(
    "node ruby java javac gcc g++ git curl wget yarn pnpm cargo rustc php perl".split()
)
_VERSION_QUERIES: Final = (("--version",), ("-version",), ("-V",), ("-v",))
_REGULAR_FILE_OPERATORS: Final = frozenset({"-f", "-s", "-r", "-w", "-x"})
_FILE_OPERATORS: Final = _REGULAR_FILE_OPERATORS | frozenset(
    "-b -c -d -e -g -h -k -p -u -G -L -N -O -S".split()
)
# Folders that mkdir -p never creates, in any image with a shell.
_ALWAYS_THERE: Final = frozenset(
    "/ /bin /dev /etc /home /lib /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var".split()
)
COMMANDS: Final = frozenset(_ON_PATHS).union(
    _SILENT, _QUERIES, _TESTS, _VERSIONED, ACCOUNT_COMMANDS, FILTERS
)
