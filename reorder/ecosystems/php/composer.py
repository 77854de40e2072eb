"""Composer: what an install reads, which part of it can go before the source, where it caches.

The closure is composer.json, composer.lock, auth.json, packages in folders and archives, and the
patches that the manifest names. With scripts, or an autoloader that lists classes, `composer
install` needs the source: then a first `composer install --no-scripts --no-autoloader` downloads
and unpacks, and the author's own command, kept after the source, completes it.

Checked with Composer 2.5.5 on made projects (archives as packages, psr-4, classmap, files, `-o`,
`-a`, scripts of every event, a plugin that notes its events, `.git`): two steps end with the same
tree as one. A script for `post-package-install` does not run in the second step. Without the source
the optimized class map lacks its classes, a missing `classmap` folder makes the install fail, and
`installed.php` has the commit of `.git` where one is there. Composer older than 2.6 gives the
autoloader a random suffix, whatever the order of the steps.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_call import named_effects
from reorder.ecosystems.contract import Cache, CommandEffects, Image
from reorder.ecosystems.fetching import ENV, GIT_ENV, transport_files
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.homes import ROOT, in_home, user_cache
from reorder.ecosystems.paths import EVERYTHING, Paths, paths
from reorder.ecosystems.php.composer_install import project_install
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Composer"
LEVEL: Final = 3
COMMANDS: Final = frozenset({"composer"})
JUNK: Final[tuple[str, ...]] = ()

AUTOLOADER: Final = "the autoloader lists classes of the source, and its scripts may do anything"

_QUERIES: Final = frozenset(
    "about check-platform-reqs diagnose help list show info validate licenses audit".split()
)
_FLAGS: Final = frozenset(
    "--no-dev --dev --no-scripts --no-autoloader --no-progress --no-interaction -n --prefer-dist "
    "--prefer-source -o --optimize-autoloader -a --classmap-authoritative --apcu-autoloader "
    "--ignore-platform-reqs --no-suggest --quiet -q -v -vv -vvv --verbose --ansi --no-ansi "
    "--no-plugins --no-cache --audit --no-audit --no-security-blocking --profile --strict "
    "--source-fallback --no-source-fallback --no-blocking -g --global --auth --json --unset".split()
)
_VALUES: Final = frozenset(
    "-d --working-dir --prefer-install --ignore-platform-req --apcu-autoloader-prefix "
    "--audit-format".split()
)
_OWN_FILES: Final = (
    *("config.json", "auth.json", "composer.json", "composer.lock", ".htaccess"),
    *("keys.dev.pub", "keys.tags.pub"),
)
_ENV: Final = ENV | GIT_ENV | frozenset("COMPOSER* PHP* SSH_* XDG_* SYMFONY_* APP_ENV".split())


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of Composer does; scripts of the project may do anything."""
    known = named_effects(call, image)
    if isinstance(known, CommandEffects):
        return known
    given = read_given(call, _FLAGS, _VALUES)
    verb = next((arg.text for arg in call.args[1:] if not arg.text.startswith("-")), "")
    if isinstance(given, Opaque):
        return known or (given if verb in ("install", "i") else None)
    operands = [arg.text for arg in given.operands]
    if not operands or operands[0] in _QUERIES or operands == ["config", "--list"]:
        own = _home(call, image) | paths(*_manifests(given))
        return CommandEffects("composer", image.system | own, env=_ENV)
    if operands[0] == "config" and given.has("-g", "--global"):
        own = _home(call, image)
        return CommandEffects("composer", image.system | own, own, env=_ENV)
    if operands[0] in ("dump-autoload", "dumpautoload"):
        return Opaque(f"`composer {operands[0]}`: {AUTOLOADER}")
    if operands not in (["install"], ["i"]):
        return known or Opaque(f"`composer {operands[0]}` is not understood")
    return _install(given, image)


def _install(given: Given, image: Image) -> CommandEffects:
    call = given.call
    done = project_install(given, image)
    trees = Paths(trees=frozenset(done.trees))
    written = trees | _home(call, image) | paths(*done.written)
    if done.runs is not None:
        reads, writes = EVERYTHING, EVERYTHING
    else:
        trees_read = (*done.install.folders, *done.asks)
        closure = paths(*done.install.manifests, *done.absent, trees=trees_read)
        source = Paths(trees=image.application) if done.install.refusal else Paths()
        reads = image.system | written | closure | source
        reads |= _home(call, image) | transport_files(call, image)
        writes = written
    return CommandEffects(
        tool="composer",
        reads=reads,
        writes=writes,
        env=None if done.runs is not None else _ENV,
        caches=(_cache(given, image),),
        install=done.install,
        prefetch=done.prefetch,
        costly=True,
    )


def _manifests(given: Given) -> tuple[str, ...]:
    root = given.call.cwd
    return tuple(absolute(name, root) for name in ("composer.json", "composer.lock", "auth.json"))


def _home(call: Call, image: Image) -> Paths:
    """Composer's own folders, which every call of it may make.

    Source: Composer `Factory.php`, `getHomeDir`, `getCacheDir`, `getDataDir`.
    """
    named = call.env.get("COMPOSER_HOME")
    if named:
        home = absolute(named, call.cwd)
        return paths(*(f"{home}/{name}" for name in _OWN_FILES), trees=(f"{home}/vendor",))
    found = in_home(call, image, ".composer") | in_home(call, image, ".config/composer")
    found |= in_home(call, image, ".cache/composer")
    return found | in_home(call, image, ".local/share/composer")


def _cache(given: Given, image: Image) -> Cache:
    """The cache of archives and metadata: COMPOSER_CACHE_DIR, or `cache` in COMPOSER_HOME.

    Without either it is `~/.composer/cache` or `~/.cache/composer`, as /etc/xdg is there or not.
    """
    call = given.call
    named = call.env.get("COMPOSER_CACHE_DIR", "")
    home = call.env.get("COMPOSER_HOME", "")
    if named is None or (not named and home is None):
        return Cache("~/.composer/cache", off="where Composer keeps its cache is not known")
    folder = named or (f"{home}/cache" if home else None)
    if folder == "/dev/null" or folder == "":
        return Cache("~/.composer/cache", off="COMPOSER_CACHE_DIR switches the cache off")
    if folder is None:
        return Cache(
            "~/.composer/cache",
            off="whether Composer keeps its cache in ~/.composer or in ~/.cache depends on "
            "/etc/xdg: with COMPOSER_CACHE_DIR set, it could be a cache mount",
        )
    found = user_cache(call, image, absolute(folder, call.cwd), "")
    if found.off is None and not named and image.user not in ROOT:
        return replace(found, off="a mount below COMPOSER_HOME would make that root's own")
    cancels = tuple(arg.span for arg in call.args if arg.text == "--no-cache")
    return replace(found, cancels=cancels)
