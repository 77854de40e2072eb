"""Every file that `dotnet restore` reads: solution, projects, what they import, NuGet's settings.

The references of projects are followed, however far. Of the files that MSBuild and NuGet look for
in every folder above a project all that are there count: one may import the next.

Source: "Customize the build by folder", "Central Package Management", "Directory.Build.rsp",
"global.json overview" (learn.microsoft.com); names are case-sensitive on Linux. No SDK was at hand:
nothing here was tried.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.dotnet.msbuild import Build, Wanted, read_build
from reorder.ecosystems.dotnet.nuget_config import NAMES, read_nuget_config
from reorder.ecosystems.dotnet.solution import SOLUTIONS, projects_of
from reorder.ecosystems.words import absolute

PROJECTS: Final = (".csproj", ".fsproj", ".vbproj", ".proj", ".esproj", ".sqlproj", ".dcproj")
_MOST: Final = 500
_ABOVE: Final = (
    *("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"),
    *("Directory.Build.rsp", "MSBuild.rsp", "global.json", *NAMES),
)
_SOLUTION: Final = ("Directory.Solution.props", "Directory.Solution.targets")


@dataclass(slots=True)
class Closure:
    """A closure while it grows. `problem` says why it is not known as a whole."""

    files: Files
    solution: str | None = None  # its folder
    found: dict[str, None] = field(default_factory=dict)
    probed: dict[str, None] = field(default_factory=dict)
    folders: dict[str, None] = field(default_factory=dict)
    projects: dict[str, Build] = field(default_factory=dict)
    artifacts: str | None = None  # the folder of <UseArtifactsOutput>
    packages: str | None = None  # where NuGet keeps packages, if a settings file says so
    problem: str | None = None

    def fail(self, reason: str) -> None:
        self.problem = self.problem or reason

    def look(self, path: str) -> str | None:
        """The text of a file that may be there."""
        text = self.files.read(path)
        if text is None:
            self.probed[path] = None
            if self.files.exists(path):
                self.fail(f"{path} is there, but not from the build context")
        else:
            self.found[path] = None
        return text

    def above(self, folder: str, names: tuple[str, ...]) -> None:
        """The files with these names in a folder and every one above it."""
        for place in upwards(folder):
            for name in names:
                path = posixpath.join(place, name)
                if path in self.found or path in self.probed:
                    continue
                text = self.look(path)
                if text is None:
                    continue
                if name in NAMES:
                    self._settings(path, text)
                elif name.endswith((".props", ".targets")):
                    self._imported(path, text, None)

    def _settings(self, path: str, text: str) -> None:
        told = read_nuget_config(text, path)
        if told.problem is not None:
            self.fail(told.problem)
        self.folders |= dict.fromkeys(f for f in told.folders if self.files.under(f))
        self.packages = self.packages or told.packages

    def _imported(self, path: str, text: str, project: str | None) -> Build | None:
        build = read_build(text)
        if isinstance(build, str):
            self.fail(f"{path} cannot be read: {build}")
            return None
        if build.problem is not None:
            self.fail(f"in {path}, {build.problem}")
        if build.properties:
            self.fail(f"{path} sets {min(build.properties)}: what a restore writes lies elsewhere")
        if build.artifacts:
            self.artifacts = posixpath.join(posixpath.dirname(path), "artifacts")
        for wanted in (*build.imports, *(Wanted(text, True) for text in build.texts)):
            self._import(wanted, path, project)
        for name in build.above:
            if name not in _ABOVE:
                self.above(posixpath.dirname(project or path), (name,))
        return build

    def _import(self, wanted: Wanted, path: str, project: str | None) -> None:
        place = self._resolve(wanted.path, path, project)
        if place is None:
            if any(word in wanted.path for word in _OUTSIDE):
                return None
            return self.fail(f"{path} reads `{wanted.path}`, which is not known")
        targets = self.files.glob(place) if "*" in place else (place,)
        for target in targets:
            if target in self.found:
                continue
            text = self.look(target)
            if text is not None and target.endswith((".props", ".targets", *PROJECTS)):
                self._imported(target, text, project)
            elif text is None and wanted.needed:
                self.fail(f"{target} does not come from the build context")
        return None

    def _resolve(self, text: str, path: str, project: str | None) -> str | None:
        """The absolute path of what a file names; None for one with an unknown property."""
        here = posixpath.dirname(path)
        known = {"MSBuildThisFileDirectory": here, "MSBuildThisFile": posixpath.basename(path)}
        if project is not None:
            known["MSBuildProjectDirectory"] = known["ProjectDir"] = posixpath.dirname(project)
        if self.solution is not None:
            known["SolutionDir"] = self.solution
        for name, value in known.items():
            text = text.replace(f"$({name})", value + ("/" if value.startswith("/") else ""))
        return None if "$(" in text or "@(" in text or "%(" in text else absolute(text, here)

    def project(self, path: str) -> None:
        """A project with all that it asks for."""
        waiting = [path]
        while waiting:
            path = waiting.pop()
            if path in self.projects or len(self.projects) == _MOST:
                continue
            text = self.files.read(path)
            if text is None:
                self.fail(f"{path} does not come from the build context")
                continue
            self.found[path] = None
            build = self._imported(path, text, path)
            self.projects[path] = build or Build()
            folder = posixpath.dirname(path)
            self.look(posixpath.join(folder, "packages.lock.json"))
            name = posixpath.splitext(posixpath.basename(path))[0]
            self.look(posixpath.join(folder, f"packages.{name}.lock.json"))
            self.look(f"{path}.user")
            self.above(folder, _ABOVE)
            for reference in self.projects[path].references:
                place = self._resolve(reference, path, path)
                if place is None:
                    self.fail(f"{path} refers to `{reference}`, which is not known")
                elif "*" in place:
                    waiting += self.files.glob(place)
                else:
                    waiting.append(place)

    def solution_file(self, path: str) -> None:
        """A solution with all its projects."""
        text = self.files.read(path)
        if text is None:
            return self.fail(f"{path} does not come from the build context")
        self.found[path] = None
        folder = posixpath.dirname(path)
        self.solution = self.solution or folder
        paths = projects_of(text, path)
        if isinstance(paths, str):
            return self.fail(f"{path} cannot be read: {paths}")
        name = posixpath.basename(path)
        self.above(folder, (*_ABOVE, *_SOLUTION))
        for extra in (f"before.{name}.targets", f"after.{name}.targets"):
            self.look(posixpath.join(folder, extra))
        for told in paths:
            inner = absolute(told, folder)
            if inner.endswith(SOLUTIONS):
                self.solution_file(inner)
            elif inner.endswith(PROJECTS):
                self.project(inner)
        return None


def upwards(folder: str) -> Iterator[str]:
    """A folder and all above it."""
    while True:
        yield folder
        if folder == "/":
            return
        folder = posixpath.dirname(folder)


# Imports of what the SDK brings, and of what a restore itself has written.
_OUTSIDE: Final = (
    *("$(MSBuildExtensionsPath", "$(MSBuildToolsPath", "$(VSToolsPath)", "$(NuGetPackageRoot)"),
    *("$(MSBuildSDKsPath)", "$(MSBuildBinPath)", "$(NuGetProps", "$(Pkg", "$(NetCoreRoot)"),
    *("$(MSBuildProjectExtensionsPath)", "$(BaseIntermediateOutputPath)"),
)
