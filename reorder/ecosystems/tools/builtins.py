"""Shell builtins and core utilities on named paths: harmless, or exactly as far as their operands.

Source of the meanings: POSIX.1-2017 "Utilities", GNU coreutils manual, shadow-utils useradd(8),
busybox adduser. Output that only goes to the build log has no effect.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.paths import NOTHING
from reorder.ecosystems.tools import copy_commands, file_commands
from reorder.ecosystems.tools.accounts import ACCOUNT_COMMANDS, account_effects
from reorder.ecosystems.tools.file_commands import Understood
from reorder.ecosystems.tools.filters import FILTERS, filter_effects
from reorder.ecosystems.words import Words, absolute, as_files, as_trees, split_words, unknown
from reorder.shell.nodes import Call, Opaque

NAME: Final = "shell and coreutils"
LEVEL: Final = 1
JUNK: Final[tuple[str, ...]] = ()


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
    elif name == "mktemp" and call.env.get("TMPDIR", "") != "":
        return Opaque("`mktemp` in the folder of TMPDIR is not understood")
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


_ON_PATHS: Final[dict[str, Callable[[Words, str], Understood]]] = {
    "cd": file_commands.cd,
    "mkdir": file_commands.make_folders,
    "rm": file_commands.rm,
    "rmdir": file_commands.rm,
    "unlink": file_commands.rm,
    "touch": file_commands.in_place,
    "truncate": file_commands.in_place,
    "strip": file_commands.strip,
    "mkfifo": file_commands.in_place,
    "install": copy_commands.install,
    "mktemp": file_commands.mktemp,
    "patch": copy_commands.patch,
    "setcap": file_commands.setcap,
    "ln": file_commands.ln,
    "cp": copy_commands.copy,
    "mv": copy_commands.move,
    "chmod": file_commands.chmod,
    "chown": file_commands.chmod,
    "chgrp": file_commands.chmod,
    "cat": file_commands.cat,
    "head": file_commands.cat,
    "tail": file_commands.cat,
    "wc": file_commands.cat,
    "ls": file_commands.ls,
}
_WITH_VALUE: Final[dict[str, frozenset[str]]] = {
    "mkdir": frozenset({"-m", "--mode"}),
    "touch": frozenset({"-d", "-t", "-r", "--date"}),
    "truncate": frozenset({"-s", "--size"}),
    "strip": frozenset({"-N", "-K", "-R", "--remove-section", "--strip-symbol", "-o"}),
    "mkfifo": frozenset({"-m", "--mode"}),
    "install": frozenset("-m --mode -o --owner -g --group -t --target-directory".split()),
    "mktemp": frozenset({"-p", "--suffix"}),
    "patch": frozenset("-p --strip -d --directory -i --input -o -r -F --fuzz -B -D".split()),
    "setcap": frozenset({"-n"}),
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
    "groups sync getconf stat du df file ldd readlink realpath lsb_release free ps tput "
    "dmesg".split()
)
_TESTS: Final = frozenset({"test", "[", "[["})
_VERSIONED: Final = frozenset("node ruby java javac gcc g++ rustc php perl make cmake".split())
_VERSION_QUERIES: Final = (("--version",), ("-version",), ("-V",), ("-v",))
_REGULAR_FILE_OPERATORS: Final = frozenset({"-f", "-s", "-r", "-w", "-x"})
_FILE_OPERATORS: Final = _REGULAR_FILE_OPERATORS | frozenset(
    "-b -c -d -e -g -h -k -p -u -G -L -N -O -S".split()
)
COMMANDS: Final = frozenset(_ON_PATHS).union(
    _SILENT, _QUERIES, _TESTS, _VERSIONED, ACCOUNT_COMMANDS, FILTERS
)
