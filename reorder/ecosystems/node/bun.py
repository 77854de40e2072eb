"""bun: what an install reads, which scripts it runs, where it caches.

The closure is package.json, bun.lock or bun.lockb (which is binary, and not read here),
bunfig.toml, .npmrc, every package.json of the workspace and the files of its commands, patches,
`file:` folders, and what lifecycle scripts touch.

Source: bun documentation ("bun install", "Lockfile", "Workspaces", "Lifecycle scripts", "Global
cache", "bun patch"). Checked with bun 1.4.5 on made projects: the closure alone, and then the rest
of the project, gives the same tree as an install in the whole project; packages are hard-linked out
of the cache, or copied where it is on another file system.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import Any, Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image
from reorder.ecosystems.homes import in_home, user_cache
from reorder.ecosystems.node.bun_lock import read_bun_lock, why_rewritten
from reorder.ecosystems.node.node_install import Asked, effects_of, in_two_steps, unknown_project
from reorder.ecosystems.node.node_manifests import Project, Rules, read_project
from reorder.ecosystems.node.node_options import Known, Line, read_line
from reorder.ecosystems.node.npm_install import project_root
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

NAME: Final = "bun"
LEVEL: Final = 4
COMMANDS: Final = frozenset({"bun", "bunx"})
JUNK: Final = ("**/node_modules",)
LOCK_STAYS: Final = "bun keeps a lockfile that satisfies every package.json"

_EVENTS: Final = (
    *("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"),
)
_LOCKS: Final = ("bun.lock", "bun.lockb")  # the text counts where both are there
_RULES: Final = Rules("bun", refused=("link:", "portal:", "exec:"))


def effects(call: Call, image: Image) -> CommandEffects | Opaque | None:
    """What a bun call does; running scripts of the project is opaque."""
    if posixpath.basename(call.name) == "bunx":
        return Opaque("`bunx` runs code of the project, or a package that it downloads")
    if len(call.args) > 1 and call.args[1].text not in _OWN:
        return Opaque(f"`bun {call.args[1].text}` runs code of the project")
    line = read_line("bun", call.args[1:], _OPTIONS, frozenset({"run", "x", "pm"}))
    if isinstance(line, Opaque):
        return line
    if line.on("version", "revision") or not line.operands:
        return CommandEffects("bun", image.system)
    if line.on("global"):
        return Opaque("`bun --global` is not understood")
    if line.command == "add" or len(line.operands) > 1:
        return Opaque(f"`bun {line.command}` of a package changes package.json")
    if line.command in ("install", "i", "ci"):
        return _install(call, image, line)
    return Opaque(f"`bun {line.command}` is not understood")


def _install(call: Call, image: Image, line: Line) -> CommandEffects | Opaque:
    folder = line.options.get("cwd", "")
    odd = next((name for name in _NOT_READ if name in line.options), None)
    if folder is None or odd is not None:
        return Opaque(f"`bun install --{odd or 'cwd'}` is not understood")
    root = project_root(absolute(folder, call.cwd), image.files)
    user = in_home(call, image, ".npmrc") | in_home(call, image, ".bunfig.toml")
    config = _bunfig(posixpath.join(root, "bunfig.toml"), image)
    caches = (_cache(call, image, line, config or {}),)
    project = read_project(root, image.files, _RULES)
    if isinstance(project, str):
        return effects_of("bun", image, unknown_project(root, project), caches, user)
    if config is None:
        done = unknown_project(root, f"{root}/bunfig.toml is not understood")
        return effects_of("bun", image, done, caches, user)
    lock = next((p for p in _in(root, _LOCKS) if image.files.exists(p)), None)
    frozen = (
        line.command == "ci" or line.on("frozen-lockfile") or bool(config.get("frozenLockfile"))
    )
    frozen = frozen or line.on("production", "p")  # which implies it (`bun install --help`)
    saves = not frozen and not line.off("save")
    near = list(_in(root, (*_LOCKS, "bunfig.toml", ".npmrc")))
    patches, odd_patch = _patches(project, image)
    text = image.files.read(lock) if lock else None
    asked = Asked(
        root=root,
        rules=_RULES,
        root_events=_EVENTS,
        member_events=_EVENTS,
        files=tuple(p for p in (*near, *patches) if image.files.exists(p)),
        looks_for=(*near, *_in(root, ("yarn.lock", "package-lock.json", "pnpm-lock.yaml"))),
        written=tuple(_in(root, _LOCKS)) if saves and lock is None else (),
        scripts=not line.on("ignore-scripts"),
        builds=None,
        refusal=odd_patch,
        late_refusal=_lock_problem(image, project, root, lock, text, saves),
        assumptions=(LOCK_STAYS,) if saves and lock is not None else (),
    )
    done = in_two_steps(call, image, asked, project, "--ignore-scripts")
    return effects_of("bun", image, done, caches, user)


def _in(root: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(posixpath.join(root, name) for name in names)


def _cache(call: Call, image: Image, line: Line, config: dict[str, Any]) -> Cache:
    """BUN_INSTALL_CACHE_DIR, `install.cache.dir`, BUN_INSTALL, XDG_CACHE_HOME or ~/.bun."""
    setting = config.get("cache")
    given = setting.get("dir") if isinstance(setting, dict) else None
    folder = line.options.get("cache-dir", call.env.get("BUN_INSTALL_CACHE_DIR", given or ""))
    own, base = call.env.get("BUN_INSTALL", ""), call.env.get("XDG_CACHE_HOME", "")
    if folder is None or own is None or base is None or (folder and folder.startswith("~")):
        return Cache("~/.bun/install/cache", off="where bun keeps its cache is not known")
    place = absolute(folder, call.cwd) if folder else None
    place = place or (absolute("install/cache", own) if own else None)
    place = place or (absolute(".bun/install/cache", base) if base else None)
    found = user_cache(call, image, place, ".bun/install/cache")
    if isinstance(setting, dict) and setting.get("disable"):
        return replace(found, off="the cache of bun is switched off")  # `--no-cache` does not
    if (line.options.get("backend") or config.get("backend")) == "symlink":
        return replace(found, off="node_modules is made of links into the cache", payload=True)
    return found


def _bunfig(path: str, image: Image) -> dict[str, Any] | None:
    """The `install` table of bunfig.toml; None where the file is not understood."""
    text = image.files.read(path)
    if text is None:
        return None if image.files.exists(path) else {}
    import tomli

    try:
        found = tomli.loads(text).get("install", {})
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _patches(project: Project, image: Image) -> tuple[list[str], str | None]:
    listed = project.root.data.get("patchedDependencies")
    found: list[str] = []
    for name, path in listed.items() if isinstance(listed, dict) else ():
        place = absolute(str(path), project.root.folder)
        if image.files.exists(place) is not True:
            return [], f"`{name}` is patched by {place}, which is not in the build context"
        found.append(place)
    return found, None


def _lock_problem(
    image: Image, project: Project, root: str, lock: str | None, text: str | None, saves: bool
) -> str | None:
    if lock is None:
        unsure = next((p for p in _in(root, _LOCKS) if image.files.exists(p) is None), None)
        if unsure is not None:
            return f"whether {unsure} is there is not known"
        others = _in(root, ("yarn.lock", "package-lock.json", "pnpm-lock.yaml"))
        other = next((p for p in others if image.files.exists(p)), None)
        return f"bun takes over {other}, which is another tool's" if other and saves else None
    if not saves:
        return None
    if lock.endswith("b"):
        reason: str | None = "it is binary, and is not read here"
    else:
        data = read_bun_lock(text or "")
        reason = "it is not understood" if data is None else why_rewritten(data, project)
    if reason is None:
        return None
    return f"`bun install` may rewrite {lock}, which a later COPY would undo: {reason}"


_OWN: Final = frozenset(
    "install i ci add --version -v --revision --cwd --silent --frozen-lockfile --production".split()
)
_NOT_READ: Final = ("lockfile-only", "config", "filter", "force", "dry-run", "linker")
_OPTIONS: Final = Known(
    values=frozenset(
        "cwd cache-dir backend registry concurrent-scripts network-concurrency omit ca cafile "
        "config filter linker cpu os minimum-release-age".split()
    ),
    flags=frozenset(
        "frozen-lockfile production p save silent verbose progress summary verify ignore-scripts "
        "force dry-run lockfile-only save-text-lockfile yarn optional dev peer exact trust "
        "global version revision help no-cache".split()
    ),
    short={"p": "production", "g": "global", "v": "version", "f": "force", "y": "yarn"},
)
