"""What `poetry install` reads of a project, as far as it does not build the project itself.

Source: Poetry 2.5 `factory.py`, `packages/locker.py`, `installation/installer.py`: pyproject.toml,
poetry.lock and poetry.toml beside it. With a lockfile no pyproject.toml of a path dependency is
read before that is installed itself; without one, all of them are.

Checked with Poetry 2.5.1: these files alone in an empty folder (readme, licence, packages and path
dependencies named but missing), `install --no-root --no-directory`, the rest, and `install` leave
the same tree as `install` in the whole project; so do `sync`, `--only main`, `--compile`, the
environment in `.venv` and in Poetry's own folder.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.python.project_files import Table, absent, read_toml, table, tables
from reorder.ecosystems.words import absolute

LOCK_COUNTS: Final = "poetry.lock fits pyproject.toml: Poetry stops, or warns, where it does not"
PLUGIN: Final = "poetry-dynamic-versioning"


@dataclass(frozen=True, slots=True)
class PoetryProject:
    """A project, its manifests, and its path dependencies that are folders."""

    folder: str
    manifests: tuple[str, ...] = ()
    looked_for: tuple[str, ...] = ()
    local: tuple[str, ...] = ()  # folders, absolute
    package: bool = True  # there is a root package to install
    own_plugins: bool = False  # Poetry installs plugins into the project's `.poetry`
    locked: bool = True
    generator: tuple[int, ...] = ()  # the Poetry that wrote the lockfile; (): not known
    problem: str | None = None


def read_project(folder: str, image: Image) -> PoetryProject:
    """The project in a folder; `problem` says why its closure is not known."""
    files = image.files
    manifest, lock_path, settings = (
        posixpath.join(folder, name) for name in ("pyproject.toml", "poetry.lock", "poetry.toml")
    )
    looked = (manifest, lock_path, settings)
    document = read_toml(manifest, files)
    if document is None:
        text = files.read(manifest)
        problem = absent(manifest, files) if text is None else f"{manifest} is not valid TOML"
        return PoetryProject(folder, (), looked, problem=problem)
    tool = table(document, "tool", "poetry")
    there = [path for path in looked if files.origin(path) is not None]
    found = PoetryProject(
        folder,
        tuple(there),
        looked,
        package=tool.get("package-mode") is not False,
        own_plugins="requires-plugins" in tool,
    )
    if not tool and not table(document, "project"):
        return _with(found, f"{manifest} has no [tool.poetry] and no [project] section")
    if PLUGIN in table(document, "tool"):
        return _with(found, f"{PLUGIN} asks git for the version before anything is installed")
    if files.exists(lock_path) is not False:
        return _with_lock(found, lock_path, files)
    return _without_lock(found, tool, document)


def _with_lock(found: PoetryProject, path: str, files: Files) -> PoetryProject:
    lock = read_toml(path, files)
    if lock is None:
        known = files.read(path) is not None
        return _with(found, f"{path} is not valid TOML" if known else absent(path, files))
    local: list[str] = []
    archives: list[str] = []
    for package in tables(lock, "package"):
        source = table(package, "source")
        place = source.get("url")
        if source.get("type") in ("directory", "file") and isinstance(place, str):
            kind = local if source["type"] == "directory" else archives
            kind.append(absolute(place, found.folder))
    for archive in archives:
        if files.exists(archive) is not True:
            return _with(found, absent(archive, files))
    return PoetryProject(
        found.folder,
        tuple(dict.fromkeys((*found.manifests, *archives))),
        found.looked_for,
        tuple(dict.fromkeys(local)),
        found.package,
        found.own_plugins,
        generator=_generator(files.read(path) or ""),
    )


def _without_lock(found: PoetryProject, tool: Table, document: Table) -> PoetryProject:
    """Poetry resolves anew, and writes a lockfile that nobody puts another one over."""
    if any(_local(tool, document)):
        return _with(found, "without poetry.lock it reads what each path dependency asks for")
    return PoetryProject(
        found.folder,
        found.manifests,
        found.looked_for,
        package=found.package,
        own_plugins=found.own_plugins,
        locked=False,
    )


def _local(tool: Table, document: Table) -> Iterator[str]:
    groups = [tool, *table(tool, "group").values()]
    for group in groups:
        for kind in ("dependencies", "dev-dependencies"):
            for name, wanted in table(group, kind).items():
                rows = wanted if isinstance(wanted, list) else [wanted]
                if any("path" in row for row in rows if isinstance(row, dict)):
                    yield name
    for text in _requirements(document):
        if re.search(r"@\s*(file:|\.)", text):
            yield text


def _requirements(document: Table) -> Iterator[str]:
    project = table(document, "project")
    lists = [project.get("dependencies"), *table(project, "optional-dependencies").values()]
    lists += list(table(document, "dependency-groups").values())
    for rows in lists:
        yield from (row for row in rows or () if isinstance(row, str))


def _with(found: PoetryProject, problem: str) -> PoetryProject:
    return PoetryProject(
        found.folder,
        found.manifests,
        found.looked_for,
        package=found.package,
        own_plugins=found.own_plugins,
        problem=problem,
    )


def _generator(text: str) -> tuple[int, ...]:
    first = text.partition("\n")[0]
    match = re.search(r"generated by Poetry (\d+)\.(\d+)", first)
    return (int(match[1]), int(match[2])) if match else ()
