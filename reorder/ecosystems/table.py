"""The one table of what is known, and the way from a call to its effects.

The order says who is asked first; command names do not overlap, so it only groups. A module is
imported when a command of its own is met: start-up is a feature.

Left out, and why (their commands are opaque: they read and write everything, nothing is moved):
* make, cmake, gcc, sh, bash, python FILE, node FILE, npx: run what the project says.
* curl, wget, git clone, tar, unzip, find, xargs, awk: what they write depends on what they fetch or
  read; to be added for literal outputs.
* poetry, uv, pipenv, pdm, yarn, pnpm, bun, gradle, cargo, dotnet, bundle, composer, mix, conda:
  not written yet.
* bazel: its cache and its outputs are one tree, and its inputs are the whole workspace.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final, cast

from reorder.ecosystems.contract import CommandEffects, Ecosystem, Image
from reorder.ecosystems.paths import NOTHING, paths
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Call, Opaque


@dataclass(frozen=True, slots=True)
class Row:
    """A module under `reorder.ecosystems` and the command names it is asked about."""

    module: str
    commands: frozenset[str]
    anywhere: bool = False  # the module itself judges a command that is given with a folder


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ECOSYSTEMS: Final[tuple[Row, ...]] = (
    Row("pip", _names("pip python virtualenv"), anywhere=True),
    Row("npm", _names("npm npx")),
    Row("maven", _names("ash bash mvn mvnw sh"), anywhere=True),
    Row("go", _names("go")),
    Row(
        "apt",
        _names(
            "apt-get apt apt-cache apt-mark apt-key add-apt-repository dpkg dpkg-reconfigure "
            "update-ca-certificates ldconfig locale-gen update-alternatives"
        ),
    ),
    Row("system_packages", _names("apk dnf yum microdnf zypper tdnf")),
    Row(
        "builtins",
        _names(
            ": [ [[ addgroup adduser arch basename break cargo cat cd chgrp chmod chown chpasswd "
            "continue cp curl cut date delgroup deluser dirname echo egrep exit export false "
            "fgrep g++ gcc getent git grep groupadd groupdel groupmod groups hash head hostname "
            "id java javac ln local logname ls mkdir mv node nproc passwd perl php pnpm popd "
            "printenv printf pushd pwd read readonly return rm rmdir ruby rustc sed seq set shift "
            "shopt sleep sort sync tail tee test touch tr true tty type ulimit umask uname uniq "
            "unlink unset useradd userdel usermod wait wc wget which whoami yarn"
        ),
    ),
)

_SYSTEM_BINS: Final = _names("/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin")
_KERNEL: Final = ("/dev/", "/proc/", "/sys/")


def module(name: str) -> Ecosystem:
    """The ecosystem module of a row."""
    return cast(Ecosystem, import_module(f"reorder.ecosystems.{name}"))


def understand(call: Call, image: Image) -> CommandEffects | Opaque:
    """What one call does, its redirects included; `Opaque` when that is not known."""
    known = _command(call, image)
    return known if isinstance(known, Opaque) else _with_redirects(call, known)


def command_key(name: str) -> str:
    """`/usr/bin/pip3.11` -> `pip`: the folder goes, and the version of pip and python."""
    base = posixpath.basename(name)
    bare = base.rstrip("0123456789.")
    return bare if bare in ("pip", "python") else base


def _command(call: Call, image: Image) -> CommandEffects | Opaque:
    if not call.name:
        word = call.args[0].text if call.args else ""
        return Opaque(f"which command `{word}` is depends on something that is not known")
    key = command_key(call.name)
    folder = posixpath.dirname(call.name)
    for row in ECOSYSTEMS:
        if key not in row.commands:
            continue
        if folder and folder not in _SYSTEM_BINS and not row.anywhere:
            break
        return module(row.module).effects(call, image) or _not_known(call)
    return _not_known(call)


def _not_known(call: Call) -> Opaque:
    return Opaque(f"`{_short(call)}` is not understood: it may read and write anything")


def _short(call: Call) -> str:
    """The command and its first word: enough to find the line."""
    return " ".join(arg.text for arg in call.args[:2])


def _with_redirects(call: Call, effects: CommandEffects) -> CommandEffects | Opaque:
    reads = writes = NOTHING
    for redirect in call.redirects:
        if redirect.target.kind != "literal":
            return unknown(call, redirect.target)
        target = absolute(redirect.target.text, call.cwd)
        if target.startswith(_KERNEL):
            continue
        if redirect.op != "write":
            reads |= paths(target)
        if redirect.op != "read":
            writes |= paths(target)
    return replace(effects, reads=effects.reads | reads, writes=effects.writes | writes)
