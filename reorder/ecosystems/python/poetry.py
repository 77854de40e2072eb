"""Poetry: what a call of it does.

Checked with Poetry 2.5.1, see `poetry_project`; `poetry config` gives the same file in a folder
with a project and without one.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install
from reorder.ecosystems.given import Given
from reorder.ecosystems.homes import home, in_home
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.python.poetry_install import (
    ENV,
    cache_folder,
    install,
    problem,
    reads,
    settings,
)
from reorder.ecosystems.python.poetry_options import project_folder, read_options
from reorder.ecosystems.python.poetry_project import PoetryProject, read_project
from reorder.ecosystems.python.project_files import looked_for
from reorder.ecosystems.python.python_env import environment_trees
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "poetry"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"poetry"})
JUNK: Final = ("**/.venv",)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of Poetry does; None for a verb that changes or runs the project."""
    folder = posixpath.dirname(call.name)
    if folder and posixpath.basename(folder) != "bin":
        return None
    asked = read_options(call)
    if isinstance(asked, Opaque):
        return asked
    verb, given = asked
    if verb == "" or verb in _QUERIES or given.has("--version", "-V", "--help", "-h", "--dry-run"):
        return _query(call, image)
    if verb == "self":
        return _of_itself(given, image)
    where = project_folder(given, image)
    if isinstance(where, Opaque):
        return where
    match verb:
        case "install" | "sync":
            return install(given, image, read_project(where, image))
        case "export":
            return _export(given, image, read_project(where, image))
        case "config":
            return _config(given, image, where)
        case "cache":
            cached = posixpath.join(cache_folder(call, image, where).target, "cache")
            return CommandEffects("poetry", image.system, Paths(trees=frozenset({cached})), env=ENV)
    return None


def _export(given: Given, image: Image, project: PoetryProject) -> CommandEffects | Opaque:
    """`poetry export`: a requirements file out of the lockfile."""
    call = given.call
    output = given.last("-o", "--output")
    if output is not None and output.kind != "literal":
        return Opaque("`poetry export` writes to a file that is not known")
    refusal = problem(given, image, project)
    plain = refusal is None and not project.local  # a path dependency would be named in it
    made = frozenset({absolute(output.text, call.cwd)}) if output is not None else frozenset[str]()
    return CommandEffects(
        tool="poetry",
        reads=reads(call, image, project),
        writes=Paths(files=made),
        env=ENV,
        install=Install(project.manifests, refusal=refusal),
        made=made if plain else frozenset(),
        prints=plain and output is None,
    )


def _config(given: Given, image: Image, folder: str) -> CommandEffects:
    """`poetry config` writes the user's settings, or poetry.toml with `--local`."""
    call = given.call
    found = image.system | settings(call, image)
    if given.has("--local"):
        made = paths(posixpath.join(folder, "poetry.toml"))
        near = paths(posixpath.join(folder, "pyproject.toml"))
        return CommandEffects("poetry", found | near | made, made, env=ENV)
    own = in_home(call, image, ".config/pypoetry")
    unknown = home(call, image) is None or call.env.get("POETRY_CONFIG_DIR", "") != ""
    written = own | image.system if unknown else own
    return CommandEffects("poetry", found, written, env=ENV, repeatable=not unknown)


def _of_itself(given: Given, image: Image) -> CommandEffects | None:
    """`poetry self add`: plugins go where Poetry is."""
    words = [arg.text for arg in given.operands]
    if words[:1] not in (["add"], ["update"], ["show"], ["lock"], ["install"], ["remove"]):
        return None
    if any("/" in word or word.startswith((".", "git+")) for word in words[1:]):
        return None
    own = settings(given.call, image) | in_home(given.call, image, ".local/share/pypoetry")
    found = image.system | own
    return CommandEffects("poetry", found, found, env=ENV, costly=words[0] == "add")


def _query(call: Call, image: Image) -> CommandEffects:
    near = looked_for(call.cwd, ("pyproject.toml", "poetry.lock", "poetry.toml"), image)
    trees = Paths(trees=environment_trees(call, image))
    return CommandEffects("poetry", image.system | near | trees, env=ENV)


_QUERIES: Final = frozenset({"about", "list", "help", "show", "check"})
