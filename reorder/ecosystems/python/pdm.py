"""pdm: what an install reads and writes, where it caches, and the step to put before it.

`pdm install` and `pdm sync` install the dependencies and then the project itself, which needs its
source (readme, licence). The dependencies need pyproject.toml, pdm.lock and pdm.toml: their step
is the same call with `--no-self`. Scripts of the project that pdm runs around an install
(`pre_install` …, pdm documentation, "Lifecycle and hooks") read what they like.

`pdm install` locks anew where the hash that pdm.lock notes is not the one of pyproject.toml
(`cli/commands/install.py`, `project/project_file.py` `content_hash`; two forms, up to 2.16 and
since); `--frozen-lockfile`, `--check`, `--no-lock` and `sync` do not write it.

The cache is PDM_CACHE_DIR, the setting `cache_dir`, or `~/.cache/pdm`; with `install.cache` the
environment points into it. Checked with pdm 2.11.2: `sync`, `install` and `install --check` after
their twins with `--no-self` leave the same tree as alone.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.homes import home, in_home, user_cache
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.python.again import again
from reorder.ecosystems.python.environments import VIRTUALENV, apart, free, ignored, own_folders
from reorder.ecosystems.python.pip_install import ENVIRONMENT, SOURCE_BUILDS
from reorder.ecosystems.python.project_files import (
    TRUE,
    Table,
    absent,
    looked_for,
    nearest,
    read_toml,
    table,
    tables,
    whole,
)
from reorder.ecosystems.python.python_env import environment_trees, shadows
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "pdm"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"pdm"})
JUNK: Final = ("**/.venv", "**/__pypackages__", "**/.pdm-python", "**/.pdm-build")

ENV: Final = ENVIRONMENT | {"PDM_*"}


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of pdm does; None for a verb that runs or changes the project."""
    folder = posixpath.dirname(call.name)
    if folder and posixpath.basename(folder) != "bin":
        return None
    verb = next((a.text for a in call.args[1:] if not a.text.startswith("-")), "")
    if verb == "" and call.words is not None and set(call.words[1:]) <= _QUERIES:
        return CommandEffects("pdm", image.system | _near(call, image), env=ENV)
    if verb == "config":
        return _config(call, image)
    if verb not in ("install", "sync"):
        return None
    given = read_given(call, _FLAGS, _VALUES)
    if isinstance(given, Opaque):
        return given
    if len(given.operands) > 1 or given.has("-g", "--global", "--plugins", "--dry-run"):
        return Opaque("this use of `pdm install` is not understood")
    return _install(given, image, verb)


def _config(call: Call, image: Image) -> CommandEffects | Opaque:
    words = call.words
    if words is None or any(w in ("--local", "-l", "--project", "-p", "--edit") for w in words):
        return Opaque("`pdm config` writes settings that are not followed")
    own = in_home(call, image, ".config/pdm")
    written = own if home(call, image) is not None else own | image.system
    return CommandEffects("pdm", image.system | own, written, env=ENV, repeatable=written == own)


def _install(given: Given, image: Image, verb: str) -> CommandEffects | Opaque:
    call = given.call
    start = _folder(given, image)
    if isinstance(start, Opaque):
        return start
    manifest = posixpath.join(start, "pyproject.toml")
    named = given.last("-L", "--lockfile")
    lockname = named.text if named is not None else call.env.get("PDM_LOCKFILE", "") or "pdm.lock"
    lock = absolute(lockname, start)
    document = read_toml(manifest, image.files)
    closure = _closure(call, image, document, manifest, lock)
    keeps = verb == "sync" or given.has("--frozen-lockfile", "--frozen", "--check", "--no-lock")
    stale = None if keeps else _why_locked_anew(document, lock, image)
    if image.files.exists(lock) is False:
        stale = absent(lock, image.files)
    root = _installs_itself(given, document)
    outputs, elsewhere = apart(_environments(call, image, start), image)
    written = image.system | Paths(trees=frozenset((*outputs, *elsewhere)))
    written |= own_folders(call, image, ".local/share/pdm", *VIRTUALENV)
    written |= paths(lock) if not keeps and stale is not None else NOTHING
    written |= Paths(trees=frozenset({whole(start, image)})) if root else NOTHING
    closure = replace(
        closure,
        outputs=outputs,
        ignore=ignored(image, outputs, closure.manifests),
        refusal=closure.refusal or stale,
        assumptions=(SOURCE_BUILDS,),
        free=free(given, ("-G", "--group", "--with", "--without")),
    )
    itself = f"`pdm {verb}` installs the project itself, which reads the whole source"
    command = again(call, image, ["--no-self"])
    unclear = None if command else "the value of a variable of the call is not known"
    return CommandEffects(
        tool="pdm",
        reads=_reads(call, image, closure, start, lock) | written,
        writes=written,
        env=ENV,
        caches=(_cache(call, image),),
        install=replace(closure, refusal=closure.refusal or (itself if root else None)),
        prefetch=None
        if not root
        else Prefetch(command or f"pdm {verb}", closure, unclear, absorbed=True),
        costly=True,
    )


def _folder(given: Given, image: Image) -> str | Opaque:
    arg = given.last("-p", "--project")
    value = arg.text if arg is not None else given.call.env.get("PDM_PROJECT", "")
    if value is None or (arg is not None and arg.kind != "literal"):
        return Opaque("where `--project` points is not known")
    if value:
        return absolute(value, given.call.cwd)
    return nearest(given.call.cwd, "pyproject.toml", image.files) or given.call.cwd


def _closure(call: Call, image: Image, document: Table | None, manifest: str, lock: str) -> Install:
    files = image.files
    near = posixpath.join(posixpath.dirname(manifest), "pdm.toml")
    there = tuple(path for path in (manifest, lock, near) if files.origin(path) is not None)
    if document is None:
        return Install(there, refusal=absent(manifest, files))
    hooks = _HOOKS & table(document, "tool", "pdm", "scripts").keys()
    if hooks:
        return Install(there, refusal=f"the script `{min(hooks)}` of the project runs with it")
    if "plugins" in table(document, "tool", "pdm"):
        return Install(there, refusal="the project asks for plugins of pdm")
    hidden = shadows(call, image, module_run=False)
    if hidden:
        reason = f"{hidden[0]} stands in the way of a module that pdm imports or installs"
        return Install(there, refusal=reason)
    locked = read_toml(lock, files)
    if locked is None and files.exists(lock) is not False:
        return Install(there, refusal=absent(lock, files))
    for package in tables(locked or {}, "package"):
        place = package.get("path")
        if isinstance(place, str):
            return Install(
                there, refusal=f"`{place}` is built in its folder, which reads its source"
            )
    return Install(there)


def _why_locked_anew(document: Table | None, lock: str, image: Image) -> str | None:
    """Why a plain `pdm install` writes pdm.lock, which the source then puts back."""
    locked = read_toml(lock, image.files)
    if document is None or locked is None:
        return None
    project, tool = table(document, "project"), table(document, "tool", "pdm")
    resolution = table(tool, "resolution")
    noted = str(table(locked, "metadata").get("content_hash", ""))
    own = dict(table(tool, "dev-dependencies"))
    for groups, key, value in (
        (own, "overrides", tool.get("overrides", resolution.get("overrides", {}))),
        (own | dict(table(document, "dependency-groups")), "resolution", resolution),
    ):
        data = {
            "sources": tool.get("source", []),
            "dependencies": project.get("dependencies", []),
            "dev-dependencies": groups,
            "optional-dependencies": project.get("optional-dependencies", {}),
            "requires-python": project.get("requires-python", ""),
            key: value,
        }
        plain = json.dumps(data, sort_keys=True, default=str)
        if noted == "sha256:" + hashlib.sha256(plain.encode()).hexdigest():
            return None
    return "pdm.lock does not plainly fit pyproject.toml: it may be written anew"


def _installs_itself(given: Given, document: Table | None) -> bool:
    if given.has("--no-self", "--no-default") or given.call.env.get("PDM_NO_SELF", "") != "":
        return False
    name = table(document or {}, "project").get("name")
    return (
        name is not None and table(document or {}, "tool", "pdm").get("distribution") is not False
    )


def _environments(call: Call, image: Image, folder: str) -> set[str]:
    names = [".venv", ".pdm-python"]
    if _told("python.use_venv", "PDM_USE_VENV", call, image) not in ("", *TRUE):
        names.append("__pypackages__")
    return set(environment_trees(call, image)) | {posixpath.join(folder, n) for n in names}


def _told(name: str, variable: str, call: Call, image: Image) -> str | None:
    """A setting as text; "": nothing sets it, None: its value is not known."""
    value = call.env.get(variable, "")
    if value != "":
        return value
    for earlier in reversed(image.told):
        if earlier is None:
            return None
        words = [arg.text for arg in earlier.args]
        if posixpath.basename(earlier.name) == "pdm" and name in words:
            follows = words[words.index(name) + 1 :]
            return follows[0] if earlier.words is not None and earlier.always and follows else None
    return ""


def _cache(call: Call, image: Image) -> Cache:
    named = _told("cache_dir", "PDM_CACHE_DIR", call, image)
    base = call.env.get("XDG_CACHE_HOME", "")
    if named:
        found = user_cache(call, image, absolute(named, call.cwd), "")
    elif base:
        found = user_cache(call, image, absolute("pdm", absolute(base, call.cwd)), "")
    else:
        found = user_cache(call, image, None, ".cache/pdm")
    if named is None or (base is None and not named):
        return replace(found, off=found.off or "where pdm keeps its cache is not known")
    linked = _told("install.cache", "PDM_INSTALL_CACHE", call, image)
    if linked not in ("", "false", "off", "0", "no"):
        off = "the environment points into the cache (`install.cache`)"
        return replace(found, off=found.off or off)
    return found


def _near(call: Call, image: Image) -> Paths:
    return looked_for(call.cwd, ("pyproject.toml", "pdm.lock", "pdm.toml"), image)


def _reads(call: Call, image: Image, closure: Install, folder: str, lock: str) -> Paths:
    names = ("pyproject.toml", "pdm.toml", ".pdm.toml", ".pdm-python", ".python-version")
    near = {posixpath.join(folder, name) for name in names}
    hidden = Paths(files=frozenset(shadows(call, image, module_run=False)))
    own = own_folders(call, image, ".config/pdm")
    return image.system | paths(*near, *closure.manifests, lock) | hidden | own


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FLAGS: Final = _words(
    "-v --verbose -q --quiet -g --global --no-default -d --dev --prod --production --dry-run "
    "--clean --only-keep --clean-unselected --no-editable --no-self --fail-fast -x --no-isolation "
    "--no-lock --check --frozen-lockfile --frozen -r --reinstall --plugins -I --ignore-python"
)
_VALUES: Final = _words(
    "-p --project -G --group --with --without -L --lockfile -k --skip --venv -c --config "
    "--override -C --config-setting"
)
_QUERIES: Final = _words("--version -V --help -h")
_HOOKS: Final = frozenset(
    f"{when}_{what}" for when in ("pre", "post") for what in ("install", "lock", "build")
)
