"""The install of a Node project, whichever tool makes it: closure, outputs and effects.

What an installer reads on top of every package.json (lockfile, settings, patches, plugins) and why
it may rewrite its lockfile is its own business; the rest is the same for all of them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from reorder.ecosystems.contract import Cache, CommandEffects, Files, Image, Install, Prefetch
from reorder.ecosystems.homes import PROXIES
from reorder.ecosystems.node.node_hooks import dependency_hooks
from reorder.ecosystems.node.node_manifests import Project, Rules, read_project
from reorder.ecosystems.node.node_scripts import Touched, lifecycle
from reorder.ecosystems.origins import in_context
from reorder.ecosystems.paths import Paths, paths
from reorder.ecosystems.python.again import again
from reorder.shell.nodes import Call

SCRIPTS: Final = "install scripts of dependencies read only their own files and npm's settings"

ENV: Final = PROXIES | frozenset(
    "PATH HOME USER LOGNAME SHELL LANG LC_* TZ TMPDIR TEMP TMP CI NODE_* NODE npm_* NPM_* YARN_* "
    "HUSKY* PUPPETEER_* CYPRESS_* PLAYWRIGHT_* ELECTRON_* PRISMA_* SHARP_* SENTRYCLI_* SENTRY_* "
    "SASS_* CHROMEDRIVER_* GECKODRIVER_* SWC_* ESBUILD_* NX_* ONNXRUNTIME_* XDG_* CC CXX AR LD "
    "CFLAGS CXXFLAGS CPPFLAGS LDFLAGS MAKEFLAGS JOBS GYP_* PYTHON* LD_LIBRARY_PATH PKG_CONFIG* "
    "SSL_CERT_* GIT_SSH* GIT_SSL* GIT_CONFIG* GIT_ASKPASS SSH_AUTH_SOCK".split()
)
CI_ENV: Final = frozenset(
    "CI CONTINUOUS_INTEGRATION BUILD_NUMBER BUILD_ID GITHUB_* GITLAB_* TRAVIS* CIRCLE* JENKINS_* "
    "TEAMCITY_* TF_BUILD NETLIFY VERCEL* NOW_* RENDER* CODEBUILD_* DRONE* BITBUCKET_* APPVEYOR* "
    "BUILDKITE*".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one installer found out by itself."""

    root: str
    rules: Rules
    root_events: tuple[str, ...]  # lifecycle scripts it runs, of the root and of members
    member_events: tuple[str, ...]
    files: tuple[str, ...] = ()  # it reads them, and they are there
    folders: tuple[str, ...] = ()  # read whole
    looks_for: tuple[str, ...] = ()  # files it looks for, there or not
    outputs: tuple[str, ...] = ()  # besides the node_modules of every package
    written: tuple[str, ...] = ()  # files it writes, such as a lockfile that was not there
    scripts: bool = True  # whether lifecycle scripts run
    builds: frozenset[str] | None = frozenset()  # dependencies whose scripts may run; None: any
    refusal: str | None = None
    late_refusal: str | None = None  # said only if nothing else speaks against it
    assumptions: tuple[str, ...] = ()
    env: Mapping[str, str | None] = field(default_factory=dict, hash=False)  # for its scripts


@dataclass(frozen=True, slots=True)
class Done:
    """An install, with what it looks for and does not find, and files it may write."""

    install: Install
    absent: tuple[str, ...] = ()
    patterns: frozenset[str] = frozenset()
    written: tuple[str, ...] = ()
    prefetch: Prefetch | None = None


def in_two_steps(call: Call, image: Image, asked: Asked, project: Project, flag: str) -> Done:
    """The install; where only lifecycle scripts hold it below the source, with a step before it.

    The step is the author's own with `flag`, which leaves every script out. What it leaves is a
    part of what the install leaves, which then runs the scripts of dependencies and of the project.
    Checked with Yarn 1.22.22, 3.8, 4.18 (node-modules and pnp) and bun 1.4.5: the same tree as by
    the install alone. Not so with pnpm 8 to 12, which never runs the scripts it has left out, and
    whose `fetch` (10 and 12) leaves another path in a command; `npm ci` begins anew.
    """
    done = closure(call, image, asked, project)
    if done.install.refusal is None or not asked.scripts or asked.written:
        return done
    packages = (project.root, *project.members)
    if any(lifecycle(one, ("preinstall",), image, call.env).problem for one in packages):
        return done  # it may set up what the install needs
    without = closure(call, image, replace(asked, scripts=False), project)
    command = again(call, image, (flag,))
    if without.install.refusal is not None or command is None:
        return done
    return replace(done, prefetch=Prefetch(command, without.install, absorbed=True, again=True))


def closure(call: Call, image: Image, asked: Asked, project: Project) -> Done:
    """The whole install of a project."""
    files = image.files
    touched = _touched(call, image, asked, project)
    manifests = [package.manifest for package in (project.root, *project.members)]
    manifests += [*asked.files, *project.files, *touched.files]
    linked = tuple(package.folder for package in project.linked)
    folders = tuple(dict.fromkeys((*asked.folders, *linked, *touched.folders)))
    modules = [posixpath.join(package.folder, "node_modules") for package in project.packages]
    outputs = (*modules, *asked.outputs)
    refusal = asked.refusal or project.problem or touched.problem or asked.late_refusal
    scripts = asked.scripts and asked.builds != frozenset()
    install = Install(
        manifests=tuple(dict.fromkeys(path for path in manifests if not _in(path, folders))),
        folders=folders,
        outputs=outputs,
        ignore=ignored(files, modules, asked.outputs, project),
        refusal=refusal,
        assumptions=((SCRIPTS,) if scripts else ()) + asked.assumptions,
    )
    native = posixpath.join(project.root.folder, "binding.gyp")
    absent = tuple(p for p in (*asked.looks_for, native) if files.exists(p) is not True)
    return Done(install, absent, project.patterns, asked.written)


def unknown_project(root: str, reason: str, outputs: tuple[str, ...] = ()) -> Done:
    """The root is not known: the whole folder counts."""
    modules = posixpath.join(root, "node_modules")
    install = Install((), folders=(root,), outputs=(modules, *outputs), refusal=reason)
    return Done(install)


def install_project(call: Call, image: Image, asked: Asked) -> Done:
    """The closure of an install whose packages are read here."""
    project = read_project(asked.root, image.files, asked.rules)
    if isinstance(project, str):
        return unknown_project(asked.root, project, asked.outputs)
    return closure(call, image, asked, project)


def effects_of(
    tool: str, image: Image, done: Done, caches: tuple[Cache, ...], settings: Paths
) -> CommandEffects:
    """What the call does; `settings` are files outside the project, such as the user's own."""
    outputs = Paths(trees=frozenset(done.install.outputs))
    read = paths(*done.install.manifests, *done.absent)
    folders = Paths(trees=frozenset(done.install.folders), globs=done.patterns)
    return CommandEffects(
        tool=tool,
        reads=image.system | read | folders | outputs | settings,
        writes=image.system | outputs | paths(*done.written),
        env=ENV | CI_ENV | {"COREPACK_*", "PNPM_*", "BUN_*"},
        caches=caches,
        install=done.install,
        prefetch=done.prefetch,
        costly=True,
    )


def _touched(call: Call, image: Image, asked: Asked, project: Project) -> Touched:
    if not asked.scripts:
        return Touched()
    touched = lifecycle(project.root, asked.root_events, image, call.env)
    for package in (*project.members, *project.linked):
        touched |= lifecycle(package, asked.member_events, image, call.env)
    names = asked.builds
    if names is None:
        names = frozenset(name for p in project.packages for name in p.dependencies)
    return touched | dependency_hooks(names, project.root, image, call.env)


def ignored(
    files: Files, modules: list[str], others: tuple[str, ...], project: Project
) -> tuple[str, ...]:
    """Patterns that keep outputs out of the context."""
    one = in_context(files, modules[0], (project.root.manifest,)) if len(modules) == 1 else None
    folder = project.root.folder.rstrip("/") + "/"
    return (one or "**/node_modules", *(f"**/{path.removeprefix(folder)}" for path in others))


def _in(path: str, folders: tuple[str, ...]) -> bool:
    return any(path.startswith(folder.rstrip("/") + "/") for folder in folders)


def pin_problem(tool: str, project: Mapping[str, object], call: Call, image: Image) -> str | None:
    """Why corepack may add `packageManager` to package.json, as a reason.

    Source: corepack 0.26 to 0.32 do so unless COREPACK_ENABLE_AUTO_PIN is 0, 0.33 and later only
    if it is 1 (`Engine.findProjectSpec` of each); which one a Node image has is not known.
    """
    if project.get("packageManager") or not any(_enables(call, tool) for call in image.told):
        return None
    env = call.env
    if env.get("COREPACK_ENABLE_AUTO_PIN") == "0" or env.get("COREPACK_ENABLE_PROJECT_SPEC") == "0":
        return None
    return (
        "corepack may add `packageManager` to package.json, which a later COPY would undo: add it, "
        "or set COREPACK_ENABLE_AUTO_PIN=0"
    )


def _enables(call: Call | None, tool: str) -> bool:
    """`corepack enable` before it, or what is not understood."""
    if call is None:
        return True
    if posixpath.basename(call.name) != "corepack":
        return False
    words = [arg.text for arg in call.args[1:] if not arg.text.startswith("-")]
    return words[:1] == ["enable"] and (not words[1:] or tool in words)
