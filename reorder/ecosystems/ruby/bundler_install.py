"""An install by Bundler: its closure, what it leaves where, and why it cannot be split."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Files, Image, Install
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import below
from reorder.ecosystems.ruby.bundler_options import Asked
from reorder.ecosystems.ruby.bundler_settings import Settings, app_config
from reorder.ecosystems.ruby.gemfile import Gemfile, read_gemfile
from reorder.ecosystems.ruby.gemfile_lock import linux, read_lock, why_rewritten
from reorder.ecosystems.ruby.gemspec import read_gemspecs
from reorder.ecosystems.words import absolute

EXTENSIONS: Final = "extensions that gems compile read only the gem's own files and the system"
LOCK_STAYS: Final = "Bundler keeps a Gemfile.lock that satisfies the Gemfile"


@dataclass(frozen=True, slots=True)
class Done:
    """An install, with what it looks for and does not find, and the files it may write."""

    install: Install
    gems: str | None  # the folder that gets the gems; None: the system's
    absent: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    variables: frozenset[str] | None = frozenset()
    unsettled: str | None = None  # why it is not known where things go


def gemfile_path(asked: Asked, files: Files, named: str | None) -> str:
    """The Gemfile in force: an option or setting, else the first one found going up.

    Source: Bundler `shared_helpers.rb`, `find_gemfile`: `gems.rb` before `Gemfile`.
    """
    if named:
        return absolute(named, asked.call.cwd)
    folder = asked.call.cwd
    while True:
        for name in ("gems.rb", "Gemfile"):
            if files.exists(posixpath.join(folder, name)):
                return posixpath.join(folder, name)
        if folder == "/":
            return absolute("Gemfile", asked.call.cwd)
        folder = posixpath.dirname(folder)


def lock_path(gemfile: str) -> str:
    """`Gemfile.lock` beside it; `gems.locked` beside `gems.rb`."""
    return (
        gemfile.removesuffix(".rb") + ".locked"
        if gemfile.endswith("/gems.rb")
        else (f"{gemfile}.lock")
    )


def project_install(asked: Asked, image: Image, settings: Settings, path: str) -> Done:
    """The install of the bundle of a Gemfile."""
    files = image.files
    gemfile = read_gemfile(path, asked.call.cwd, files)
    folders: dict[str, None] = {}
    problem = gemfile.found.problem
    for locals_, deep in ((gemfile.gemspecs, False), (gemfile.locals, True)):
        for local in dict.fromkeys(locals_):
            specs = read_gemspecs(local, gemfile.found, files, deep=deep)
            folders |= dict.fromkeys(specs.folders)
            problem = problem or specs.problem
    problem = problem or gemfile.found.problem
    lock = lock_path(path)
    cached = posixpath.join(settings.root, settings.values.get("cache_path") or "vendor/cache")
    if files.under(cached):
        folders[cached] = None
    manifests = [*gemfile.found.files, *([lock] if files.exists(lock) else [])]
    manifests += [file for file in settings.files if files.origin(file) is not None]
    gems, outputs = _outputs(asked, image, settings)
    frozen = _frozen(asked, settings)
    refusal = (
        problem
        or _unsettled(asked, settings)
        or _lock_problem(asked, image, settings, gemfile, lock, frozen)
        or _cache_problem(files, cached, frozen)
    )
    written = [] if frozen or files.exists(lock) else [lock]
    if asked.remembered:
        written.append(f"{app_config(asked.call, settings.root)}/config")
    install = Install(
        manifests=tuple(dict.fromkeys(p for p in manifests if not _in(p, folders))),
        folders=tuple(folders),
        outputs=outputs,
        ignore=_ignore(files, outputs, path),
        refusal=refusal,
        assumptions=_assumptions(files, lock, frozen),
    )
    absent = [p for p in (lock, *settings.files) if files.exists(p) is not True]
    upward = _looked_up(asked.call.cwd, path)
    return Done(
        install,
        gems,
        (*gemfile.found.looked, *absent, *upward),
        tuple(written),
        None if gemfile.found.variables is None else frozenset(gemfile.found.variables),
        _unsettled(asked, settings),
    )


def abi(image: Image) -> str | None:
    """The folder of a version of Ruby (`3.3.0`), where the tag of the image tells it."""
    match = re.match(r"(\d+)\.(\d+)", image.tag) if image.base == "ruby" else None
    return f"{match[1]}.{match[2]}.0" if match is not None else None


def _looked_up(cwd: str, path: str) -> tuple[str, ...]:
    """Where another Gemfile would be found first."""
    home = posixpath.dirname(path)
    found = [posixpath.join(home, "gems.rb")] if path.endswith("/Gemfile") else []
    folder = cwd
    while folder != home and below(folder, home):
        found += [posixpath.join(folder, name) for name in ("gems.rb", "Gemfile")]
        folder = posixpath.dirname(folder)
    return tuple(found)


def _frozen(asked: Asked, settings: Settings) -> bool:
    if "--no-deployment" in asked.options or "--no-frozen" in asked.options:
        return False
    told = "--deployment" in asked.options or "--frozen" in asked.options
    return told or settings.on("deployment") or settings.on("frozen")


def _outputs(asked: Asked, image: Image, settings: Settings) -> tuple[str | None, tuple[str, ...]]:
    """The folder for gems, and what of all it fills lies in the application.

    Source: bundle-config(1): `path` and `path.system`; `deployment` stands for `vendor/bundle`.
    """
    named = asked.options.get("--path") or settings.values.get("path")
    deployed = "--deployment" in asked.options or settings.on("deployment")
    gems: str | None = None
    if named and not settings.on("path.system") and "--system" not in asked.options:
        gems = absolute(named, settings.root)
    elif deployed and not settings.on("path.system"):
        gems = absolute("vendor/bundle", settings.root)
    found = [gems] if gems is not None else []
    if "--standalone" in asked.options and gems is None:
        found.append(absolute("bundle", settings.root))
    stubs = asked.options.get("--binstubs", "") or settings.values.get("bin")
    if "--binstubs" in asked.options or stubs:
        found.append(absolute(stubs or "bin", settings.root))
    if asked.remembered and not asked.call.env.get("BUNDLE_APP_CONFIG"):
        found.append(absolute(".bundle", settings.root))
    return gems, tuple(path for path in dict.fromkeys(found) if in_application(path, image))


def _unsettled(asked: Asked, settings: Settings) -> str | None:
    if settings.unknown:
        return "a script that is not understood may have changed Bundler's settings"
    for name in ("path", "path.system", "deployment", "frozen", "gemfile", "cache_path", "bin"):
        if name in settings.values and settings.values[name] is None:
            return f"Bundler's setting `{name}` has a value that is not known"
    for name in ("--path", "--gemfile"):
        if name in asked.options and asked.options[name] is None:
            return f"the value of `{name}` is not known"
    if any(name.startswith("local.") for name in settings.values):
        return "Bundler is told to take a gem from a folder (`local.…`)"
    return None


def _lock_problem(
    asked: Asked, image: Image, settings: Settings, gemfile: Gemfile, path: str, frozen: bool
) -> str | None:
    files = image.files
    there = files.exists(path)
    name = posixpath.basename(path)
    if there is None:
        return f"whether {path} is there is not known"
    if not there and frozen:
        return f"a frozen install needs {name}, which is not in the build context"
    if frozen or not there:
        return None
    text = files.read(path)
    if text is None:
        return f"{path} does not come from the build context"
    only_ruby = settings.on("force_ruby_platform")
    reason = why_rewritten(read_lock(text), gemfile, only_ruby=only_ruby)
    if reason is None:
        return None
    return f"`bundle install` may rewrite {name}, which a later COPY would undo: {reason}"


def _cache_problem(files: Files, cached: str, frozen: bool) -> str | None:
    if files.under(cached) and not frozen:
        return f"`bundle install` keeps {cached} up to date, which is in the source"
    return None


def _assumptions(files: Files, lock: str, frozen: bool) -> tuple[str, ...]:
    text = files.read(lock)
    if text is None or frozen:
        return (EXTENSIONS,)
    listed = read_lock(text)
    if "ruby" in listed.platforms:
        return (EXTENSIONS, LOCK_STAYS)
    platforms = " or ".join(linux(listed))
    return (EXTENSIONS, f"{LOCK_STAYS}; the image is built for {platforms}")


def _ignore(files: Files, outputs: tuple[str, ...], near: str) -> tuple[str, ...]:
    found = (in_context(files, output, (near,)) for output in outputs)
    return tuple(path for path in found if path)


def _in(path: str, folders: dict[str, None]) -> bool:
    return any(below(path, folder) for folder in folders)
