"""One call of Gradle: what it is asked, where its build lies, and the wrapper script it starts."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final

from reorder.ecosystems.contract import Image
from reorder.ecosystems.jvm.gradle_options import CommandLine, read_command_line
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Call, Opaque


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call with its command line."""

    call: Call
    line: CommandLine
    wrapper: str | None  # the path of gradlew

    @property
    def start(self) -> str:
        """The folder whose project the tasks are for."""
        option = self.line.last("--project-dir")
        return absolute(option.value if option and option.value else ".", self.call.cwd)

    @property
    def asks(self) -> bool:
        """Whether it only says something about Gradle itself."""
        return self.line.has("--version", "--help", "--stop", "--status")

    @property
    def reports(self) -> bool:
        """Whether it evaluates the build scripts and reports, and runs nothing of the project."""
        line = self.line
        if self.asks:
            return True
        if line.has(*_REWRITES) or any(a.kind != "literal" for a in (*line.tasks, *line.others)):
            return False
        if line.has("--dry-run"):
            return True
        names = [task.text.rpartition(":")[2] for task in line.tasks]
        options = [arg.text.partition("=")[0] for arg in line.others if arg.text.startswith("-")]
        return bool(names) and _REPORTS.issuperset(names) and _OF_REPORTS.issuperset(options)


def invocation(call: Call, image: Image) -> Invocation | Opaque:
    """Read a call of `gradle` or of a wrapper script that is given with its folder."""
    script = absolute(call.name, call.cwd) if call.name.endswith("gradlew") else None
    if script is not None and "/" not in call.name:
        return Opaque("which `gradlew` PATH finds is not known")
    return Invocation(call, read_command_line(call.args[1:]), script)


def wrapper_files(asked: Invocation, image: Image) -> tuple[list[str], list[str], str | None]:
    """Files and folders that the wrapper needs to download and start Gradle, and a problem.

    Source: `gradlew`, `WrapperMain` and `WrapperExecutor` of Gradle 4.4.1 and 8: the wrapper's jar
    and properties, and system properties from the project's gradle.properties.
    """
    if asked.wrapper is None:
        return [], [], None
    here = posixpath.dirname(asked.wrapper)
    files = [asked.wrapper]
    if image.files.read(asked.wrapper) is None:
        return files, [], f"{asked.wrapper} does not come from the build context"
    for name in ("gradle.properties", "gradle/gradle-daemon-jvm.properties"):
        if image.files.read(f"{here}/{name}") is not None:
            files.append(f"{here}/{name}")
    folder = f"{here}/gradle/wrapper"
    if not image.files.exists(f"{folder}/gradle-wrapper.jar"):
        return files, [folder], "gradle/wrapper/gradle-wrapper.jar is not in the build context"
    return files, [folder], None


def starts_wrapper(asked: Invocation, image: Image) -> list[str]:
    """The words that start it: a script that is not executable is given to the shell."""
    words = [asked.call.name]
    if asked.wrapper is not None and not image.files.executable(asked.wrapper):
        words.insert(0, "sh")
    return words


_REWRITES: Final = (
    *("--write-locks", "--update-locks", "--write-verification-metadata", "--continuous"),
    *("--export-keys", "--refresh-keys", "--profile"),
)
_REPORTS: Final = frozenset(
    "dependencies buildEnvironment dependencyInsight help projects tasks properties".split()
)
_OF_REPORTS: Final = frozenset(
    "--configuration --dependency --singlepath --all --group --groups --task --property".split()
)
