"""An install by Poetry: where it writes and caches, and the step to put before it.

`poetry install` installs the dependencies and then the project itself. The project needs its
source (and its readme); the dependencies need pyproject.toml, poetry.lock and poetry.toml. So an
install of the project is not moved: its twin with `--no-root` (and `--no-directory`, since Poetry
1.5, for path dependencies) goes first, and the author's own command completes it.

Caches (Poetry 2.5 `config/config.py`, seen in a real run): `cache` and `artifacts` in the cache
folder (POETRY_CACHE_DIR, the setting `cache-dir`, `~/.cache/pypoetry`). The environments lie beside
them, in `virtualenvs`, and must never be in a mount. `--no-cache` leaves `artifacts` as it is.
Where the environment is surely elsewhere (`virtualenvs.create`, `virtualenvs.in-project`) the cache
folder is mounted as a whole.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.given import Given
from reorder.ecosystems.homes import ROOT, in_application, user_cache
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.python.again import again
from reorder.ecosystems.python.environments import VIRTUALENV, apart, free, ignored, own_folders
from reorder.ecosystems.python.pip_install import ENVIRONMENT, SOURCE_BUILDS
from reorder.ecosystems.python.poetry_options import GROUPS, environment_elsewhere, setting
from reorder.ecosystems.python.poetry_project import LOCK_COUNTS, PoetryProject
from reorder.ecosystems.python.project_files import looked_for, whole
from reorder.ecosystems.python.python_env import environment_trees, shadows
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

ENV: Final = ENVIRONMENT | {"POETRY_*"}
_NO_DIRECTORY: Final = (1, 5)


def install(given: Given, image: Image, project: PoetryProject) -> CommandEffects | Opaque:
    call = given.call
    if given.operands:
        return Opaque(f"`poetry install {given.operands[0].text}` is not understood")
    root = project.package and not given.has("--no-root")
    built = () if given.has("--no-directory") else project.local
    trees = {whole(project.folder, image)} if root else set[str]()
    trees |= {whole(folder, image) for folder in built}
    outputs, elsewhere = _outputs(call, image, project)
    written = image.system | Paths(trees=frozenset((*outputs, *elsewhere, *trees)))
    written |= own_folders(call, image, *VIRTUALENV)
    if image.user not in ROOT:
        written |= own_folders(call, image, ".local/lib")
    lock = posixpath.join(project.folder, "poetry.lock")
    written |= NOTHING if project.locked else paths(lock)
    closure = Install(
        manifests=project.manifests,
        outputs=outputs,
        ignore=ignored(image, outputs, project.manifests),
        refusal=problem(given, image, project),
        assumptions=(SOURCE_BUILDS, LOCK_COUNTS) if project.locked else (SOURCE_BUILDS,),
        free=free(given, GROUPS),
    )
    whole_install = replace(closure, refusal=closure.refusal or _in_place(project, root, built))
    return CommandEffects(
        tool="poetry",
        reads=reads(call, image, project) | Paths(trees=frozenset(trees)) | written,
        writes=written,
        env=ENV,
        caches=_caches(given, image, project),
        install=whole_install,
        prefetch=_prefetch(given, image, project, closure, root, built),
        costly=True,
    )


def _in_place(project: PoetryProject, root: bool, built: tuple[str, ...]) -> str | None:
    """Why an install needs the source."""
    if root:
        return "`poetry install` installs the project itself, which reads the whole source"
    if built:
        where = posixpath.relpath(built[0], project.folder)
        return f"the path dependency `{where}` is built in its folder, which reads its source"
    return None


def _prefetch(
    given: Given,
    image: Image,
    project: PoetryProject,
    closure: Install,
    root: bool,
    built: tuple[str, ...],
) -> Prefetch | None:
    """The same call for the dependencies alone; None where it would be no other call."""
    if (not root and not built) or given.has("--only-root"):
        return None
    added = ["--no-root"] if root else []
    added += ["--no-directory"] if built else []
    refusal = None
    if built and project.generator < _NO_DIRECTORY:
        refusal = "path dependencies are only left out by Poetry 1.5 and newer (`--no-directory`)"
    if not project.locked:
        refusal = "without poetry.lock the second install may choose other versions"
    command = again(given.call, image, added)
    if command is None:
        command, refusal = "poetry install", "the value of a variable of the call is not known"
    return Prefetch(command, closure, refusal, absorbed=True)


def problem(given: Given, image: Image, project: PoetryProject) -> str | None:
    if project.problem is not None:
        return project.problem
    hidden = shadows(given.call, image, module_run=False)
    if hidden:
        return f"{hidden[0]} stands in the way of a module that Poetry imports or installs"
    where = setting("virtualenvs.path", given.call, image, project.folder)
    return "where Poetry makes its environments is not known" if where is None else None


def reads(call: Call, image: Image, project: PoetryProject) -> Paths:
    near = looked_for(call.cwd, ("pyproject.toml",), image)
    named = frozenset((*project.manifests, *project.looked_for))
    hidden = Paths(files=frozenset(shadows(call, image, module_run=False)))
    return image.system | Paths(files=named) | near | hidden | settings(call, image)


def settings(call: Call, image: Image) -> Paths:
    return own_folders(call, image, ".config/pypoetry", ".netrc")


def _outputs(
    call: Call, image: Image, project: PoetryProject
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Trees that are filled: those in the application, and the others."""
    trees = set(environment_trees(call, image)) | {posixpath.join(project.folder, ".venv")}
    named = setting("virtualenvs.path", call, image, project.folder)
    if named:
        trees.add(absolute(named, project.folder))
    if not environment_elsewhere(call, image, project.folder):
        cached = cache_folder(call, image, project.folder).target
        trees |= {f"{cached}/virtualenvs"} if in_application(cached, image) else set()
    if project.own_plugins:
        trees.add(posixpath.join(project.folder, ".poetry"))
    return apart((tree for tree in trees if tree.startswith("/")), image)


def cache_folder(call: Call, image: Image, folder: str) -> Cache:
    named = setting("cache-dir", call, image, folder)
    base = call.env.get("XDG_CACHE_HOME", "")
    if named:
        return user_cache(call, image, absolute(named, call.cwd), "")
    if base:
        return user_cache(call, image, absolute("pypoetry", absolute(base, call.cwd)), "")
    found = user_cache(call, image, None, ".cache/pypoetry")
    unknown = named is None or base is None
    return (
        replace(found, off=found.off or "where Poetry keeps its cache is not known")
        if (unknown)
        else found
    )


def _caches(given: Given, image: Image, project: PoetryProject) -> tuple[Cache, ...]:
    call = given.call
    found = cache_folder(call, image, project.folder)
    cancels = tuple(arg.span for arg in call.args if arg.text == "--no-cache")
    if environment_elsewhere(call, image, project.folder):
        return (replace(found, cancels=cancels),)
    if found.off is None and image.user not in ROOT:
        off = f"a mount below {found.target} would make that folder root's, and Poetry writes to it"
        found = replace(found, off=off)
    if found.off is not None:
        return (found,)
    return (
        replace(found, target=posixpath.join(found.target, "cache"), cancels=cancels),
        replace(found, target=posixpath.join(found.target, "artifacts")),
    )
