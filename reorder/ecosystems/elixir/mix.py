"""Mix: what fetching and compiling the dependencies reads, and where it caches.

`mix deps.get` reads mix.exs, those of the applications of an umbrella and of dependencies in
folders, and mix.lock, which it may write again: it is split where it can be shown that it does not.
The configuration is loaded too where it is there, but has no say in what is fetched. `mix
deps.compile` does depend on it: config/config.exs and what that imports for MIX_ENV.

Downloads of Hex are kept in `~/.hex/packages`; what is fetched goes to `deps`, never a mount.

Source: Elixir 1.16 `mix/cli.ex` (every task loads the configuration), `mix/tasks/deps.get.ex`,
`mix/dep/fetcher.ex`, "Mix.Project".

Checked with Elixir 1.14.0, Hex 2.5.2 and a registry on loopback, on made projects (`--only`, an
umbrella, a dependency in a folder, a version out of a file, no lockfile, `deps.compile`): the
closure alone, and then the rest, ends with the same trees as the task in the whole project. A
lockfile that is behind, lacks a dependency, or is of an old form, is written again; one that has
too much stays. `deps.compile` compiles the applications of an umbrella.
"""

from __future__ import annotations

import posixpath
import shlex
from typing import Final

from reorder.ecosystems.contract import CommandEffects, Image, Install, Prefetch
from reorder.ecosystems.elixir.elixir_reads import Found, Place, read_script
from reorder.ecosystems.elixir.mix_folders import own_files, package_cache, told_path
from reorder.ecosystems.elixir.mix_lock import entries, why_rewritten
from reorder.ecosystems.elixir.mix_project import Project, read_projects
from reorder.ecosystems.elixir.mix_tasks import Task, read_tasks
from reorder.ecosystems.fetching import ENV, GIT_ENV, transport_files
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import EVERYTHING, NOTHING, Paths, paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "Mix"
LEVEL: Final = 3
COMMANDS: Final = frozenset({"mix"})
JUNK: Final = ("**/_build",)

NO_SAY: Final = "the configuration has no say in which dependencies `mix deps.get` fetches"
LOCK_STAYS: Final = "`mix deps.get` keeps a mix.lock that satisfies mix.exs"
RUNS: Final = "compiles or runs the project"
OWN_FILES: Final = "compiling a dependency reads its own files and the configuration"
TOOLS: Final = "which Hex or rebar3 `mix local` installs does not depend on the project"

_ENV: Final = (
    ENV
    | GIT_ENV
    | frozenset(
        "MIX_* HEX_* REBAR* ERL_* ELIXIR_* ERLC_* CC CXX AR LD CFLAGS CXXFLAGS CPPFLAGS LDFLAGS "
        "MAKEFLAGS MAKE PKG_CONFIG* SSH_* CARGO_* RUST* XDG_*".split()
    )
)


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a call of `mix` does; tasks that compile or run the project are opaque."""
    tasks = read_tasks(call)
    if isinstance(tasks, Opaque):
        return tasks
    if not tasks or tasks[0].name in ("--version", "-v", "help", "hex.info"):
        return CommandEffects("mix", image.system | own_files(call, image), env=_ENV)
    odd = next((task for task in tasks if task.name not in _KNOWN), None)
    if odd is not None:
        return _fetched_before(call, image, tasks, f"`mix {odd.name}` {RUNS}")
    if all(task.name in _TOOLS for task in tasks):
        return _tools(call, image, tasks)
    return _project(call, image, tasks)


def _fetched_before(
    call: Call, image: Image, tasks: tuple[Task, ...], reason: str
) -> CommandEffects | Opaque:
    """A call that first fetches: a `mix deps.get` before it leaves that part undone."""
    at = next((i for i, task in enumerate(tasks) if task.name == "deps.get"), None)
    if at is None or any(task.name not in _TOOLS for task in tasks[:at]):
        return Opaque(reason)
    words = tasks[at].words
    fetching = _project(call, image, (tasks[at],))
    assert fetching.install is not None
    prefix = [
        f"{name}={shlex.quote(value)}"
        for name, value in sorted(call.env.items())
        if name.startswith(("MIX_", "HEX_")) and value and value != image.env.get(name)
    ]
    unclear = next((arg.text for arg in words if arg.kind != "literal"), None)
    command = [*prefix, call.name, "deps.get", *(shlex.quote(arg.text) for arg in words)]
    return CommandEffects(
        tool="mix",
        reads=EVERYTHING,
        writes=EVERYTHING,
        caches=fetching.caches,
        prefetch=Prefetch(
            " ".join(command),
            fetching.install,
            None if unclear is None else f"the value of `{unclear}` is not known",
            absorbed=True,
        ),
        costly=True,
        barrier=reason,
    )


def _tools(call: Call, image: Image, tasks: tuple[Task, ...]) -> CommandEffects | Opaque:
    """`mix local.hex`, `mix local.rebar`, `mix archive.install hex phx_new`."""
    for task in tasks:
        operands = [arg for arg in task.words if not arg.text.startswith("-")]
        named = task.name == "archive.install" and operands and operands[0].text == "hex"
        if task.name == "archive.install" and not named:
            return Opaque("`mix archive.install` of a file or a folder is not understood")
        if task.name == "local.rebar" and any(
            "/" in a.text and ":" not in a.text for a in operands
        ):
            return Opaque("`mix local.rebar` with a file is not understood")
    home = own_files(call, image)
    reads = image.system | home | transport_files(call, image)
    install = Install((), assumptions=(TOOLS,))
    return CommandEffects("mix", reads, home, env=_ENV, install=install, costly=True)


def _project(call: Call, image: Image, tasks: tuple[Task, ...]) -> CommandEffects:
    files = image.files
    found = Found()
    target = call.env.get("MIX_TARGET", "host")
    place = Place(absolute("mix.exs", call.cwd), call.cwd, call.env.get("MIX_ENV", "dev"), target)
    named = call.env.get("MIX_EXS", "")
    if named != "" and named != "mix.exs":
        found.refuse("MIX_EXS names another project file")
    projects = read_projects(call.cwd, found, files, place)
    root = projects[0] if projects else Project(call.cwd, (), (), None)
    lock = root.place("lockfile", "mix.lock")
    deps = told_path(call, "MIX_DEPS_PATH", root.place("deps_path", "deps"))
    build = told_path(call, "MIX_BUILD_ROOT", root.place("build_path", "_build"))
    build = told_path(call, "MIX_BUILD_PATH", build)
    fetches = any(task.name == "deps.get" for task in tasks)
    compiles = any(task.name == "deps.compile" for task in tasks)
    folders: dict[str, None] = {}
    if compiles:
        _configuration(root, found, place, image)
        folders = {p.folder: None for p in projects if _is_local(p, projects, root)}
    locked = files.exists(lock)
    refusal = found.problem
    checked = all(t.has("--check-locked") for t in tasks if t.name == "deps.get")
    if fetches and refusal is None:
        refusal = _lock_problem(image, lock, locked, projects, checked)
    skips = all(t.has("--skip-umbrella-children") for t in tasks if t.name == "deps.compile")
    if compiles and root.setting("apps_path") and not skips:
        refusal = refusal or "`mix deps.compile` compiles the applications of the umbrella too"
    outputs = [*([deps] if fetches or compiles else []), *([build] if compiles else [])]
    inside = tuple(path for path in outputs if in_application(path, image))
    manifests = (*found.files, *((lock,) if locked else ()))
    install = Install(
        manifests=tuple(p for p in manifests if not any(p.startswith(f"{f}/") for f in folders)),
        folders=tuple(folders),
        outputs=inside,
        ignore=_ignore(image, inside, posixpath.join(root.folder, "mix.exs")),
        refusal=refusal,
        assumptions=_assumptions(fetches, compiles, bool(locked) and not checked),
    )
    home = own_files(call, image)
    written = Paths(trees=frozenset(outputs)) | home
    written |= paths(lock) if fetches and not locked else NOTHING
    reads = image.system | written | home | transport_files(call, image)
    reads |= paths(*install.manifests, *found.looked, lock, trees=install.folders)
    reads |= Paths(globs=frozenset(_globs(projects)))
    return CommandEffects(
        tool="mix",
        reads=reads,
        writes=written,
        env=None if found.variables is None else _ENV | found.variables,
        caches=(package_cache(call, image),) if fetches else (),
        install=install,
        costly=True,
    )


def _configuration(root: Project, found: Found, place: Place, image: Image) -> None:
    """What `config_path` and its imports bring."""
    path = root.place("config_path", "config/config.exs")
    if image.files.exists(path) is False:
        found.looked[path] = None
    else:
        read_script(found, path, place, image.files)


def _is_local(project: Project, projects: tuple[Project, ...], root: Project) -> bool:
    """Whether a project is a dependency in a folder, which is compiled from there."""
    if project is root:
        return False
    named = {
        absolute(d.option("path") or "", p.folder)
        for p in projects
        for d in p.dependencies
        if d.option("path")
    }
    return project.folder in named


def _lock_problem(
    image: Image,
    lock: str,
    locked: bool | None,
    projects: tuple[Project, ...],
    checked: bool,
) -> str | None:
    if locked is None:
        return f"whether {lock} is there is not known"
    other = next((p for p in projects[1:] if _own_lock(p, lock, projects)), None)
    if other is not None:
        return f"{other.folder}/mix.exs has a lockfile of its own"
    if checked or not locked:
        return None
    text = image.files.read(lock)
    if text is None:
        return f"{lock} does not come from the build context"
    reason = why_rewritten(entries(text), projects)
    if reason is None:
        return None
    return f"`mix deps.get` may rewrite mix.lock, which a later COPY would undo: {reason}"


def _own_lock(project: Project, lock: str, projects: tuple[Project, ...]) -> bool:
    """An application of the umbrella that does not share the lockfile of the root."""
    apps = projects[0].setting("apps_path")
    below = absolute(apps, projects[0].folder) if apps else None
    inside = below is not None and posixpath.dirname(project.folder) == below
    return inside and project.place("lockfile", "mix.lock") != lock


def _assumptions(fetches: bool, compiles: bool, locked: bool) -> tuple[str, ...]:
    found = [NO_SAY] if fetches and not compiles else []
    found += [LOCK_STAYS] if fetches and locked else []
    return (*found, OWN_FILES) if compiles else tuple(found)


def _globs(projects: tuple[Project, ...]) -> list[str]:
    """Where a further application of an umbrella would be found."""
    return [
        f"{absolute(apps, project.folder)}/*/mix.exs"
        for project in projects
        if (apps := project.setting("apps_path"))
    ]


def _ignore(image: Image, outputs: tuple[str, ...], near: str) -> tuple[str, ...]:
    found = (in_context(image.files, output, (near,)) for output in outputs)
    return tuple(path for path in found if path)


_TOOLS: Final = frozenset({"local.hex", "local.rebar", "archive.install"})
_KNOWN: Final = _TOOLS | {"deps.get", "deps.compile"}
