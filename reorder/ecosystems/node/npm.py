"""npm: what an install reads, which scripts it runs, where it writes and caches.

The closure is package.json, the lockfile and .npmrc of the root, the package.json of every
workspace member, `file:` dependencies, command files of members, and what lifecycle scripts touch.
`npm ci` never writes the lockfile; `npm install` does, and is split only where a later COPY cannot
undo that.

Checked with npm 11 on made projects: the closure alone in an empty folder, and then the rest of the
project, gives the same tree as an install in the whole project; a member's command file that is not
there during the install gets no link. `npm install` of npm 8, 10 and 11 keeps a lockfile (version
2 or 3) that any of them made; npm 6 turns it into version 1.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install
from reorder.ecosystems.fetching import transport_files
from reorder.ecosystems.homes import PROXIES, home, in_application, in_home, user_cache
from reorder.ecosystems.node.npm_install import Settings, project_install, project_root
from reorder.ecosystems.node.npm_options import (
    Values,
    from_environment,
    from_npmrc,
    read_command_line,
    variables,
)
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.words import absolute, unknown
from reorder.shell.nodes import Arg, Call, Opaque

NAME: Final = "npm"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"npm", "npx"})
JUNK: Final = (
    "**/node_modules",
    "**/npm-debug.log*",
)

_CI: Final = frozenset("ci clean-install ic install-clean isntall-clean".split())
_INSTALL: Final = frozenset(
    "install add i in ins inst insta instal isnt isnta isntal isntall".split()
)
_QUERIES: Final = frozenset(
    "-v --version version view info show root bin prefix ping whoami list ls outdated help".split()
)
_ENV: Final = PROXIES | frozenset(
    "PATH HOME USER LOGNAME SHELL LANG LC_* TZ TMPDIR TEMP TMP CI NODE_* NODE npm_* NPM_* YARN_* "
    "HUSKY* PUPPETEER_* CYPRESS_* PLAYWRIGHT_* ELECTRON_* PRISMA_* SHARP_* SENTRYCLI_* SENTRY_* "
    "SASS_* CHROMEDRIVER_* GECKODRIVER_* SWC_* ESBUILD_* NX_* ONNXRUNTIME_* XDG_* CC CXX AR LD "
    "CFLAGS CXXFLAGS CPPFLAGS LDFLAGS MAKEFLAGS JOBS GYP_* PYTHON* LD_LIBRARY_PATH PKG_CONFIG* "
    "SSL_CERT_* GIT_SSH* GIT_SSL* GIT_CONFIG* GIT_ASKPASS SSH_AUTH_SOCK".split()
)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What an npm call does; running scripts of the project is opaque."""
    if posixpath.basename(call.name) == "npx":
        return Opaque("`npx` runs code of the project")
    line = read_command_line(call.args[1:])
    if isinstance(line, Opaque):
        return line
    if not line.operands:
        asks = "version" in line.options or "usage" in line.options
        return _query(call, image) if asks else None
    command, operands = line.operands[0].text, line.operands[1:]
    settings = _settings(call, image, line.options)
    if isinstance(settings, Opaque):
        return settings
    if command in _QUERIES:
        return _query(call, image)
    if command in ("config", "set", "get", "cache"):
        return _housekeeping(call, image, command, operands, settings)
    if command in ("run", "run-script", "rum", "urn", "exec", "x", "start", "test", "t", "restart"):
        return Opaque(f"`npm {command}` runs code of the project")
    if command in _CI and not operands:
        return _project(call, image, settings, ci=True)
    if command not in _INSTALL:
        return Opaque(f"`npm {command}` is not understood")
    if settings.is_global:
        return _global_install(call, image, operands, settings)
    if operands:
        return _named(call, image, operands, settings)
    return _project(call, image, settings, ci=False)


def _query(call: Call, image: Image) -> CommandEffects:
    return CommandEffects("npm", image.system | _own_files(call, image), env=_ENV)


def _own_files(call: Call, image: Image) -> Paths:
    """The settings of the user and of the machine (npm documentation, "npmrc")."""
    found = in_home(call, image, ".npmrc")
    for name, value in from_environment(call.env).items():
        if name in ("userconfig", "globalconfig") and value:
            found |= paths(absolute(value, call.cwd))
        elif name == "prefix" and value:
            found |= paths(absolute("etc/npmrc", absolute(value, call.cwd)))
    return found


def _settings(call: Call, image: Image, options: Values) -> Settings | Opaque:
    """Command line over environment over the project's .npmrc over the user's.

    With `--global` the project's is not read (npm documentation, "npmrc").
    """
    environment = from_environment(call.env)
    prefix = options.get("prefix", "")
    if prefix is None or (prefix and "global" not in options and "location" not in options):
        root: str | None = absolute(prefix, call.cwd) if prefix else None
        if root is None:
            return Opaque("`--prefix` has a value that is not known")
    else:
        root = project_root(call.cwd, image.files)
    there = home(call, image)
    user = environment.get("userconfig") or (absolute(".npmrc", there) if there else None)
    project = posixpath.join(root, ".npmrc")
    named: set[str] = set()
    merged: dict[str, str | None] = {}
    everywhere = options.get("global") == "true" or options.get("location") == "global"
    for path in (user,) if everywhere else (user, project):
        text = image.files.read(path) if path else None
        if text is not None:
            merged |= from_npmrc(text, call.env)
            named |= variables(text)
    merged |= environment
    merged |= options
    given = {path for path in (user,) if path and in_application(path, image)}
    return Settings(root, merged, frozenset(named), tuple(sorted(given)))


def _cache(call: Call, image: Image, settings: Settings) -> Cache:
    folder = settings.values.get("cache", "")
    if folder is None or folder in ("true", "false"):
        return Cache("~/.npm", off="where npm keeps its cache is not known")
    found = user_cache(call, image, absolute(folder, call.cwd) if folder else None, ".npm")
    if settings.values.get("offline") == "true":
        reason = "`--offline` needs what an earlier step left in the image"
        return replace(found, payload=True, off=reason)
    if settings.values.get("dry-run") == "true":
        return replace(found, off="`--dry-run` downloads nothing")
    return found


def _housekeeping(
    call: Call, image: Image, command: str, operands: tuple[Arg, ...], settings: Settings
) -> CommandEffects | Opaque:
    words = [arg.text for arg in operands if arg.kind == "literal"]
    if command == "cache":
        target = _cache(call, image, settings).target
        if words[:1] in (["clean"], ["clear"], ["rm"]):
            emptied = Paths(trees=frozenset({target}))
            return CommandEffects("npm", image.system | emptied, emptied, env=_ENV)
        if words[:1] in (["verify"], ["ls"]):
            return _query(call, image)
        return Opaque("`npm cache add` fills the cache with what is not known")
    verb, rest = (words[0], words[1:]) if command == "config" and words else (command, words)
    if verb in ("get", "list", "ls"):
        return _query(call, image)
    if verb in ("set", "delete", "rm") and rest:
        key = rest[0].partition("=")[0]
        if key.startswith(("//", "@")) or key in _PLAIN_SETTINGS:
            return replace(_query(call, image), writes=image.system | _own_files(call, image))
        return Opaque(f"`npm config {verb} {key}` changes how npm installs")
    return Opaque(f"`npm {command}` is not understood")


def _global_install(
    call: Call, image: Image, operands: tuple[Arg, ...], settings: Settings
) -> CommandEffects | Opaque:
    prefix = settings.values.get("prefix", "")
    if prefix is None:
        return Opaque("where global packages go is not known")
    into = Paths(trees=frozenset({absolute(prefix, call.cwd)})) if prefix else Paths()
    named = _names(call, operands)
    if isinstance(named, Opaque):
        return named
    install = Install(
        manifests=tuple(p for p in named if image.files.read(p) is not None),
        refusal=next((f"{p} is installed from its folder" for p in named), None),
        outputs=tuple(t for t in into.trees if in_application(t, image)),
    )
    if not operands:
        install = replace(install, refusal="`npm install -g` installs the project itself")
        named = (call.cwd,)
    reads = Paths(trees=frozenset(named)) | _own_files(call, image)
    reads |= transport_files(call, image)
    return CommandEffects(
        tool="npm",
        reads=image.system | into | reads,
        writes=image.system | into,
        env=_ENV | settings.variables,
        caches=(_cache(call, image, settings),),
        install=install,
        costly=True,
    )


def _names(call: Call, operands: tuple[Arg, ...]) -> tuple[str, ...] | Opaque:
    """The paths among the packages to install; the others are names."""
    local: list[str] = []
    for arg in operands:
        text = arg.text.strip("\"'")
        if arg.kind == "unknown" and not _VERSIONED.match(text):
            return unknown(call, arg)
        if arg.kind == "glob":
            return Opaque(f"`{arg.text}`: which packages this pattern names is not known")
        if _LOCAL.search(text) and "://" not in text:
            local.append(absolute(text.removeprefix("file:"), call.cwd))
    return tuple(local)


def _named(
    call: Call, image: Image, operands: tuple[Arg, ...], settings: Settings
) -> CommandEffects | Opaque:
    """`npm install express` in a folder: adds to package.json unless told not to save."""
    named = _names(call, operands)
    if isinstance(named, Opaque):
        return named
    found = _project(call, image, settings, ci=False, scripts=False)
    install = found.install
    assert install is not None
    manifest = posixpath.join(settings.root, "package.json")
    refusal = install.refusal
    if named:
        refusal = f"{named[0]} is installed from its folder"
    elif settings.values.get("save") != "false":
        refusal = None
        ours = in_application(manifest, image)
        if ours and image.files.exists(manifest) is not False:
            refusal = f"it adds packages to {manifest}, which a later COPY would undo"
    manifest_write = paths(manifest, posixpath.join(settings.root, "package-lock.json"))
    return replace(
        found,
        reads=found.reads | Paths(trees=frozenset(named)),
        writes=found.writes | manifest_write,
        install=replace(install, refusal=refusal),
    )


def _project(
    call: Call, image: Image, settings: Settings, *, ci: bool, scripts: bool = True
) -> CommandEffects:
    done = project_install(call, image, settings, ci=ci, scripts=scripts)
    outputs = Paths(trees=frozenset(done.install.outputs))
    read = paths(*done.install.manifests, *done.absent, *settings.files)
    folders = Paths(trees=frozenset(done.install.folders), globs=done.patterns)
    return CommandEffects(
        tool="npm",
        reads=image.system | read | folders | outputs,
        writes=image.system | outputs | paths(*done.written),
        env=_ENV | settings.variables,
        caches=(_cache(call, image, settings),),
        install=done.install,
        costly=True,
    )


_LOCAL: Final = re.compile(r"^(file:|[.~/])|\.(tgz|tar\.gz|tar)$")
_VERSIONED: Final = re.compile(r"^@?[a-z0-9][\w.-]*(/[\w.-]+)?@")
_PLAIN_SETTINGS: Final = frozenset(
    "registry strict-ssl fund audit loglevel progress maxsockets unsafe-perm proxy https-proxy "
    "noproxy cafile ca update-notifier python fetch-retries fetch-retry-factor fetch-timeout "
    "fetch-retry-mintimeout fetch-retry-maxtimeout legacy-peer-deps engine-strict color".split()
)
