"""`uv pip install`, `uv pip sync` and `uv venv`: what they read and fill.

Source: uv documentation, "Compatibility with pip"; `uv/src/commands/pip/`. Requirement files are
those of pip. `-r pyproject.toml` installs what the project asks for, not the project. Settings come
from uv.toml or [tool.uv], here or above; a pyproject.toml without [tool.uv] says nothing.

Checked with uv 0.13.9: requirement files alone in an empty folder and then the rest, and the whole
project at once, leave the same tree; so does `-r pyproject.toml`.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install
from reorder.ecosystems.given import Given, bare, read_given
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.paths import NOTHING, Paths, below, paths
from reorder.ecosystems.python.environments import ignored, own_folders
from reorder.ecosystems.python.pip_install import COMMITS, ENVIRONMENT, SOURCE_BUILDS
from reorder.ecosystems.python.project_files import (
    TRUE,
    absent,
    read_toml,
    strings,
    table,
    upward,
    whole,
)
from reorder.ecosystems.python.python_env import environment_trees
from reorder.ecosystems.python.requirements import Closure, Source, requirement_closure, source
from reorder.ecosystems.python.uv_options import cache, project_settings, user_settings
from reorder.ecosystems.words import absolute, as_files, unknown
from reorder.shell.nodes import Arg, Call, Opaque

ENV: Final = ENVIRONMENT | {"UV_*"}
_FILES: Final = (
    *("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"),
    *("--override", "--overrides", "-b", "--build-constraint", "--build-constraints"),
    *("--exclude", "--excludes"),
)
_VARIABLES: Final = ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_BUILD_CONSTRAINT", "UV_EXCLUDE")
_VENV: Final = frozenset(
    "--seed --system-site-packages --allow-existing --clear -c --relocatable --no-project -q "
    "--quiet -v --verbose --no-config --managed-python --no-managed-python --no-python-downloads "
    "--native-tls --offline --no-cache -n --no-index".split()
)
_VENV_VALUES: Final = frozenset(
    "-p --python --prompt --python-preference --link-mode --cache-dir --index-url --index".split()
)


def install(given: Given, image: Image, verb: str) -> CommandEffects | Opaque:
    """`uv pip install` and `uv pip sync`, whose operands are requirement files."""
    call = given.call
    settings, looked = project_settings(call.cwd, image)
    files = _files(given, verb)
    if isinstance(files, Opaque):
        return files
    asked = _sources(given, image, verb)
    if isinstance(asked, Opaque):
        return asked
    tomls = tuple(path for path in files if path.endswith(".toml"))
    texts = tuple(path for path in files if not path.endswith((".toml", ".py", ".cfg")))
    closure = requirement_closure(texts, call.cwd, image.files, call.env)
    sources = (*asked, *closure.sources, *closure.editables)
    archives = tuple(s.path for s in sources if s.kind == "archive")
    links = _links(given, closure)
    built = frozenset(whole(s.path, image) for s in sources if s.kind == "folder")
    outputs, elsewhere = _environments(given, image)
    near = _settings_that_count(call, image)
    manifests = (*closure.files, *tomls, *archives, *near)
    written = image.system | Paths(trees=frozenset((*outputs, *elsewhere)) | built)
    if given.has("--user"):
        written |= own_folders(call, image, ".local")
    known = tuple(dict.fromkeys(p for p in manifests if image.files.origin(p) is not None))
    read = _patterns(given, verb) | Paths(
        frozenset((*files, *closure.files, *closure.missing, *archives)), frozenset(links)
    )
    return CommandEffects(
        tool="uv",
        reads=image.system
        | read
        | _looked(looked, image, near)
        | user_settings(call, image)
        | written,
        writes=written,
        env=ENV | closure.variables,
        caches=(cache(given, image, settings),),
        install=Install(
            manifests=known,
            folders=links,
            outputs=outputs,
            ignore=ignored(image, outputs, known),
            refusal=_refusal(given, image, files, closure, sources, links),
            assumptions=(COMMITS, SOURCE_BUILDS)
            if any(s.kind == "vcs" for s in sources)
            else (SOURCE_BUILDS,),
        ),
        costly=True,
    )


def venv(call: Call, image: Image, start: int) -> CommandEffects | Opaque:
    """`uv venv`: an empty environment."""
    given = read_given(call, _VENV, _VENV_VALUES, start)
    if isinstance(given, Opaque):
        return given
    if any(arg.kind != "literal" for arg in given.operands):
        return Opaque("which folder becomes a virtual environment is not known")
    folder = given.operands[0].text if given.operands else ".venv"
    made = absolute(folder, call.cwd)
    names = ("pyproject.toml", "uv.toml", ".python-version", ".python-versions")
    near = tuple(posixpath.join(above, name) for above in upward(call.cwd) for name in names)
    near = tuple(path for path in near if in_application(path, image))
    known = tuple(path for path in near if image.files.origin(path) is not None)
    written = image.system | Paths(trees=frozenset({made}))
    written |= own_folders(call, image, ".local/share/uv")
    inside = (made,) if in_application(made, image) else ()
    return CommandEffects(
        tool="uv",
        reads=written | paths(*near) | user_settings(call, image),
        writes=written,
        env=ENV,
        install=Install(known, outputs=inside, ignore=ignored(image, inside, known)),
    )


def _files(given: Given, verb: str) -> tuple[str, ...] | Opaque:
    """Every file that options, operands and variables name."""
    call = given.call
    wanted = list(given.all(*_FILES))
    if verb == "sync":
        wanted += given.operands
    found = []
    for arg in wanted:
        if arg.kind != "literal":
            return unknown(call, arg)
        if "://" not in arg.text:
            found.append(absolute(arg.text, call.cwd))
    for group in given.all("--group"):
        if group.kind != "literal":
            return unknown(call, group)
        path = group.text.rpartition(":")[0] or "pyproject.toml"
        found.append(absolute(path, call.cwd))
    for name in _VARIABLES:
        value = call.env.get(name, "")
        if value is None:
            return Opaque(f"{name} is set to a value that is not known")
        found += [absolute(part, call.cwd) for part in value.split()]
    return tuple(dict.fromkeys(found))


def _sources(given: Given, image: Image, verb: str) -> tuple[Source, ...] | Opaque:
    """What the call installs by name, path or address."""
    found = []
    operands = () if verb == "sync" else given.operands
    for arg in (*operands, *given.all("-e", "--editable")):
        if arg.kind == "unknown" and _has_a_name(arg):
            continue
        if arg.kind == "unknown":
            return unknown(given.call, arg)
        if arg.kind == "glob" and any(char in arg.text for char in "*?"):
            matches = image.files.glob(absolute(arg.text, given.call.cwd))
            found += [source(text, given.call.cwd) for text in matches]
        else:
            found.append(source(arg.text, given.call.cwd))
    return tuple(found)


def _patterns(given: Given, verb: str) -> Paths:
    """What unquoted patterns may match."""
    found = NOTHING
    for arg in given.operands if verb == "install" else ():
        if arg.kind == "glob" and any(char in arg.text for char in "*?"):
            found |= as_files(arg, given.call.cwd)
    return found


def _has_a_name(arg: Arg) -> bool:
    """`flask==${VERSION}`: only the version is not known."""
    name = bare(arg).partition("=")[0]
    return bool(name) and name[0].isalnum() and "$" not in name and "`" not in name


def _links(given: Given, closure: Closure) -> tuple[str, ...]:
    named = [arg.text for arg in given.all("-f", "--find-links") if "://" not in arg.text]
    return tuple(dict.fromkeys((*(absolute(n, given.call.cwd) for n in named), *closure.folders)))


def _refusal(
    given: Given,
    image: Image,
    files: tuple[str, ...],
    closure: Closure,
    sources: tuple[Source, ...],
    links: tuple[str, ...],
) -> str | None:
    for found in sources:
        if found.kind == "folder" and below(given.call.cwd, found.path):
            return f"`{found.text}` installs the project itself, which reads the whole source"
        if found.kind == "folder":
            return f"`{found.text}` is built in its folder, which reads and writes the source"
    if closure.problem is not None:
        return closure.problem
    for path in files:
        problem = _file_problem(path, image)
        if problem is not None:
            return problem
    for found in sources:
        if found.kind == "archive" and image.files.exists(found.path) is not True:
            return absent(found.path, image.files)
    for folder in links:
        if image.files.exists(folder) is not True:
            return f"{folder} (--find-links) does not come from the build context"
    for name in ("UV_FIND_LINKS", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        value = given.call.env.get(name, "")
        if value and any("://" not in part for part in value.replace(",", " ").split()):
            return f"{name} names a folder"
    return None


def _file_problem(path: str, image: Image) -> str | None:
    """Why a file that is no plain list of requirements does not tell all that is read."""
    name = posixpath.basename(path)
    if name.endswith((".py", ".cfg")):
        return f"{name} is run, or read by a build, to learn what it asks for"
    if not name.endswith(".toml"):
        return None
    document = read_toml(path, image.files)
    if document is None:
        return absent(path, image.files)
    if {"dependencies", "optional-dependencies"} & set(strings(document, "project", "dynamic")):
        return f"{name} leaves its dependencies to the build, which reads the source"
    if "project" not in document and "dependency-groups" not in document:
        return f"{name} has no [project] section"
    for wanted in table(document, "tool", "uv", "sources").values():
        rows = wanted if isinstance(wanted, list) else [wanted]
        if any("path" in row or "workspace" in row for row in rows if isinstance(row, dict)):
            return f"{name} takes a dependency from a folder, which is built there"
    return None


def _settings_that_count(call: Call, image: Image) -> tuple[str, ...]:
    """uv.toml, or a pyproject.toml that has settings of uv: the first that is met."""
    for folder in upward(call.cwd):
        own = posixpath.join(folder, "uv.toml")
        if image.files.origin(own) is not None:
            return (own,)
        near = posixpath.join(folder, "pyproject.toml")
        if "uv" in table(read_toml(near, image.files) or {}, "tool"):
            return (near,)
    return ()


def _looked(looked: Paths, image: Image, near: tuple[str, ...]) -> Paths:
    """Where settings are looked for; a pyproject.toml without any says as much as none."""
    silent = {path for path in looked.files if image.files.origin(path) is not None}
    return Paths(files=looked.files - (silent - set(near)))


def _environments(given: Given, image: Image) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where packages go: trees in the application, and others."""
    call = given.call
    trees = set(environment_trees(call, image))
    system = given.has("--system") or (call.env.get("UV_SYSTEM_PYTHON") or "").lower() in TRUE
    if not system:
        trees |= {posixpath.join(above, ".venv") for above in upward(call.cwd)}
    for arg in given.all("--target", "-t", "--prefix", "--root"):
        trees.add(absolute(arg.text, call.cwd))
    python = given.last("-p", "--python")
    if python is not None and "/" in python.text:
        place = absolute(python.text, call.cwd)
        inner = posixpath.dirname(place)
        trees.add(posixpath.dirname(inner) if posixpath.basename(inner) == "bin" else place)
    inside = tuple(sorted(tree for tree in trees if in_application(tree, image)))
    named = {tree for tree in trees - set(inside) if posixpath.basename(tree) != ".venv"}
    return inside, tuple(sorted(named))
