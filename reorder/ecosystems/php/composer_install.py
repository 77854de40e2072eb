"""An install by Composer: what can go above the source, whole or in part."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Image, Install, Prefetch
from reorder.ecosystems.given import Given, bare
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.php.composer_json import (
    EVENTS,
    ONCE,
    QUIET_PLUGINS,
    Project,
    read_project,
)
from reorder.ecosystems.words import absolute

PARTS: Final = ("--no-scripts", "--no-autoloader")
LOCKED: Final = "Composer installs what composer.lock has, and reads no source file for that"
CREATED: Final = "Composer resolves composer.json alone, and reads no source file for that"


@dataclass(frozen=True, slots=True)
class Done:
    """An install; `runs`: it runs scripts of the project, which may do anything."""

    install: Install
    prefetch: Prefetch | None = None
    absent: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()  # everything it fills
    runs: str | None = None
    asks: tuple[str, ...] = ()  # the repository, for the version of the project


def project_install(given: Given, image: Image) -> Done:
    """`composer install` with its options read."""
    call, files = given.call, image.files
    folder = given.last("-d", "--working-dir")
    if folder is not None and folder.kind != "literal":
        return Done(Install((), refusal="the folder that `--working-dir` names is not known"))
    root = absolute(folder.text if folder is not None else ".", call.cwd)
    named = call.env.get("COMPOSER") or "composer.json"
    path = absolute(named, root)
    lock = path.removesuffix(".json") + ".lock"
    dev = not given.has("--no-dev") and call.env.get("COMPOSER_NO_DEV", "") in ("", "0")
    project = read_project(path, lock, files, dev=dev)
    if isinstance(project, str):
        vendor = (absolute("vendor", root),)
        return Done(Install((), (), vendor, refusal=project), absent=(path, lock), trees=vendor)
    trees = _trees(call.env, project, root)
    locked = files.exists(lock)
    problem = project.problem
    if locked is None:
        problem = problem or f"whether {lock} is there is not known"
    closure = Install(
        manifests=(path, *((lock,) if locked else ()), *project.files),
        folders=project.folders,
        outputs=tuple(tree for tree in trees if in_application(tree, image)),
        ignore=_ignore(image, trees, path),
        refusal=problem,
        assumptions=_assumptions(given, project, locked=bool(locked)),
    )
    why = _not_whole(given, image, project, root)
    scripts = () if given.has("--no-scripts") else project.scripts(EVENTS | ONCE)
    runs = f"the script `{scripts[0]}` of composer.json may do anything" if scripts else None
    install = closure
    prefetch = None
    if why is not None and problem is None:
        install = Install(
            closure.manifests, closure.folders, closure.outputs, closure.ignore, refusal=why
        )
        prefetch = _prefetch(given, image, project, closure)
    absent = (*project.looked, *(() if locked else (lock,)))
    git = () if _names_its_version(given, project) else (posixpath.join(root, ".git"),)
    return Done(install, prefetch, absent, () if locked else (lock,), trees, runs, git)


def _trees(env: Mapping[str, str | None], project: Project, root: str) -> tuple[str, ...]:
    """Where packages and their programs go."""
    vendor = env.get("COMPOSER_VENDOR_DIR") or project.config("vendor-dir") or "vendor"
    bins = env.get("COMPOSER_BIN_DIR") or project.config("bin-dir") or ""
    bins = str(bins).replace("{$vendor-dir}", str(vendor))
    found = [absolute(str(vendor), root)]
    if bins and not bins.startswith(("$", "~")):
        found.append(absolute(bins, root))
    return tuple(dict.fromkeys((*found, *project.places)))


def _not_whole(given: Given, image: Image, project: Project, root: str) -> str | None:
    """Why the install, as it is, needs the source; None: it can go above it whole."""
    scripts = () if given.has("--no-scripts") else project.scripts(EVENTS | ONCE)
    if scripts:
        return f"composer.json has a script for `{scripts[0]}`, which may read the whole source"
    reason = None if given.has("--no-autoloader") else _autoload(given, project)
    if reason is not None:
        return reason
    if _names_its_version(given, project):
        return None
    only_parts = all(given.has(flag) for flag in PARTS)
    if not only_parts and image.files.exists(posixpath.join(root, ".git")) is not False:
        return (
            "Composer writes the commit of .git into vendor/composer/installed.php: where .git is "
            "in .dockerignore, the install does not need the source"
        )
    return None


def _names_its_version(given: Given, project: Project) -> bool:
    """Whether Composer need not ask git which version of the project this is."""
    return bool(project.data.get("version") or given.call.env.get("COMPOSER_ROOT_VERSION"))


def _autoload(given: Given, project: Project) -> str | None:
    rules: dict[str, object] = {}
    for section in ("autoload", "autoload-dev"):
        value = project.data.get(section)
        if isinstance(value, dict) and not (section.endswith("dev") and given.has("--no-dev")):
            rules |= {kind: rule for kind, rule in value.items() if rule}
    if "classmap" in rules:
        return "the autoloader lists the classes of the source (`classmap` in composer.json)"
    optimized = given.has(*_OPTIMIZE) or any(
        project.config(name) for name in ("optimize-autoloader", "classmap-authoritative")
    )
    if optimized and rules.keys() & {"psr-4", "psr-0"}:
        return "the optimized autoloader lists the classes of the source"
    return None


def _prefetch(given: Given, image: Image, project: Project, closure: Install) -> Prefetch | None:
    """The same call without scripts and autoloader, which the author's own then completes."""
    if all(given.has(flag) for flag in PARTS):
        return None
    once = () if given.has("--no-scripts") else project.scripts(ONCE)
    refusal = None
    if once:
        refusal = f"composer.json has a script for `{once[0]}`, which only a first install runs"
    words = []
    for arg in given.call.args:
        if arg.kind != "literal" and not arg.text.startswith("-"):
            refusal = refusal or f"the value of `{arg.text}` is not known"
        words.append(shlex.quote(bare(arg)))
    at = next((i for i, arg in enumerate(given.call.args) if arg.text in ("install", "i")), 0)
    words[at + 1 : at + 1] = [flag for flag in PARTS if not given.has(flag)]
    prefix = []
    for name, value in sorted(given.call.env.items()):
        if name.startswith("COMPOSER") and value != image.env.get(name):
            refusal = refusal or (None if value is not None else f"{name} is not known")
            prefix.append(f"{name}={shlex.quote(value or '')}")
    loud = _loud(given, project)
    git = posixpath.join(posixpath.dirname(closure.manifests[0]), ".git")
    assumptions = (f"{_listed(loud)} does the same in two steps as in one",) if loud else ()
    return Prefetch(
        " ".join((*prefix, *words)),
        closure,
        refusal,
        assumptions,
        absorbed=True,
        unsafe=bool(loud),
        despite=(git,),
    )


def _loud(given: Given, project: Project) -> tuple[str, ...]:
    """Plugins of which it is not known that a second install does no harm."""
    if given.has("--no-plugins"):
        return ()
    return tuple(name for name in project.plugins if name not in QUIET_PLUGINS)


def _listed(names: tuple[str, ...]) -> str:
    return f"the Composer plugin {', '.join(names)}"


def _assumptions(given: Given, project: Project, *, locked: bool) -> tuple[str, ...]:
    loud = _loud(given, project)
    found = [LOCKED if locked else CREATED]
    if loud:
        found.append(f"{_listed(loud)} reads no source file when it installs")
    return tuple(found)


def _ignore(image: Image, outputs: tuple[str, ...], near: str) -> tuple[str, ...]:
    inside = (output for output in outputs if in_application(output, image))
    found = (in_context(image.files, output, (near,)) for output in inside)
    return tuple(path for path in found if path)


_OPTIMIZE: Final = ("-o", "--optimize-autoloader", "-a", "--classmap-authoritative")
