"""Yarn, version 1 and later: what an install reads, which scripts it runs, where it caches.

Which Yarn runs is told by `.yarnrc.yml`, `packageManager` in package.json and the lockfile; the
official Node images bring version 1, which hands over to the Yarn that a `yarnPath` names.

Source: the documentation of Yarn 1.22 and of Yarn 4; `cli.js` of each. Checked with 1.22.22, 3.8
and 4.18 on made projects: see `yarn_classic` and `yarn_berry`.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import CommandEffects, Image
from reorder.ecosystems.node.node_options import Known, Line, read_line
from reorder.ecosystems.node.yarn_berry import berry_cache, berry_install
from reorder.ecosystems.node.yarn_classic import classic_cache, classic_install
from reorder.ecosystems.node.yarn_generation import Berry, generation
from reorder.ecosystems.paths import Paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Yarn"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"yarn"})
JUNK: Final = ("**/node_modules", "**/yarn-error.log*", "**/yarn-debug.log*")


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a Yarn call does; running scripts of the project is opaque."""
    line = read_line("yarn", call.args[1:], _OPTIONS, _VERBATIM)
    if isinstance(line, Opaque):
        return named_effects(call, image) or line
    if line.on("version", "help"):
        return named_effects(call, image) or Opaque("`yarn` is asked in a way that is not known")
    verb = " ".join(arg.text for arg in line.operands[:2])
    if verb.startswith("config"):
        return _config(call, image, line)
    if verb.startswith("global") or verb in ("cache dir", "cache list"):
        return named_effects(call, image) or Opaque(f"`yarn {verb}` is not understood")
    folder = line.options.get("cwd", "")
    if folder is None:
        return Opaque("`yarn --cwd` has a value that is not known")
    cwd = absolute(folder, call.cwd)
    if line.command in ("", "install") and len(line.operands) < 2:
        return _install(call, image, line, cwd)
    if verb == "workspaces focus":
        return _install(call, image, line, cwd)
    if verb == "cache clean":
        return _clean(call, image, line, cwd)
    return Opaque(_REASONS.get(line.command, f"`yarn {line.command}` runs code of the project"))


def _install(call: Call, image: Image, line: Line, cwd: str) -> CommandEffects | Opaque:
    yarn = generation(cwd, image)
    if isinstance(yarn, Opaque):
        return yarn
    if isinstance(yarn, Berry):
        return berry_install(call, image, line, yarn)
    if line.command == "workspaces":
        return Opaque("Yarn 1 has no `workspaces focus`")
    return classic_install(call, image, line, cwd)


def _config(call: Call, image: Image, line: Line) -> CommandEffects | Opaque | None:
    """Version 1 keeps settings in the home, the later ones in the project."""
    found = named_effects(call, image)
    surely = image.base == "node" and generation(call.cwd, image) == "classic"
    if isinstance(found, CommandEffects) and surely:
        near = Paths(files=frozenset(posixpath.join(call.cwd, name) for name in _SETTINGS))
        return replace(found, reads=image.system | near, writes=image.system)
    return found


def _clean(call: Call, image: Image, line: Line, cwd: str) -> CommandEffects | Opaque:
    """Emptying the whole cache; it cannot be told from an install that fills it otherwise."""
    if len(line.operands) > 2:
        return Opaque("`yarn cache clean` of some packages is not understood")
    yarn = generation(cwd, image)
    if isinstance(yarn, Opaque):
        return yarn
    if isinstance(yarn, Berry):
        caches = berry_cache(call, image, yarn)
        mirror = line.on("mirror", "all")
        targets = {c.target for c in caches} if mirror or not yarn.local_cache else set()
        if yarn.local_cache and not line.on("mirror"):
            targets.add(yarn.local_cache)
    else:
        targets = {classic_cache(call, image, line, cwd).target}
    emptied = Paths(trees=frozenset(targets))
    near = Paths(files=frozenset(posixpath.join(cwd, name) for name in _SETTINGS))
    return CommandEffects("yarn", image.system | emptied | near, emptied)


_SETTINGS: Final = ("package.json", ".yarnrc", ".yarnrc.yml", ".npmrc")
_VERBATIM: Final = frozenset("run exec node dlx create workspace x".split())
_REASONS: Final = {
    "add": "`yarn add` changes package.json and yarn.lock, which a later COPY would undo",
    "remove": "`yarn remove` changes package.json and yarn.lock",
    "up": "`yarn up` changes package.json and yarn.lock",
    "upgrade": "`yarn upgrade` changes yarn.lock",
    "set": "`yarn set` changes the settings of the project",
    "plugin": "`yarn plugin` changes the settings of the project",
    "dlx": "`yarn dlx` runs a package that it downloads",
    "rebuild": "`yarn rebuild` runs install scripts again",
    "link": "`yarn link` links what is outside the project",
    "pack": "`yarn pack` reads the source",
    "build": "`yarn build` runs code of the project",
}
_OPTIONS: Final = Known(
    values=frozenset(
        "cwd cache-folder preferred-cache-folder modules-folder global-folder link-folder "
        "network-timeout network-concurrency registry mutex proxy https-proxy otp prefix "
        "child-concurrency use-yarnrc mode scripts-prepend-node-path".split()
    ),
    flags=frozenset(
        "frozen-lockfile pure-lockfile lockfile production prod ignore-scripts ignore-optional "
        "ignore-platform ignore-engines ignore-workspace-root-check non-interactive silent verbose "
        "progress check-files check-cache immutable immutable-cache inline-builds offline "
        "prefer-offline force flat har json skip-integrity-check bin-links link-duplicates audit "
        "update-checksums emoji default-rc pnp enable-pnp disable-pnp node-version-check version "
        "help refresh-lockfile check-resolutions all mirror A W integrity strict-semver "
        "focus simple".split()
    ),
    short={
        "s": "silent",
        "f": "force",
        "v": "version",
        "h": "help",
        "A": "all",
        "W": "ignore-workspace-root-check",
    },
)
