"""pipenv: what an install reads and writes, and where it caches.

The closure is Pipfile and Pipfile.lock; what the lockfile takes from a folder is built there, so
that such an install is not moved. `pipenv install` alone locks anew where the hash that the
lockfile notes is not the one of Pipfile (`pipenv/routines/install.py`; the hash is
`plette/pipfiles.py` `get_hash`); `--deploy` stops, `--ignore-pipfile` and `sync` do not look.
`.env` is only loaded by `pipenv run` and `pipenv shell`.

The cache is pip's, in a folder of pipenv's own: PIPENV_CACHE_DIR, `~/.cache/pipenv`
(`environments.py`, `utils/pip.py`); pip gets the rest of the environment, PIP_NO_CACHE_DIR too.
The environment is `.venv` where PIPENV_VENV_IN_PROJECT says so or there is one, else below
`~/.local/share/virtualenvs` (WORKON_HOME), else with `--system` the system.

Checked with pipenv 2026.10.3: `sync`, `install`, `install --deploy`, `install --dev`, the
environment in the project and outside it: both files alone in an empty folder and then the rest,
and the whole project at once, leave the same tree, but for what virtualenv notes of itself.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from dataclasses import replace
from typing import Any, Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install
from reorder.ecosystems.given import Given, read_given
from reorder.ecosystems.homes import user_cache
from reorder.ecosystems.paths import NOTHING, Paths, below, paths
from reorder.ecosystems.python.environments import VIRTUALENV, apart, free, ignored, own_folders
from reorder.ecosystems.python.pip_install import ENVIRONMENT, SOURCE_BUILDS
from reorder.ecosystems.python.project_files import absent, looked_for, nearest, read_toml, table
from reorder.ecosystems.python.python_env import environment_trees, shadows
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "pipenv"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"pipenv"})
JUNK: Final = ("**/.venv",)

ENV: Final = ENVIRONMENT | {"PIPENV_*", "WORKON_HOME", "PYENV_*", "ASDF_*"}


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of pipenv does; None for a verb that runs or changes the project."""
    folder = posixpath.dirname(call.name)
    if folder and posixpath.basename(folder) != "bin":
        return None
    verb = next((a.text for a in call.args[1:] if not a.text.startswith("-")), "")
    if verb in ("install", "sync"):
        given = read_given(call, _FLAGS, _VALUES)
        if isinstance(given, Opaque):
            return given
        if len(given.operands) > 1 or given.has("-r", "--requirements", "-e", "--editable"):
            return Opaque("`pipenv install` with packages or requirements changes the Pipfile")
        return _install(given, image, verb)
    if verb == "requirements":
        closure = _closure(call, image, locked=True)
        seen, plain = _reads(call, image, closure), closure.refusal is None
        return CommandEffects("pipenv", seen, env=ENV, install=closure, prints=plain)
    if verb == "" and call.words is not None and set(call.words[1:]) <= _QUERIES:
        return CommandEffects("pipenv", image.system | _near(call, image), env=ENV)
    return None


def _install(given: Given, image: Image, verb: str) -> CommandEffects:
    call = given.call
    without_lock = given.has("--skip-lock") or call.env.get("PIPENV_SKIP_LOCK", "") != ""
    frozen = verb == "sync" or given.has("--deploy", "--ignore-pipfile")
    closure = _closure(call, image, locked=not without_lock)
    pipfile = _pipfile(call, image)
    lock = pipfile + ".lock"
    stale = None if frozen or without_lock else _why_locked_anew(pipfile, image)
    missing = image.files.exists(lock) is False
    if missing and frozen and not without_lock:
        stale = absent(lock, image.files)
    outputs, elsewhere = _environments(given, image, posixpath.dirname(pipfile))
    relocks = not frozen and not without_lock and (stale is not None or missing)
    written = image.system | Paths(trees=frozenset((*outputs, *elsewhere)))
    written |= own_folders(call, image, *VIRTUALENV) | (paths(lock) if relocks else NOTHING)
    return CommandEffects(
        tool="pipenv",
        reads=_reads(call, image, closure) | written,
        writes=written,
        env=ENV,
        caches=(_cache(call, image),),
        install=replace(
            closure,
            outputs=outputs,
            ignore=ignored(image, outputs, closure.manifests),
            refusal=closure.refusal or stale,
            assumptions=(SOURCE_BUILDS,),
            free=free(given, ("--categories",)),
        ),
        costly=True,
    )


def _pipfile(call: Call, image: Image) -> str:
    """Where the Pipfile is: PIPENV_PIPFILE, or here, or in the first folder above."""
    named = call.env.get("PIPENV_PIPFILE", "")
    if named:
        return absolute(named, call.cwd)
    return posixpath.join(nearest(call.cwd, "Pipfile", image.files) or call.cwd, "Pipfile")


def _closure(call: Call, image: Image, *, locked: bool) -> Install:
    files = image.files
    pipfile = _pipfile(call, image)
    wanted = (pipfile, pipfile + ".lock")
    there = tuple(path for path in wanted if files.origin(path) is not None)
    document = read_toml(pipfile, files)
    if call.env.get("PIPENV_PIPFILE", "") is None:
        return Install((), refusal="where PIPENV_PIPFILE points is not known")
    if document is None:
        return Install(there, refusal=absent(pipfile, files))
    hidden = shadows(call, image, module_run=False)
    if hidden:
        reason = f"{hidden[0]} stands in the way of a module that pip imports or installs"
        return Install(there, refusal=reason)
    sections: list[Any] = [table(document, kind) for kind in document if kind not in _NO_PACKAGES]
    if locked and files.exists(pipfile + ".lock") is not False:
        lock = _lock(files.read(pipfile + ".lock"))
        if lock is None:
            return Install(there, refusal=absent(pipfile + ".lock", files))
        sections = [table(lock, kind) for kind in lock if kind != "_meta"]
    packages = [package for section in sections for package in section.values()]
    archives: list[str] = []
    for package in packages:
        place = next((table(package)[k] for k in ("path", "file") if k in table(package)), None)
        if not isinstance(place, str) or (place.partition("://")[0] in ("http", "https")):
            continue
        path = absolute(place.removeprefix("file://"), posixpath.dirname(pipfile))
        if not path.endswith((".whl", ".tar.gz", ".zip")):
            whose = "the project itself" if below(call.cwd, path) else f"`{place}` in its folder"
            return Install(there, refusal=f"the Pipfile installs {whose}, which reads the source")
        if files.exists(path) is not True:
            return Install(there, refusal=absent(path, files))
        archives.append(path)
    return Install((*there, *archives))


def _lock(text: str | None) -> dict[str, Any] | None:
    try:
        found = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _why_locked_anew(pipfile: str, image: Image) -> str | None:
    """Why a plain `pipenv install` writes Pipfile.lock, which the source then puts back."""
    text = image.files.read(pipfile + ".lock")
    document, lock = read_toml(pipfile, image.files), _lock(text)
    if document is None or lock is None:
        return None
    data: dict[str, Any] = {
        "_meta": {"sources": document.get("source"), "requires": table(document, "requires")},
        "default": document.get("packages", {}),
        "develop": document.get("dev-packages", {}),
    }
    data |= {kind: document[kind] for kind in document if kind not in (*_NO_PACKAGES, *_KNOWN)}
    plain = json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)
    if table(lock, "_meta", "hash").get("sha256") == hashlib.sha256(plain.encode()).hexdigest():
        return None
    return "Pipfile.lock does not plainly fit Pipfile: it may be written anew (no --deploy)"


def _environments(
    given: Given, image: Image, folder: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    call = given.call
    trees = set(environment_trees(call, image))
    if not given.has("--system"):
        trees.add(posixpath.join(folder, ".venv"))
        named = call.env.get("WORKON_HOME", "")
        if named:
            trees.add(absolute(named, call.cwd))
        else:
            trees |= own_folders(call, image, ".local/share/virtualenvs").trees
    return apart(trees, image)


def _near(call: Call, image: Image) -> Paths:
    return looked_for(call.cwd, ("Pipfile", "Pipfile.lock"), image)


def _reads(call: Call, image: Image, closure: Install) -> Paths:
    pipfile = _pipfile(call, image)
    hidden = Paths(files=frozenset(shadows(call, image, module_run=False)))
    named = paths(*closure.manifests, pipfile, pipfile + ".lock")
    return image.system | named | _near(call, image) | hidden


def _cache(call: Call, image: Image) -> Cache:
    found = _cache_folder(call, image)
    if call.env.get("PIP_NO_CACHE_DIR", "") != "":
        return replace(found, off=found.off or "PIP_NO_CACHE_DIR disables the cache")
    return found


def _cache_folder(call: Call, image: Image) -> Cache:
    named = call.env.get("PIPENV_CACHE_DIR", "")
    base = call.env.get("XDG_CACHE_HOME", "")
    if named:
        return user_cache(call, image, absolute(named, call.cwd), "")
    if base:
        return user_cache(call, image, absolute("pipenv", absolute(base, call.cwd)), "")
    found = user_cache(call, image, None, ".cache/pipenv")
    if named is None or base is None:
        return replace(found, off=found.off or "where pipenv keeps its cache is not known")
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FLAGS: Final = _words(
    "-d --dev --dev-only --system --deploy --ignore-pipfile --skip-lock --keep-outdated --pre "
    "--clear -v --verbose -q --quiet --sequential --selective-upgrade --three --two "
    "--site-packages --no-site-packages --bare -u --unused -y"
)
_VALUES: Final = _words(
    "--python --pypi-mirror --categories --extra-pip-args -i --index -r --requirements -e "
    "--editable --packages --dev-packages"
)
_QUERIES: Final = _words("--version --help -h --venv --where --py --support --envs")
_NO_PACKAGES: Final = ("source", "requires", "scripts", "pipfile", "pipenv", "build-system")
_KNOWN: Final = ("packages", "dev-packages", "default", "develop")
