"""`git clone`: the folder it fills, and what it reads where the source is a folder of the image.

Source: git-clone(1) of git 2.43.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects
from reorder.ecosystems.folders import created
from reorder.ecosystems.given import Given, bare, read_given
from reorder.ecosystems.paths import NOTHING, Paths
from reorder.ecosystems.tools.git_settings import plain_setting
from reorder.ecosystems.words import absolute, as_trees, unknown
from reorder.shell.nodes import Arg, Call, Opaque


def clone_effects(
    call: Call, folder: str, at: int, reads: Paths, env: frozenset[str]
) -> CommandEffects | Opaque:
    """What `git clone` does, from the word after `clone` on; `folder` is where it runs."""
    given = read_given(call, _CLONE_FLAGS, _CLONE_VALUES, start=at)
    if isinstance(given, Opaque):
        return given
    for arg in given.all("-c", "--config"):
        if not plain_setting(bare(arg).partition("=")[0]):
            return Opaque(f"`git clone -c {arg.text}` is not understood")
    if not given.operands:
        return Opaque("`git clone` without an address")
    into = _destination(given)
    if isinstance(into, Opaque):
        return into
    path = absolute(into, folder)
    if path == "/":
        return Opaque("`git clone` into the root folder")
    source = _local(given.operands[0], folder)
    if isinstance(source, Opaque):
        return source
    tree = Paths(trees=frozenset({path}))
    made = created(posixpath.dirname(path), call.cwd)
    return CommandEffects("git", reads | source | tree | made, tree | made, env=env, costly=True)


def _destination(given: Given) -> str | Opaque:
    """The folder that is named, or the one that the address gives."""
    if len(given.operands) > 1:
        named = given.operands[1]
        return named.text if named.kind == "literal" else unknown(given.call, named)
    address = bare(given.operands[0]).rstrip("/").removesuffix("/.git")
    name = address.rpartition("/")[2].rpartition(":")[2].removesuffix(".git")
    if not name or any(char in name for char in "$`{}*?["):
        return Opaque(f"`git clone`: the folder that {given.operands[0].text} gives is not known")
    return f"{name}.git" if given.has("--bare", "--mirror") else name


def _local(address: Arg, folder: str) -> Paths | Opaque:
    """What a clone from a folder of the image reads; nothing for an address on the network."""
    text = bare(address)
    if text.startswith("file://"):
        text = text[7:]
    elif "://" in text or ":" in text.partition("/")[0]:
        return NOTHING
    if address.kind != "literal":
        return Opaque(f"where `git clone` takes {address.text} from is not known")
    return as_trees(Arg(text, "literal", (0, 0)), folder)


_CLONE_VALUES: Final = frozenset(
    "-b --branch --depth -o --origin -j --jobs --filter -c --config --shallow-since "
    "--shallow-exclude --server-option".split()
)
_CLONE_FLAGS: Final = frozenset(
    "-q --quiet -v --verbose --progress --single-branch --no-single-branch --no-tags --tags "
    "--recursive --recurse-submodules --shallow-submodules --no-shallow-submodules "
    "--remote-submodules -n --no-checkout --bare --mirror --sparse -l --local --no-local "
    "--no-hardlinks --reject-shallow -4 -6 --ipv4 --ipv6".split()
)
