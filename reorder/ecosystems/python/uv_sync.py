"""`uv sync` and `uv export`: what is installed, what it takes, and the step to put before it.

The dependencies need the manifests alone, the project and the members of its workspace their
source: those are left out by `--no-install-project`, `--no-install-workspace` (both since uv 0.4)
and `--no-install-package`, and the author's own command adds them after the source.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.given import Given
from reorder.ecosystems.paths import NOTHING, Paths, paths
from reorder.ecosystems.python.again import again
from reorder.ecosystems.python.environments import apart, free, ignored, own_folders
from reorder.ecosystems.python.pip_install import COMMITS, ENVIRONMENT, SOURCE_BUILDS
from reorder.ecosystems.python.project_files import Table, table, tables, whole
from reorder.ecosystems.python.python_env import environment_trees
from reorder.ecosystems.python.uv_fits import why_rewritten
from reorder.ecosystems.python.uv_lock import Local, normal
from reorder.ecosystems.python.uv_options import (
    GROUPS,
    cache,
    project_settings,
    start_folder,
    switched_on,
    user_settings,
)
from reorder.ecosystems.python.uv_project import UvProject, read_project
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

ENV: Final = ENVIRONMENT | {"UV_*"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that works on a project, and the project."""

    given: Given
    image: Image
    project: UvProject
    settings: Table
    looked_for: Paths
    problem: str | None
    keeps_lock: bool

    @property
    def call(self) -> Call:
        return self.given.call


def read_call(given: Given, image: Image) -> Asked | Opaque:
    """The project that a call works on; `Opaque` where that is not known."""
    start = start_folder(given)
    if isinstance(start, Opaque):
        return start
    if given.operands or given.has("--script"):
        return Opaque(f"`{' '.join(arg.text for arg in given.call.args)}` is not understood")
    frozen = switched_on("--frozen", given)
    found = read_project(start, image, frozen=frozen)
    settings, looked = project_settings(found.folder, image)
    problem = found.problem
    if problem is None and frozen and found.lock is None:
        problem = f"{found.root}/uv.lock is not in the build context"
    keeps = frozen or switched_on("--locked", given)
    if problem is None and given.has("-U", "--upgrade", "-P", "--upgrade-package"):
        problem, keeps = "it upgrades what uv.lock has", False
    if problem is None and not keeps:
        problem = why_rewritten(found, settings, given.call.env)
        keeps = problem is None
    return Asked(given, image, found, settings, looked, problem, keeps)


def sync(given: Given, image: Image) -> CommandEffects | Opaque:
    """What `uv sync` does."""
    asked = read_call(given, image)
    if isinstance(asked, Opaque):
        return asked
    project, call = asked.project, given.call
    built = _built(asked)
    trees = frozenset(whole(package.folder, image) for package in built)
    outputs, elsewhere = _environment(asked)
    written = image.system | own_folders(call, image, ".local/share/uv")
    written |= Paths(trees=frozenset((*outputs, *elsewhere)) | trees) | _lock_file(asked)
    closure = Install(
        manifests=project.manifests,
        outputs=outputs,
        ignore=ignored(image, outputs, project.manifests),
        refusal=asked.problem,
        assumptions=_assumptions(asked),
        free=free(given, GROUPS),
    )
    return CommandEffects(
        tool="uv",
        reads=_reads(asked) | written,
        writes=written,
        env=ENV,
        caches=(cache(given, image, asked.settings),),
        install=replace(closure, refusal=closure.refusal or _in_place(asked, built)),
        prefetch=_prefetch(asked, closure, built),
        costly=True,
    )


def export(given: Given, image: Image) -> CommandEffects | Opaque:
    """`uv export`: a requirements file out of the lockfile."""
    asked = read_call(given, image)
    if isinstance(asked, Opaque):
        return asked
    output = given.last("-o", "--output-file")
    if output is not None and output.kind != "literal":
        return Opaque("`uv export` writes to a file that is not known")
    local = asked.project.lock.local if asked.project.lock is not None else ()
    left = given.has("--no-emit-local") or all(_not_named(package, asked) for package in local)
    plain = asked.problem is None and left
    made = frozenset[str]()
    if output is not None:
        made = frozenset({absolute(output.text, given.call.cwd)})
    return CommandEffects(
        tool="uv",
        reads=_reads(asked),
        writes=Paths(files=made) | _lock_file(asked),
        env=ENV,
        install=Install(asked.project.manifests, refusal=asked.problem),
        made=made if plain else frozenset(),
        prints=plain and output is None,
    )


def _not_named(package: Local, asked: Asked) -> bool:
    """Whether an export leaves out a folder, so that the list names none."""
    given, own = asked.given, package.folder == asked.project.folder
    if package.virtual or (own and given.has("--no-emit-project")):
        return True
    named = {normal(arg.text) for arg in given.all("--no-emit-package")}
    member = asked.project.has(package) and given.has("--no-emit-workspace")
    return member or normal(package.name) in named


def _built(asked: Asked) -> tuple[Local, ...]:
    """The folders that the call builds: what it installs of the project, less what it leaves."""
    given, project = asked.given, asked.project
    if given.has("--no-install-local") or project.lock is None:
        return ()
    left = {normal(arg.text) for arg in given.all("--no-install-package")}
    wanted = _installed(asked)
    found = []
    for package in project.built:
        own = package.folder == project.folder
        left_out = (
            normal(package.name) in left
            or (own and given.has("--no-install-project") and not given.has("--package"))
            or (project.has(package) and given.has("--no-install-workspace"))
        )
        if not left_out and (wanted is None or normal(package.name) in wanted):
            found.append(package)
    return tuple(found)


def _installed(asked: Asked) -> frozenset[str] | None:
    """Names that the call may install; None: all of the workspace."""
    given, lock = asked.given, asked.project.lock
    assert lock is not None
    entries = {normal(str(p.get("name"))): p for p in tables(lock.document, "package")}
    names = [normal(arg.text) for arg in given.all("--package")]
    if not names:
        names = [normal(p.name) for p in lock.local if p.folder == asked.project.folder]
    if not names or given.has("--all-packages"):
        return None
    found: set[str] = set()
    while names:
        name = names.pop()
        if name in found:
            continue
        found.add(name)
        entry = entries.get(name, {})
        rows = list(tables(entry, "dependencies"))
        for kind in ("optional-dependencies", "dev-dependencies"):
            groups = table(entry, kind)
            rows += [row for group in groups for row in tables(groups, group)]
        names += [normal(str(row.get("name"))) for row in rows]
    return frozenset(found)


def _in_place(asked: Asked, built: tuple[Local, ...]) -> str | None:
    """Why the call needs the source."""
    if not built and asked.project.lock is None:
        return "without uv.lock it is not known what is built"
    if any(package.folder == asked.project.folder for package in built):
        return "`uv sync` installs the project itself, which reads the whole source"
    for package in built:
        where = posixpath.relpath(package.folder, asked.project.root)
        return f"`{package.name}` is built in its folder, {where}, which reads its source"
    return None


def _prefetch(asked: Asked, closure: Install, built: tuple[Local, ...]) -> Prefetch | None:
    """The same call for the dependencies alone; None where it would be no other call."""
    if not built:
        return None
    ours = {package.folder for package in built if asked.project.has(package)}
    added = []
    if ours:
        alone = ours == {asked.project.folder} and not asked.given.has("--package")
        added.append("--no-install-project" if alone else "--no-install-workspace")
    for package in built:
        if not asked.project.has(package):
            added += ["--no-install-package", package.name]
    command = again(asked.call, asked.image, added)
    if command is None:
        refusal = "the value of a variable of the call is not known"
        return Prefetch("uv sync", closure, refusal, absorbed=True)
    return Prefetch(command, closure, absorbed=True)


def _reads(asked: Asked) -> Paths:
    project, image = asked.project, asked.image
    names = ("pyproject.toml", "uv.lock", "uv.toml", ".python-version", ".python-versions")
    near = {posixpath.join(f, name) for f in (project.root, project.folder) for name in names}
    here = paths(*near, *project.manifests) | asked.looked_for
    return image.system | here | user_settings(asked.call, image)


def _lock_file(asked: Asked) -> Paths:
    return NOTHING if asked.keeps_lock else paths(posixpath.join(asked.project.root, "uv.lock"))


def _environment(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where the environment is: in the application, and elsewhere."""
    image, call = asked.image, asked.call
    trees = set(environment_trees(call, image))
    named = call.env.get("UV_PROJECT_ENVIRONMENT", "")
    trees.add(absolute(named or ".venv", asked.project.root))
    if named is None:
        trees |= image.application
    return apart(trees, image)


def _assumptions(asked: Asked) -> tuple[str, ...]:
    lock = asked.project.lock
    git = (COMMITS,) if lock is not None and lock.from_git else ()
    return (SOURCE_BUILDS, *git)
