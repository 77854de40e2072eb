"""The dependency step to put before a Gradle build.

Tried with Gradle 4.4.1 on made projects, their scripts only, with an empty user home (two modules,
one needing the other, buildSrc with a dependency; and one project with 69 jars behind 138 POMs):

| command | plugins, buildSrc | POMs | jars |
|---|---|---|---|
| `--version` | no | no | no; a wrapper downloads its distribution |
| `help`, `build --dry-run` | yes | no | no |
| `classes`, `build -x test` | yes | no | no: without sources nothing is compiled |
| `dependencies` | yes | of one project | no |
| `:a:dependencies :b:dependencies` | yes | of these | no |

So there is no task that downloads all. `dependencies`, asked of each project, leaves the jars to
the build; it took that build from 213 downloads in 17 s to 69 in 9 s. Beside the user home the step
leaves what every build leaves: `.gradle`, and the outputs of buildSrc and included builds. Step,
then sources, then `build` ended with the files of `build` alone, but for those that differ from one
run of `build` to the next as well (`.gradle`, stamps in jars and reports); the jars' contents were
the same. A wrapper whose build is not known has at least its distribution downloaded by
`--version`. Where a cache mount keeps all of it, none of this is worth a layer.
"""

from __future__ import annotations

import posixpath
import shlex
from typing import Final

from reorder.ecosystems.contract import Image, Install, Prefetch
from reorder.ecosystems.jvm.gradle_call import Invocation, starts_wrapper, wrapper_files
from reorder.ecosystems.jvm.gradle_closure import Build, build_of
from reorder.ecosystems.jvm.gradle_options import Option
from reorder.ecosystems.words import absolute

RESOLVES: Final = "the build scripts, while they are evaluated, read only the files that they name"
JARS: Final = "it downloads plugins and what describes the dependencies; the build gets the jars"
RECORDS: Final = "what Gradle notes down in .gradle differs from build to build anyway"
MOST_PROJECTS: Final = 8


def resolving_install(asked: Invocation, image: Image) -> tuple[Install, Build]:
    """What a call reads that only evaluates the scripts and resolves dependencies."""
    found = build_of(asked.start, image)
    files, folders, problem = wrapper_files(asked, image)
    problem = problem or found.problem or _told_more(asked)
    for option in asked.line.all("--init-script"):
        path = absolute(option.value, asked.call.cwd) if option.value else None
        if path is None or image.files.read(path) is None:
            problem = problem or "the init script does not come from the build context"
        else:
            files.append(path)
    folders = [*found.folders, *(f for f in folders if not _inside(f, found.folders))]
    files = [f for f in dict.fromkeys([*files, *found.files]) if not _inside(f, folders)]
    outputs = _outputs(asked, found)
    install = Install(
        manifests=tuple(files),
        folders=tuple(folders),
        outputs=outputs,
        ignore=tuple(_ignored(outputs, found)),
        refusal=problem,
        assumptions=(RESOLVES, RECORDS),
    )
    return install, found


def asking_install(asked: Invocation, image: Image) -> Install | None:
    """What `gradlew --version` reads; None for a Gradle that is there already."""
    if asked.wrapper is None:
        return None
    files, folders, problem = wrapper_files(asked, image)
    return Install(tuple(files), tuple(folders), refusal=problem)


def prefetch(asked: Invocation, image: Image) -> Prefetch | None:
    """The step for a building call; None where there is none."""
    line = asked.line
    if not line.tasks or {task.text for task in line.tasks} <= {"clean"}:
        return None
    install, found = resolving_install(asked, image)
    options = _options(asked)
    refusal = install.refusal
    if isinstance(options, Option):
        refusal = refusal or f"the value of `{options.words[-1].text}` is not known"
        options = []
    if line.has("--offline"):
        refusal = "the build is offline, so its dependencies are there already"
    names = _projects(asked, found)
    if len(names) > MOST_PROJECTS:
        refusal = refusal or (
            f"the build has {len(names)} projects, and Gradle lists the dependencies of one at a "
            "time"
        )
    if found.bare:
        refusal = refusal or (
            f"the project {found.bare[0]} has no build script, so that its folder would not be "
            "there"
        )
    words = [*assignments(asked, image), *starts_wrapper(asked, image)]
    tasks = [f"{name}:dependencies" for name in names if name not in ("", ":")]
    tasks = [*(["dependencies"] if len(tasks) < len(names) else []), *tasks]
    whole = Prefetch(
        " ".join([*words, *(tasks or ["dependencies"]), *options]),
        install,
        refusal,
        (JARS,),
        absorbed=True,
        spare=True,
    )
    if refusal is None or line.has("--offline"):
        return whole
    return _distribution(asked, words, refusal, image) or whole


def _distribution(
    asked: Invocation, words: list[str], refusal: str, image: Image
) -> Prefetch | None:
    """The download of the wrapper's Gradle alone."""
    install = asking_install(asked, image)
    if install is None or install.refusal is not None:
        return None
    home = asked.line.last("--gradle-user-home")
    kept = [shlex.quote(word.text) for word in home.words] if home and home.known else []
    if home is not None and not kept:
        return None
    why = f"no step for the dependencies themselves: {refusal}"
    return Prefetch(" ".join([*words, "--version", *kept]), install, None, (why,), spare=True)


def _told_more(asked: Invocation) -> str | None:
    for name in ("--build-file", "--settings-file", "--include-build", "--project-cache-dir"):
        if asked.line.has(name):
            return f"with `{name}` the files that Gradle reads are not known"
    option = asked.line.last("--project-dir")
    if option is not None and option.value is None:
        return "the folder of the project is not known"
    return None


def _projects(asked: Invocation, found: Build) -> list[str]:
    """The projects whose tasks are asked for; all where a task has no project."""
    if asked.start != found.root:
        return [""]
    named = {":" + t.text.strip(":").rpartition(":")[0] for t in asked.line.tasks}
    if ":" not in named and named <= set(found.scripted):
        return [name for name in found.scripted if name in named]
    return found.scripted


def _outputs(asked: Invocation, found: Build) -> tuple[str, ...]:
    """`.gradle` and what is compiled before the scripts; reports of problems lie in `build`."""
    places = [found.root, *found.builds]
    return tuple(
        posixpath.join(folder, name)
        for folder in places
        for name in (".gradle", "build", ".kotlin")
    )


def _ignored(outputs: tuple[str, ...], found: Build) -> list[str]:
    inner = [posixpath.relpath(tree, found.root) for tree in outputs if "/.kotlin" not in tree]
    wide = ["**/.gradle" if path.endswith(".gradle") else path for path in inner]
    return [path for path in dict.fromkeys(wide) if not path.startswith("../")]


def _options(asked: Invocation) -> list[str] | Option:
    """The author's options that count for the step too; one that is not known is returned."""
    words: list[str] = []
    for option in asked.line.options:
        if option.name in _KEPT:
            if not option.known:
                return option
            words += [shlex.quote(word.text) for word in option.words]
    return words


def assignments(asked: Invocation, image: Image) -> list[str]:
    """Variables that only the call itself sets."""
    found = []
    for name in ("GRADLE_USER_HOME", "GRADLE_OPTS", "JAVA_OPTS", "JAVA_HOME"):
        value = asked.call.env.get(name, "")
        if value is not None and value != image.env.get(name, ""):
            found.append(f"{name}={shlex.quote(value)}")
    return found


def _inside(path: str, folders: list[str]) -> bool:
    return any(path == f or path.startswith(f + "/") for f in folders)


_KEPT: Final = frozenset(
    "-D -P --gradle-user-home --project-dir --init-script --console --max-workers --priority "
    "--warning-mode --daemon --no-daemon --parallel --no-parallel --stacktrace --full-stacktrace "
    "--info --quiet --warn --dependency-verification --configure-on-demand --no-watch-fs "
    "--no-configuration-cache --no-scan".split()
)
_LEFT: Final = (".gradle", "build", ".kotlin")
