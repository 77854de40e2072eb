"""rustup's installer: `curl https://sh.rustup.rs | sh -s -- -y`, or `rustup-init -y`.

It fills CARGO_HOME/bin and RUSTUP_HOME, writes CARGO_HOME/env and adds a line to the start-up files
of shells. It reads no file of the folder it runs in.

Source: `rustup-init --help` and "Installation" of The rustup Book (1.28), `rustup-init.sh`.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.fetching import ENV, transport_files
from reorder.ecosystems.given import read_given
from reorder.ecosystems.homes import in_home
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "rustup's installer"
LEVEL: Final = 1
COMMANDS: Final = frozenset({"rustup-init"})
JUNK: Final[tuple[str, ...]] = ()


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a run of the installer does."""
    if "/" in call.name and image.files.origin(absolute(call.name, call.cwd)) is not None:
        return None  # a file of the project
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    if given.operands:
        return Opaque(f"`rustup-init {given.operands[0].text}` is not understood")
    writes = image.system
    for variable, default, inner in _FOLDERS:
        told = call.env.get(variable, "")
        if told is None:
            return Opaque(f"where {variable} points is not known")
        if told:
            writes |= paths(trees=(absolute(posixpath.join(told, inner), call.cwd),))
        else:
            writes |= in_home(call, image, posixpath.join(default, inner))
    if not given.has("--no-modify-path"):
        for name in _START_UP:
            writes |= in_home(call, image, name)
    own = absolute(call.name, call.cwd) if "/" in call.name else None
    reads = writes | transport_files(call, image) | Paths(files=frozenset({own} if own else ()))
    return CommandEffects("rustup", reads, writes, env=ENV | _ENV, costly=True)


_FLAGS: Final = frozenset("-y -q --quiet -v --verbose --no-modify-path".split()) | {
    "--no-update-default-toolchain"
}
_VALUES: Final = frozenset(
    "--default-toolchain --default-host --profile -c --component -t --target".split()
)
_FOLDERS: Final = (
    ("CARGO_HOME", ".cargo", "bin"),
    ("CARGO_HOME", ".cargo", "env"),
    ("RUSTUP_HOME", ".rustup", ""),
)
_START_UP: Final = (".profile", ".bash_profile", ".bashrc", ".zshenv", ".config/fish")
_ENV: Final = frozenset("CARGO* RUSTUP* SHELL ZDOTDIR".split())
