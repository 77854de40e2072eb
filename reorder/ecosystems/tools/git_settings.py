"""`git config`: which files it writes, and which settings say no more than they seem to.

Source: git-config(1) of git 2.43. A setting that names a command, a folder of hooks or another file
of settings changes what later calls of git do, and is not understood.
"""

from __future__ import annotations

from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.given import bare, read_given
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.words import unknown
from reorder.shell.nodes import Call, Opaque


def plain_setting(key: str) -> bool:
    """Whether a setting names no command and no other file."""
    if any(char in key for char in "$`"):
        section, _, rest = key.partition(".")
        return section in ("url", "http") and rest.lower().endswith((".insteadof", ".extraheader"))
    section, _, _ = key.lower().partition(".")
    return section in _SECTIONS or key.lower() in _KEYS


def setting_effects(
    call: Call, image: Image, at: int, root: str, reads: Paths, env: frozenset[str]
) -> CommandEffects | Opaque:
    """What `git config` does, from the word after `config` on."""
    given = read_given(call, _FLAGS, frozenset({"-f", "--file", "--type", "--default"}), start=at)
    if isinstance(given, Opaque):
        return given
    repository = Paths(trees=frozenset({root}))
    if given.has(*_READING):
        return CommandEffects("git", reads | repository, env=env)
    if not given.operands:
        return Opaque("`git config` without a setting")
    key = bare(given.operands[0])
    if not plain_setting(key) or (
        key.lower() == "credential.helper"
        and not all(arg.text in ("store", "cache") for arg in given.operands[1:])
    ):
        return Opaque(f"`git config {key}` changes what git does")
    if given.has("--global"):
        own = in_home(call, image, ".gitconfig") | in_home(call, image, ".config/git")
    elif given.has("--system"):
        own = Paths(files=frozenset({"/etc/gitconfig"}), trees=frozenset({"/usr/local/etc"}))
    elif (file := given.last("-f", "--file")) is not None:
        named = given.named((file,))
        if isinstance(named, Opaque):
            return named
        own = named
    elif root == "/":
        return unknown(call, given.operands[0])
    else:
        own = repository
    return CommandEffects("git", reads | own, own, env=env)


_SECTIONS: Final = frozenset("advice user url http https init pull push color safe remote".split())
_KEYS: Final = frozenset(
    "credential.helper core.autocrlf core.eol core.safecrlf core.compression core.longpaths "
    "core.symlinks core.filemode core.abbrev core.quotepath core.ignorecase fetch.prune "
    "submodule.recurse index.threads pack.threads gc.auto protocol.version transfer.fsckobjects "
    "clone.defaultremotename merge.renamelimit diff.renamelimit lfs.concurrenttransfers".split()
)
_READING: Final = ("--get", "--get-all", "--list", "-l", "--get-regexp")
_FLAGS: Final = frozenset(
    (
        *_READING,
        *("--global", "--system", "--local", "--add", "--replace-all", "--unset", "--unset-all"),
        *("--bool", "--int", "--path", "--null", "-z", "--worktree"),
    )
)
