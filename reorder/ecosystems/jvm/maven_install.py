"""The files a call of Maven reads before any plugin of the build runs.

The POMs and what goes with them (`maven_closure`), `.mvn` whole, the wrapper script, and settings
and toolchains files that the command line names. Core extensions are code that runs at once: those
known to read git, or projects other than POMs, make the closure unknown.
Source: Maven's "Configuring Maven" and "Core extensions", the wrapper's `mvnw`.
"""

from __future__ import annotations

import posixpath
from typing import Final

from reorder.ecosystems.contract import Image, Install
from reorder.ecosystems.jvm.maven_closure import Reactor, reactor
from reorder.ecosystems.jvm.maven_settings import Invocation, settings_files
from reorder.ecosystems.jvm.pom import extension_names
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute

RESOLVES: Final = "resolving Maven dependencies reads the POMs and .mvn, and no source file"


def resolving_install(asked: Invocation, image: Image) -> tuple[Install, Reactor]:
    """The install of a call, were it only to resolve, and the POMs it is made from."""
    asks = not asked.told.has("-v")
    found = reactor(asked.root, image, asked.given) if asks else Reactor({}, {})
    files = list(found.files)
    folders = list(found.folders)
    problem = found.problem
    for option in settings_files(asked):
        if option.value is None:
            problem = problem or f"the file that `{option.name}` names is not known"
            continue
        path = absolute(option.value, asked.call.cwd)
        if image.files.read(path) is not None:
            files.append(path)
        elif image.files.exists(path) is False:
            problem = problem or f"{option.value} does not come from the build context"
    folders += [posixpath.join(asked.base, ".mvn")] if asked.base else []
    outputs: list[str] = []
    if asked.wrapper is not None:
        here = posixpath.dirname(asked.wrapper)
        if image.files.read(asked.wrapper) is None:
            problem = problem or f"{asked.wrapper} does not come from the build context"
        files.insert(0, asked.wrapper)
        folders += [f"{here}/.mvn"] if image.files.under(f"{here}/.mvn") else []
        outputs = _downloaded_jar(here, image)
    folders = list(dict.fromkeys(folders))
    problem = problem or _extension_problem(asked, image)
    if problem is None and not _present(asked.call.cwd, image, (*files, *folders)):
        problem = f"the folder {asked.call.cwd} is not there before the source is"
    outside = [p for p in dict.fromkeys(files) if not any(below(p, f) for f in folders)]
    install = Install(
        manifests=tuple(outside),
        folders=tuple(folders),
        outputs=tuple(outputs),
        refusal=problem,
        assumptions=(RESOLVES, *_extension_assumptions(asked, image)),
    )
    return install, found


def _present(cwd: str, image: Image, needed: tuple[str, ...]) -> bool:
    return cwd == image.cwd or not below(cwd, image.cwd) or any(below(p, cwd) for p in needed)


def _downloaded_jar(folder: str, image: Image) -> list[str]:
    """The jar that mvnw downloads where the context lacks it; the kind `only-script` has none."""
    jar = f"{folder}/.mvn/wrapper/maven-wrapper.jar"
    text = image.files.read(f"{folder}/.mvn/wrapper/maven-wrapper.properties") or ""
    script_only = "distributionType=only-script" in text or "distributionType=bin" in text
    return [] if script_only or image.files.exists(jar) else [jar]


def _extensions(asked: Invocation, image: Image) -> list[str]:
    path = posixpath.join(asked.base or "/", ".mvn/extensions.xml")
    return extension_names(image.files.read(path) or "") if asked.base else []


def _extension_problem(asked: Invocation, image: Image) -> str | None:
    for name in _extensions(asked, image):
        if any(word in name for word in _READ_MORE):
            return f"the extension {name} in .mvn/extensions.xml reads more than the POMs"
    return None


def _extension_assumptions(asked: Invocation, image: Image) -> tuple[str, ...]:
    names = _extensions(asked, image)
    return tuple(f"the Maven extension {name} reads no source file" for name in names)


# Core extensions that take the version from git, or the project from other files than POMs.
_READ_MORE: Final = ("git", "tycho", "polyglot", "bnd", "nisse")
