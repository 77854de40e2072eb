"""The install of a project by Yarn 2 or later.

The closure is yarn.lock, the .yarnrc.yml files and what they name (the release, plugins), every
package.json of the workspace and the files of its commands (linker `node-modules`), patches,
`file:` and `portal:` folders, the cache folder of the project where it is under version control,
and what the workspaces' lifecycle scripts touch: preinstall, install and postinstall, not prepare.

Source: Yarn 4 documentation ("Configuration", "yarn install", "Protocols"), `Project.install`,
`LOCKFILE_VERSION` of the releases. Checked with real installs of 3.8 and 4.18 for the linkers
node-modules, pnp and pnpm: the closure alone, and then the rest of the project, gives the same tree
as an install in the whole project, install-state.gz included.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from reorder.ecosystems.contract import Cache, CommandEffects, Image
from reorder.ecosystems.homes import in_application, in_home, user_cache
from reorder.ecosystems.node.berry_lock import why_rewritten
from reorder.ecosystems.node.berry_manifest import is_kept
from reorder.ecosystems.node.node_install import (
    Asked,
    closure,
    effects_of,
    in_two_steps,
    pin_problem,
    unknown_project,
)
from reorder.ecosystems.node.node_manifests import Package, Project, Rules, read_project
from reorder.ecosystems.node.node_options import Line
from reorder.ecosystems.node.node_settings import is_ci
from reorder.ecosystems.node.node_specs import DEPENDENCIES
from reorder.ecosystems.node.yarn_generation import Berry
from reorder.ecosystems.node.yarn_lock import installed, read_yarn_lock
from reorder.ecosystems.paths import paths
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque

_EVENTS: Final = ("preinstall", "install", "postinstall")
_PATCH: Final = re.compile(r"^patch:[^#]+#(?P<files>[^:]+(?:&[^:]+)*)")
_TRUE: Final = ("true", "1", "True")


def berry_install(call: Call, image: Image, line: Line, yarn: Berry) -> CommandEffects | Opaque:
    """What `yarn install` or `yarn workspaces focus` does in a project."""
    if (line.options.get("mode") or "skip-build") not in ("skip-build", "update-lockfile"):
        return Opaque("`yarn install --mode` has a value that is not known")
    if line.options.get("mode") == "update-lockfile":
        return Opaque("`yarn install --mode=update-lockfile` changes yarn.lock")
    user = in_home(call, image, ".yarnrc.yml") | paths(*_above(yarn.root, image))
    caches = berry_cache(call, image, yarn)
    outputs = _outputs(yarn)
    rules = Rules(
        "yarn",
        nested=True,
        only_links=("link:",),
        refused=("exec:",),
        commands=yarn.linker == "node-modules",
    )
    project = read_project(yarn.root, image.files, rules)
    if isinstance(project, str):
        return effects_of("yarn", image, unknown_project(yarn.root, project, outputs), caches, user)
    lock_path = posixpath.join(yarn.root, "yarn.lock")
    text = image.files.read(lock_path)
    entries = read_yarn_lock(text) if text is not None else None
    frozen = _frozen(call, line, yarn, image)
    near = [lock_path, *yarn.files]
    patches, odd_patch = _patches(project, image)
    plugins, odd_setting = _named(yarn, image)
    local = yarn.local_cache
    kept = local is not None and bool(image.files.under(local))
    absent_lock = image.files.exists(lock_path) is False
    again = () if line.command == "workspaces" else _written_again(project, image)
    asked = Asked(
        root=yarn.root,
        rules=rules,
        root_events=_EVENTS,
        member_events=_EVENTS,
        files=tuple(p for p in (*near, *patches, *plugins) if image.files.exists(p)),
        folders=(local,) if kept and local is not None else (),
        looks_for=(*near, posixpath.join(yarn.root, ".yarnrc.yml")),
        outputs=outputs,
        written=(*again, *((lock_path,) if absent_lock and not frozen else ())),
        scripts=line.options.get("mode") != "skip-build",
        builds=_builds(yarn, image, entries),
        refusal=odd_patch
        or odd_setting
        or _zero_install(yarn, image, kept)
        or pin_problem("yarn", project.root.data, call, image),
        late_refusal=(
            f"Yarn writes {again[0]} in its own form (dependencies sorted, one indentation), "
            "which a later COPY would undo"
            if again
            else None
        )
        or _lock_problem(image, project, lock_path, entries, frozen, yarn),
        assumptions=(
            ("Yarn keeps a lockfile that satisfies every package.json",)
            if entries is not None and not frozen
            else ()
        ),
    )
    if line.command == "workspaces":  # which has no `--mode`
        done = closure(call, image, asked, project)
    else:
        done = in_two_steps(call, image, asked, project, "--mode=skip-build")
    return effects_of("yarn", image, done, caches, user)


def berry_cache(call: Call, image: Image, yarn: Berry) -> tuple[Cache, ...]:
    """The cache outside the project: all of it since version 4, a copy for all projects before.

    Plug'n'Play has no node_modules: programs load packages from the cache when they run.
    """
    given = call.env.get("YARN_GLOBAL_FOLDER", "")
    setting = yarn.settings.get("globalFolder")
    if given is None or (setting is not None and "~" in str(setting)):
        return ()
    folder = given or (absolute(str(setting), yarn.root) if setting else "")
    place = absolute("cache", folder) if folder else None
    found = replace(user_cache(call, image, place, ".yarn/berry/cache"), sharing="locked")
    if yarn.local_cache is None and yarn.setting("cacheFolder", image):
        found = replace(found, off="a cache folder is set, and it is not known which is used")
    if yarn.local_cache is None and yarn.linker == "pnp":
        reason = "Plug'n'Play loads packages from the cache when the program runs"
        return (replace(found, off=reason, payload=True),)
    if yarn.local_cache is not None and image.files.under(yarn.local_cache):
        found = replace(found, off="the packages are in the build context: nothing is downloaded")
    if str(yarn.setting("enableMirror", image)) in ("false", "False", "0"):
        found = replace(found, off="`enableMirror: false` keeps nothing outside the project")
    return (found,)


def _outputs(yarn: Berry) -> tuple[str, ...]:
    names = [".yarn/install-state.gz"]
    if yarn.major == 2:
        names.append(".yarn/build-state.yml")
    if yarn.linker == "pnp":
        names += [".yarn/unplugged", ".pnp.cjs", ".pnp.loader.mjs"]
    local = (yarn.local_cache,) if yarn.local_cache else ()
    return (*(posixpath.join(yarn.root, name) for name in names), *local)


def _frozen(call: Call, line: Line, yarn: Berry, image: Image) -> bool:
    """Whether the lockfile stays as it is: `--immutable`, which is the default on CI servers."""
    if line.on("immutable", "frozen-lockfile") or line.command == "workspaces":
        return True
    given = yarn.setting("enableImmutableInstalls", image)
    if line.off("immutable") or str(given) in ("false", "False"):
        return False
    return str(given) in _TRUE or is_ci(call.env) is True


def _builds(yarn: Berry, image: Image, entries: Any) -> frozenset[str] | None:
    """Dependencies whose scripts run: none of them with `enableScripts: false`."""
    given = yarn.setting("enableScripts", image)
    if str(given) in ("false", "False"):
        return frozenset()
    return None if entries is None else installed(entries)


def _written_again(project: Project, image: Image) -> tuple[str, ...]:
    """Every package.json that the install writes again; `yarn workspaces focus` writes none."""
    packages = (project.root, *project.members)
    return tuple(
        package.manifest
        for package in packages
        if not is_kept(image.files.read(package.manifest) or "")
    )


def _patches(project: Project, image: Image) -> tuple[tuple[str, ...], str | None]:
    """Files of `patch:` dependencies and resolutions; `~builtin<…>` comes with Yarn."""
    found: list[str] = []
    for package in project.packages:
        for spec in _specs(package, project):
            match = _PATCH.match(spec)
            for name in match["files"].split("&") if match else ():
                bare = name.lstrip("!").removeprefix("optional!").partition("::")[0]
                if not bare or bare.startswith("builtin<") or "~builtin<" in bare:
                    continue
                inside = bare.startswith("~/")
                folder = project.root.folder if inside else package.folder
                path = absolute(bare.removeprefix("~/"), folder)
                if image.files.exists(path) is not True:
                    return (), f"a dependency is patched by {path}, which is not in the context"
                found.append(path)
    return tuple(dict.fromkeys(found)), None


def _specs(package: Package, project: Project) -> Iterator[str]:
    fields = [*DEPENDENCIES, *(("resolutions",) if package is project.root else ())]
    for name in fields:
        entries = package.data.get(name)
        if isinstance(entries, Mapping):
            yield from (spec for spec in entries.values() if isinstance(spec, str))


def _named(yarn: Berry, image: Image) -> tuple[tuple[str, ...], str | None]:
    """Plugins, and a setting that lets the install read what is not known, as a reason."""
    found: list[str] = []
    plugins = yarn.settings.get("plugins")
    for plugin in plugins if isinstance(plugins, list) else ():
        path = plugin.get("path") if isinstance(plugin, Mapping) else plugin
        if not isinstance(path, str):
            continue
        place = absolute(path, yarn.root)
        if image.files.exists(place) is not True:
            return (), f".yarnrc.yml names the plugin {place}, which is not in the build context"
        found.append(place)
    for name in ("caFilePath", "httpsCaFilePath", "httpsCertFilePath", "httpsKeyFilePath"):
        value = yarn.settings.get(name)
        place = absolute(value, yarn.root) if isinstance(value, str) else ""
        if place and image.files.exists(place):
            found.append(place)
    if str(yarn.setting("enableConstraintsChecks", image)) in _TRUE:
        return tuple(found), "`enableConstraintsChecks` makes the install run code of the project"
    odd = next((n for n in ("lockfileFilename", "virtualFolder", "pnpUnpluggedFolder",
                            "installStatePath") if yarn.settings.get(n)), None)  # fmt: skip
    return tuple(found), f"what `{odd}` in .yarnrc.yml changes is not known" if odd else None


def _zero_install(yarn: Berry, image: Image, kept: bool) -> str | None:
    """A cache or `.pnp.cjs` under version control, which the install would write again."""
    pnp = posixpath.join(yarn.root, ".pnp.cjs")
    if yarn.linker == "pnp" and image.files.exists(pnp):
        return f"{pnp} is in the build context, and the install writes it again"
    if kept:
        return f"{yarn.local_cache} is in the build context: nothing is downloaded"
    return None


def _lock_problem(
    image: Image, project: Project, path: str, entries: Any, frozen: bool, yarn: Berry
) -> str | None:
    there = image.files.exists(path)
    if there is None:
        return f"whether {path} is there is not known"
    if frozen or not there:
        return None
    if entries is None:
        return f"{path} is no lockfile, or does not come from the build context"
    reason = why_rewritten(entries, project, yarn.version, yarn.lock_version)
    if reason is None:
        return None
    return f"`yarn install` may rewrite {path}, which a later COPY would undo: {reason}"


def _above(root: str, image: Image) -> list[str]:
    """The settings it looks for above the project, as far as that is the application's."""
    found: list[str] = []
    folder = posixpath.dirname(root)
    while folder != "/" and in_application(folder, image):
        found += [posixpath.join(folder, name) for name in (".yarnrc.yml", "yarn.lock")]
        folder = posixpath.dirname(folder)
    return found
