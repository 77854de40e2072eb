"""Which Yarn a call runs: version 1, or a later one and how the project sets it up.

Source: Yarn 4 documentation ("Configuration", "Installing without Corepack"): `.yarnrc.yml` is read
in the project and all folders above, then in the home; variables `YARN_…` count more. The lockfile
of version 1 begins with a comment that says so, the later ones have `__metadata`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from reorder.context.buildfiles import load_yaml
from reorder.ecosystems.contract import Image
from reorder.ecosystems.homes import in_application
from reorder.ecosystems.node.node_manifests import read_package
from reorder.ecosystems.node.node_settings import Version, pinned
from reorder.ecosystems.words import absolute
from reorder.shell.nodes import Opaque

_RELEASE: Final = re.compile(r"yarn-(\d+)\.(\d+)")
_LOCK_VERSION: Final = re.compile(r"^__metadata:\s*\n\s+version: (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Berry:
    """Yarn 2 or later."""

    root: str  # where its lockfile is
    version: Version | None  # of the Yarn that runs; None: not known
    lock_version: int | None
    settings: Mapping[str, Any] = field(hash=False)  # of the project's .yarnrc.yml files
    files: tuple[str, ...] = ()  # those .yarnrc.yml files, and what they name

    @property
    def major(self) -> int | None:
        """The major version: 2, 3 or 4, as far as it can be told."""
        if self.version is not None:
            return self.version[0]
        if self.lock_version is None:
            return None
        return 4 if self.lock_version >= 8 else 3 if self.lock_version >= 5 else 2

    def setting(self, name: str, image: Image) -> Any:
        """The value in force; None: not set, or not known."""
        variable = "YARN_" + re.sub(r"([A-Z])", r"_\1", name).upper()
        given = image.env.get(variable, "")
        return self.settings.get(name) if given == "" else given

    @property
    def linker(self) -> str:
        """`pnp`, `node-modules` or `pnpm`."""
        return str(self.settings.get("nodeLinker") or "pnp")

    @property
    def local_cache(self) -> str | None:
        """The cache folder in the project, where there is one (the default before version 4)."""
        every = self.settings.get("enableGlobalCache")
        if every is None:
            every = (self.major or 4) >= 4
        if str(every).lower() == "true":
            return None
        return absolute(str(self.settings.get("cacheFolder") or "./.yarn/cache"), self.root)


def generation(cwd: str, image: Image) -> Literal["classic"] | Berry | Opaque:
    """The Yarn that runs in a folder; `Opaque` where that cannot be told."""
    root = _root(cwd, image)
    changed = _changed(root, image)
    if changed is not None:
        return Opaque(f"{changed} may be changed by an earlier step")
    lock = image.files.read(posixpath.join(root, "yarn.lock")) or ""
    manifest = read_package(root, image.files)
    version = None if isinstance(manifest, str) else pinned(manifest.data, "yarn")
    settings, files, above = _settings(root, image)
    path = settings.get("yarnPath")
    if isinstance(path, str):
        release = absolute(path, above)
        files = (*files, release)
        found = _RELEASE.search(posixpath.basename(release))
        version = (int(found[1]), int(found[2])) if found else version
        if in_application(release, image) and image.files.exists(release) is not True:
            return Opaque(f"`yarnPath` names {release}, which is not in the build context")
    later = "__metadata:" in lock
    if (version is not None and version[0] == 1) or "# yarn lockfile v1" in lock[:200]:
        return "classic"
    if later or version is not None or files:
        number = _LOCK_VERSION.search(lock)
        return Berry(root, version, int(number[1]) if number else None, settings, files)
    if lock or image.base == "node" or not image.files.exists(posixpath.join(root, "yarn.lock")):
        return "classic"
    return Opaque("which version of Yarn runs is not known")


def _root(cwd: str, image: Image) -> str:
    """The nearest folder with a yarn.lock (`Project.find`), or else with a package.json."""
    folder, nearest = cwd, None
    while True:
        if image.files.exists(posixpath.join(folder, "yarn.lock")):
            return folder
        if nearest is None and image.files.exists(posixpath.join(folder, "package.json")):
            nearest = folder
        if folder == "/":
            return nearest or cwd
        folder = posixpath.dirname(folder)


def _changed(root: str, image: Image) -> str | None:
    """A .yarnrc.yml that does not come from the context as it is."""
    folder = root
    while folder != "/" and in_application(folder, image):
        path = posixpath.join(folder, ".yarnrc.yml")
        if image.files.exists(path) is not False and image.files.read(path) is None:
            return path
        folder = posixpath.dirname(folder)
    return None


def _settings(root: str, image: Image) -> tuple[dict[str, Any], tuple[str, ...], str]:
    """The settings, nearest first, the files they are in, and the folder of the nearest."""
    merged: dict[str, Any] = {}
    files: list[str] = []
    folder, nearest = root, root
    while True:
        path = posixpath.join(folder, ".yarnrc.yml")
        text = image.files.read(path)
        if text is not None:
            data = load_yaml(text)
            merged = {**(data if isinstance(data, dict) else {}), **merged}
            nearest = nearest if files else folder
            files.append(path)
        if folder == "/":
            return merged, tuple(files), nearest
        folder = posixpath.dirname(folder)
