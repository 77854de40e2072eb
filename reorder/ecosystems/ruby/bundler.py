"""Bundler: what an install reads, where gems go, and what it caches.

The closure is the Gemfile with all that it evaluates and reads (`ruby file:`, `eval_gemfile`,
`File.read`), the lockfile, settings in `.bundle/config`, gemspecs of the project and of gems in
folders with what these require, and `vendor/cache`. An install that is not frozen may write the
lockfile again, and is split only where it can be shown that it does not.

Gems are compiled and unpacked into the folder that the image needs, which is never a mount. Beside
it lie the archives (`cache` in GEM_HOME, or below `BUNDLE_PATH/ruby/<version>`): a mount there
saves their download. `~/.bundle/cache` only has the index: a mount would make `~/.bundle` root's.

Checked with Bundler 2.3.15 and a gem server on loopback, on made projects (`File.read`,
`eval_gemfile`, `gemspec` with programs, a path gem whose gemspec asks git, `--path --without`,
BUNDLE_PATH, BUNDLE_DEPLOYMENT, `.bundle/config`, with a lockfile and without): the closure alone,
and then the rest, ends with the same trees as an install in the whole project; a lockfile without
the platform, or behind the Gemfile, is written again. With the archives kept and everything else
gone, no gem is downloaded, and the trees are the same.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import Final

from reorder.ecosystems.by_name.named_table import GEM_FOLDERS
from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install
from reorder.ecosystems.fetching import ENV, GIT_ENV, transport_files
from reorder.ecosystems.homes import ROOT, in_home, user_cache
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.ruby.bundler_install import (
    Done,
    abi,
    gemfile_path,
    project_install,
)
from reorder.ecosystems.ruby.bundler_options import Asked, read_words
from reorder.ecosystems.ruby.bundler_settings import (
    Settings,
    app_config,
    read_settings,
    told_by,
    user_config,
)
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Bundler"
LEVEL: Final = 3
COMMANDS: Final = frozenset({"bundle", "bundler"})
JUNK: Final = ("**/.bundle", "**/vendor/bundle")

_ENV: Final = (
    ENV
    | GIT_ENV
    | frozenset(
        "BUNDLE_* BUNDLER_* GEM* RUBY* RB_* CC CXX AR LD CFLAGS CXXFLAGS CPPFLAGS LDFLAGS "
        "MAKEFLAGS MAKE PKG_CONFIG* OPENSSL_* NOKOGIRI_* SASS_* CPATH LIBRARY_PATH JOBS SSH_* "
        "CARGO_* RUST* RAILS_ENV RACK_ENV".split()
    )
)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `bundle` does; running programs of the project is opaque."""
    asked = read_words(call)
    if isinstance(asked, Opaque):
        return asked
    if asked.verb in ("--version", "version", "help", "env", "platform") or (
        "--version" in asked.options
    ):
        return CommandEffects("bundler", image.system | _own(call, image), env=_ENV)
    if asked.verb == "config":
        return _config(call, image)
    if asked.verb == "exec":
        return _exec(asked, image)
    if asked.verb not in ("install", "check", "clean") or asked.operands:
        return Opaque(f"`bundle {asked.verb}` is not understood")
    settings, path = _settings(asked, image)
    done = project_install(asked, image, settings, path)
    found = _project(asked, image, settings, done)
    if asked.verb == "install":
        return found
    install = done.install if asked.verb == "check" else None
    return replace(found, install=install, costly=False, caches=())


def _settings(asked: Asked, image: Image) -> tuple[Settings, str]:
    """The settings in force and the Gemfile they lead to."""
    first = read_settings(asked.call, image, asked.call.cwd)
    named = asked.options.get("--gemfile") or first.values.get("gemfile")
    path = gemfile_path(asked, image.files, named)
    return read_settings(asked.call, image, posixpath.dirname(path)), path


def _own(call: Call, image: Image) -> Paths:
    """Where Bundler and RubyGems look in the home, and the settings of the project."""
    config = app_config(call, call.cwd)
    found = paths(f"{config}/config") | in_home(call, image, ".gemrc")
    user = user_config(call, image)
    return found | (paths(user) if user is not None else in_home(call, image, ".bundle"))


def _config(call: Call, image: Image) -> CommandEffects | Opaque:
    """`bundle config`: reads its files, and writes one of them."""
    told = told_by(call)
    reads = image.system | _own(call, image)
    if told is None:
        return CommandEffects("bundler", reads, env=_ENV)
    scope, name, _ = told
    if "$" in name or "`" in name:
        return Opaque("`bundle config` sets what is not known")
    user = user_config(call, image)
    if scope == "local":
        written = paths(f"{app_config(call, call.cwd)}/config")
    else:
        written = paths(user) if user is not None else in_home(call, image, ".bundle")
    return CommandEffects("bundler", reads, written, env=_ENV)


def _project(asked: Asked, image: Image, settings: Settings, done: Done) -> CommandEffects:
    call = asked.call
    outputs = Paths(trees=frozenset(done.install.outputs))
    if done.gems is not None:
        version = abi(image)
        parts = GEM_FOLDERS if version is not None else ()
        filled = {f"{done.gems}/ruby/{version}/{name}" for name in parts} or {done.gems}
        outputs |= Paths(trees=frozenset(filled))
    reads = paths(*done.install.manifests, *done.absent, *settings.files)
    reads |= Paths(trees=frozenset(done.install.folders))
    reads |= _own(call, image) | transport_files(call, image)
    own = in_home(call, image, ".bundle/plugin") | in_home(call, image, ".local/share/gem")
    own |= _gem_home(call, image)
    return CommandEffects(
        tool="bundler",
        reads=image.system | reads | outputs | own,
        writes=image.system | outputs | own | paths(*done.written),
        env=None if done.variables is None else _ENV | done.variables,
        caches=(_archives(asked, image, settings, done),),
        install=done.install,
        costly=True,
    )


def _gem_home(call: Call, image: Image) -> Paths:
    """What is put into GEM_HOME beside the archives, where it lies in the application."""
    value = call.env.get("GEM_HOME")
    if not value:
        return NOTHING
    folder = absolute(value, call.cwd)
    return Paths(trees=frozenset(f"{folder}/{name}" for name in GEM_FOLDERS))


def _archives(asked: Asked, image: Image, settings: Settings, done: Done) -> Cache:
    """The archives of the gems, which Bundler looks for before it downloads them."""
    call = asked.call
    if done.unsettled is not None:
        return Cache("GEM_HOME/cache", off=f"where the gems go is not known: {done.unsettled}")
    if done.gems is not None:
        if done.gems in done.install.outputs:
            return Cache(done.gems, off=f"{done.gems} is shipped with the application")
        version = abi(image)
        if version is None:
            reason = f"where it keeps archives below {done.gems} depends on the version of Ruby"
            return Cache(done.gems, off=reason)
        found = user_cache(call, image, f"{done.gems}/ruby/{version}/cache", "")
        if image.user not in ROOT:
            found = replace(found, off=f"a mount below {done.gems} would make that root's own")
        return found
    named = call.env.get("GEM_HOME", "")
    if settings.of_image:
        return Cache("GEM_HOME/cache", off="where older images keep archives is not known")
    if not named:
        reason = "the folder of RubyGems depends on the version of Ruby"
        return Cache("GEM_HOME/cache", off=reason)
    return user_cache(call, image, f"{absolute(named, call.cwd)}/cache", "")


def _exec(asked: Asked, image: Image) -> CommandEffects | Opaque:
    """`bundle exec bootsnap precompile --gemfile` compiles the gems; anything else is opaque.

    Source: Bootsnap 1.18 `cli.rb`: `tmp/cache` in the working folder, or BOOTSNAP_CACHE_DIR.
    """
    words = [arg.text for arg in asked.operands]
    jobs = re.fullmatch(r"(-j|--jobs=?) ?\d+", " ".join(words[3:]))
    if words[:3] != ["bootsnap", "precompile", "--gemfile"] or (words[3:] and jobs is None):
        return Opaque(f"`bundle exec {words[0] if words else ''}` runs code of the project")
    settings, path = _settings(replace(asked, verb="install", operands=()), image)
    done = project_install(asked, image, settings, path)
    found = _project(asked, image, settings, done)
    named = asked.call.env.get("BOOTSNAP_CACHE_DIR", "")
    if named is None:
        return Opaque("where BOOTSNAP_CACHE_DIR points is not known")
    cache = absolute(named or "tmp/cache", asked.call.cwd)
    install = Install(
        done.install.manifests,
        done.install.folders,
        outputs=(cache,),
        ignore=_ignored(image, cache, path),
        refusal=done.install.refusal,
    )
    written = Paths(trees=frozenset({cache}))
    env = None if found.env is None else found.env | {"BOOTSNAP_*"}
    return replace(
        found, reads=found.reads | written, writes=written, install=install, caches=(), env=env
    )


def _ignored(image: Image, output: str, near: str) -> tuple[str, ...]:
    place = in_context(image.files, output, (near,))
    return (place,) if place else ()
