"""pnpm: what an install reads, which scripts it runs, where its store is.

The closure is pnpm-lock.yaml, pnpm-workspace.yaml, .npmrc, the pnpmfile, every package.json of the
workspace and the files of its commands, patches, `file:` and `link:` folders, and what lifecycle
scripts touch. The store is a cache: packages are copied out of a mount as they are hard-linked out
of a folder on the same file system.

Source: pnpm documentation ("pnpm install", "pnpm fetch", "Settings", "Workspace"), and of its
`dist/pnpm.cjs` (8.15, 9.15, 10.34) `satisfiesPackageManifest`, `getOutdatedLockfileSetting`,
`storePath`, `createImportPackage`. Checked with 8.15, 9.15, 10.34 and 12.21 on made projects: the
closure alone, and then the rest of the project, gives the same tree as an install in the whole
project, but for the times in node_modules/.modules.yaml and .pnpm-workspace-state-v1.json, which
differ every time.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install
from reorder.ecosystems.homes import in_home, user_cache
from reorder.ecosystems.node.node_install import effects_of
from reorder.ecosystems.node.node_options import Known, Line, read_line
from reorder.ecosystems.node.pnpm_install import fetch_closure, install_closure
from reorder.ecosystems.node.pnpm_settings import Settings, read_settings
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.words import absolute, upward
from reorder.shell.nodes import Call, Opaque

NAME: Final = "pnpm"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"pnpm"})
JUNK: Final = (
    "**/node_modules",
    "**/pnpm-debug.log*",
    "**/.pnpm-store",
)

_INSTALL: Final = ("install", "i", "ci", "clean-install", "ic", "install-clean")
_CI: Final = frozenset({"ci", "clean-install", "ic", "install-clean"})


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a pnpm call does; running scripts of the project is opaque."""
    line = read_line("pnpm", call.args[1:], _OPTIONS, _VERBATIM)
    if isinstance(line, Opaque) or line.on("global") or line.on("version", "help"):
        named = named_effects(call, image)
        return named or (line if isinstance(line, Opaque) else None)
    folder = line.options.get("dir", "")
    if folder is None:
        return Opaque("`pnpm --dir` has a value that is not known")
    settings = read_settings(absolute(folder, call.cwd), call, image, line)
    words = " ".join(arg.text for arg in line.operands[:2])
    near = image.system | paths(*upward(absolute(folder, call.cwd), _NEAR))
    if words == "store prune":
        emptied = Paths(trees=frozenset({_store(call, image, settings).target}))
        return CommandEffects("pnpm", near | emptied, emptied)
    if words in ("store path", "root", "bin"):
        return CommandEffects("pnpm", near)
    if line.command in _INSTALL and len(line.operands) == 1:
        return _install(call, image, line, settings)
    if line.command == "fetch" and len(line.operands) == 1:
        done = fetch_closure(image, settings)
        caches = (_store(call, image, settings),)
        return effects_of("pnpm", image, done, caches, in_home(call, image, ".npmrc"))
    if line.command in ("config", "set", "get") and line.options.get("location") != "project":
        return _config(call, image, near)
    known = _REASONS.get(line.command)
    return Opaque(known or f"`pnpm {line.command}` runs code of the project".replace("  ", " "))


def _config(call: Call, image: Image, near: Paths) -> CommandEffects:
    """Settings of the user. As an install it goes below the files that choose pnpm's version."""
    own = in_home(call, image, ".config/pnpm") | in_home(call, image, ".npmrc")
    there = tuple(path for path in sorted(near.files) if image.files.exists(path))
    known = all(image.files.origin(path) is not None for path in there)
    version = Install(there) if there and known else None
    return CommandEffects("pnpm", near | own, image.system | own, install=version)


def _install(call: Call, image: Image, line: Line, settings: Settings) -> CommandEffects | Opaque:
    odd = next((name for name in _CHANGES if name in line.options), None)
    if odd is not None:
        return Opaque(f"`pnpm install --{odd}` changes the lockfile")
    done = install_closure(call, image, settings, ci=line.command in _CI)
    user = in_home(call, image, ".npmrc") | in_home(call, image, ".config/pnpm")
    return effects_of("pnpm", image, done, (_store(call, image, settings),), user)


def _store(call: Call, image: Image, settings: Settings) -> Cache:
    """The store: by setting, below PNPM_HOME, or below the user's data folder (`storePath`)."""
    given = settings.text("store-dir")
    home, data = call.env.get("PNPM_HOME", ""), call.env.get("XDG_DATA_HOME", "")
    if given is None or (given == "" and (home is None or data is None)):
        return Cache("~/.local/share/pnpm/store", off="where pnpm keeps its store is not known")
    folder: str | None = None
    if given.startswith("~/"):
        found = user_cache(call, image, None, given[2:])
    else:
        if given:
            folder = absolute(given, settings.root)
        elif home:
            folder = absolute("store", absolute(home, call.cwd))
        elif data:
            folder = absolute("pnpm/store", absolute(data, call.cwd))
        found = user_cache(call, image, folder, ".local/share/pnpm/store")
    if settings.on("enable-global-virtual-store"):
        return replace(found, payload=True, off="node_modules is made of links into the store")
    if settings.on("offline"):
        reason = "`--offline` needs what an earlier step left in the image"
        return replace(found, payload=True, off=reason)
    if folder is not None and posixpath.commonpath((folder, settings.root)) == folder:
        return replace(found, off="the store is above the project")
    return found


# `packageManager` there chooses the version of pnpm (corepack; pnpm 10 by itself).
_NEAR: Final = ("package.json", "pnpm-workspace.yaml", ".npmrc")
_VERBATIM: Final = frozenset("run exec dlx create test start deploy x".split())
_CHANGES: Final = (
    "lockfile-only",
    "fix-lockfile",
    "merge-git-branch-lockfiles",
    "update-checksums",
)
_REASONS: Final = {
    "add": "`pnpm add` changes package.json and the lockfile, which a later COPY would undo",
    "install": "`pnpm install` of a package changes package.json",
    "i": "`pnpm install` of a package changes package.json",
    "remove": "`pnpm remove` changes package.json and the lockfile",
    "update": "`pnpm update` changes the lockfile",
    "up": "`pnpm update` changes the lockfile",
    "deploy": "`pnpm deploy` copies the source of a member of the workspace",
    "prune": "`pnpm prune` changes node_modules, which the source may have been built into",
    "dlx": "`pnpm dlx` runs a package that it downloads",
    "rebuild": "`pnpm rebuild` runs install scripts again",
    "patch": "`pnpm patch` changes the project",
    "approve-builds": "`pnpm approve-builds` changes package.json",
    "": "`pnpm` without a command does nothing that is known",
}
_OPTIONS: Final = Known(
    values=frozenset(
        "dir filter filter-prod store-dir virtual-store-dir modules-dir lockfile-dir reporter "
        "loglevel registry package-import-method node-linker network-concurrency "
        "child-concurrency workspace-concurrency fetch-retries fetch-retry-factor "
        "fetch-retry-mintimeout fetch-retry-maxtimeout fetch-timeout hoist-pattern "
        "public-hoist-pattern cafile https-proxy proxy noproxy test-pattern "
        "changed-files-ignore-pattern global-dir global-bin-dir allow-build pnpmfile "
        "global-pnpmfile trust-policy cpu os libc cache-dir state-dir resolution-mode omit "
        "location".split()
    ),
    flags=frozenset(
        "global frozen-lockfile prefer-frozen-lockfile lockfile lockfile-only fix-lockfile prod "
        "production dev optional ignore-scripts ignore-pnpmfile ignore-workspace shamefully-hoist "
        "shamefully-flatten hoist offline prefer-offline force strict-peer-dependencies "
        "auto-install-peers recursive workspace-root include-workspace-root silent color "
        "side-effects-cache verify-store-integrity use-store-server aggregate-output stream "
        "use-stderr fail-if-no-match unsafe-perm resolution-only save "
        "recursive-install shared-workspace-lockfile link-workspace-packages version help "
        "merge-git-branch-lockfiles update-checksums dangerously-allow-all-builds strict-ssl "
        "engine-strict bail sort ignore-workspace-root-check if-present parallel "
        "frozen-store trust-lockfile dedupe-peer-dependents enable-global-virtual-store".split()
    ),
    short={
        "C": "dir",
        "F": "filter",
        "P": "prod",
        "D": "dev",
        "g": "global",
        "r": "recursive",
        "s": "silent",
        "w": "workspace-root",
        "v": "version",
        "h": "help",
    },
)
