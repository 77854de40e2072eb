"""Every file that Maven reads to resolve dependencies and plugins of a multi-module project.

The root POM; modules at any depth, those of profiles too; parents by `relativePath`; `.mvn` whole;
jars of scope `system`; repositories in the project; files whose presence activates a profile.
Source: maven-model-builder (DefaultModelBuilder, ProfileActivators), maven-core
(DefaultProjectBuilder), the `mvn` script's search for `.mvn`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from reorder.ecosystems.contract import Files, Image
from reorder.ecosystems.jvm.pom import Pom, interpolate, read_pom
from reorder.ecosystems.words import absolute

_MOST_POMS = 2_000


@dataclass(frozen=True, slots=True)
class Reactor:
    """The POMs of a build by path, the root first, and the other files that are read with them."""

    poms: Mapping[str, Pom] = field(hash=False)
    parents: Mapping[str, Pom] = field(hash=False)  # inherited from, but not built
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    probed: tuple[str, ...] = ()  # looked for, and not there
    problem: str | None = None  # why the closure is not known: a sentence

    @property
    def root(self) -> str:
        """The folder of the root POM."""
        return posixpath.dirname(next(iter(self.poms), "/"))


def reactor(root: str, image: Image, given: Mapping[str, str]) -> Reactor:
    """The closure of a root POM; `given` are the properties of the command line."""
    walk = _Walk(image, given)
    walk.add(root)
    if walk.problem is None:
        walk.activators()
    return Reactor(
        {path: pom for path, pom in walk.poms.items() if path in walk.built},
        {path: pom for path, pom in walk.poms.items() if path not in walk.built},
        tuple(dict.fromkeys(walk.files)),
        tuple(dict.fromkeys(walk.folders)),
        tuple(dict.fromkeys(walk.probed)),
        walk.problem,
    )


def base_folder(start: str, files: Files) -> str | None:
    """The nearest folder from `start` upwards that has a `.mvn`; None: none is known."""
    folder = start
    while True:
        if files.exists(posixpath.join(folder, ".mvn")):
            return folder
        if folder == "/":
            return None
        folder = posixpath.dirname(folder)


@dataclass(frozen=True, slots=True)
class _Next:
    """A POM to be read; a parent is inherited from, but its modules are not built."""

    path: str
    what: str
    built: bool


class _Walk:
    """The state of one closure while it grows."""

    def __init__(self, image: Image, given: Mapping[str, str]) -> None:
        self.image = image
        self.given = given
        self.poms: dict[str, Pom] = {}
        self.parent_of: dict[str, str] = {}
        self.built: dict[str, None] = {}
        self.files: list[str] = []
        self.folders: list[str] = []
        self.probed: list[str] = []
        self.problem: str | None = None

    def add(self, root: str) -> None:
        """A POM and all it names, breadth first."""
        queue = [_Next(root, "the POM", built=True)]
        while queue and self.problem is None:
            step = queue.pop(0)
            pom = self.poms.get(step.path)
            if pom is None:
                pom = self._read(step.path, step.what)
                if pom is None:
                    return
                self.poms[step.path] = pom
                self.files.append(step.path)
                queue += self._inherited(step.path, pom)
            if step.built and step.path not in self.built:
                self.built[step.path] = None
                queue += self._modules(step.path, pom)
            if len(self.poms) > _MOST_POMS:
                self.problem = f"there are more than {_MOST_POMS} POMs"

    def _read(self, path: str, what: str) -> Pom | None:
        text = self.image.files.read(path)
        if text is None:
            self.problem = f"{what} {path} does not come from the build context"
            return None
        pom = read_pom(text)
        if isinstance(pom, str):
            self.problem = f"{path} cannot be read: {pom}"
            return None
        return pom

    def _inherited(self, path: str, pom: Pom) -> list[_Next]:
        folder = posixpath.dirname(path)
        values = self._values(folder, pom)
        self._extras(folder, pom, values)
        found = self._parent(folder, pom, values)
        if found is None:
            return []
        self.parent_of[path] = found
        return [_Next(found, "the parent POM", built=False)]

    def _modules(self, path: str, pom: Pom) -> list[_Next]:
        folder = posixpath.dirname(path)
        values = self._values(folder, pom)
        found = [self._module(folder, m, values, optional=False) for m in pom.modules]
        found += [self._module(folder, m, values, optional=True) for m in pom.profile_modules]
        return [_Next(path, "the module POM", built=True) for path in found if path is not None]

    def _values(self, folder: str, pom: Pom) -> dict[str, str]:
        """The properties in force, as far as the POMs that were met so far tell."""
        values: dict[str, str] = {}
        for known in self.poms.values():
            values = {**known.properties, **values}
        root = posixpath.dirname(next(iter(self.poms)))
        values |= {**pom.properties, **self.given}
        values |= dict.fromkeys(("basedir", "project.basedir", "pom.basedir"), folder)
        base = base_folder(root, self.image.files) or root
        values |= {
            "maven.multiModuleProjectDirectory": base,
            "session.executionRootDirectory": root,
        }
        return values

    def _parent(self, folder: str, pom: Pom, values: Mapping[str, str]) -> str | None:
        if pom.parent is None or pom.parent.path is None:
            return None
        path = self._pom_at(absolute(interpolate(pom.parent.path, values), folder))
        if self.image.files.read(path) is not None:
            return path
        # Without <relativePath> a parent that is not there is one from a repository.
        if pom.parent.explicit and self.problem is None:
            self.problem = f"the parent POM {pom.parent.path} does not come from the build context"
        self.probed.append(absolute(pom.parent.path, folder))
        return None

    def _module(
        self, folder: str, name: str, values: Mapping[str, str], optional: bool
    ) -> str | None:
        there = absolute(interpolate(name, values).replace("\\", "/"), folder)
        path = None if "${" in there else self._pom_at(there)
        if path is not None and self.image.files.read(path) is not None:
            return path
        if not optional and self.problem is None:
            self.problem = f"the module `{name}` does not come from the build context"
        self.probed.append(there)
        return None

    def _pom_at(self, path: str) -> str:
        """A folder stands for its pom.xml."""
        if self.image.files.read(path) is not None:
            return path
        return posixpath.join(path, "pom.xml")

    def _extras(self, folder: str, pom: Pom, values: Mapping[str, str]) -> None:
        for text in pom.system_paths:
            self._file(interpolate(text, values), folder, "the jar")
        for text in pom.repositories:
            url = interpolate(text, values)
            if url.startswith("file:"):
                self._repository("/" + url.removeprefix("file:").lstrip("/"), url)

    def activators(self) -> None:
        """Files that activate profiles; those of a parent are looked for in each child's folder."""
        for path in self.built:
            folder = posixpath.dirname(path)
            values = self._values(folder, self.poms[path])
            for text in self._profile_files(path):
                name = interpolate(text, values)
                if "${" in name or "*" in name:
                    continue
                place = absolute(name, folder)
                known = self.image.files.read(place) is not None
                (self.files if known else self.probed).append(place)

    def _profile_files(self, path: str) -> list[str]:
        found: list[str] = []
        seen: set[str] = set()
        while path not in seen and path in self.poms:
            seen.add(path)
            found += self.poms[path].profile_files
            path = self.parent_of.get(path, "")
        return found

    def _file(self, path: str, folder: str, what: str) -> None:
        if path.startswith(("${java.home}", "${env.JAVA_HOME}")):
            return
        path = absolute(path, folder)
        if "${" not in path and self.image.files.exists(path):
            self.files.append(path)
        elif self.problem is None:
            self.problem = f"{what} {path} does not come from the build context"

    def _repository(self, path: str, url: str) -> None:
        path = absolute(path, "/")
        if "${" not in path and self.image.files.under(path):
            self.folders.append(path)
        elif self.problem is None:
            self.problem = f"the repository {url} does not come from the build context"
