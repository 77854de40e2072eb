"""composer.json and composer.lock as data: what an install takes from the project's folder.

Source: "The composer.json Schema", "Scripts" and "Repositories" of the Composer 2.5 documentation.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from reorder.ecosystems.contract import Files
from reorder.ecosystems.paths import below
from reorder.ecosystems.words import absolute

# The events of an install for which the project may have scripts. Those for single packages, and
# those before the command itself, do not happen again when a second install has nothing to do.
EVENTS: Final = frozenset(
    "pre-install-cmd post-install-cmd pre-autoload-dump post-autoload-dump pre-operations-exec "
    "pre-update-cmd post-update-cmd".split()
)
ONCE: Final = frozenset(
    "pre-package-install post-package-install pre-package-update post-package-update "
    "pre-package-uninstall post-package-uninstall pre-command-run pre-file-download "
    "post-file-download init command pre-pool-create".split()
)
# What these do comes of their own files and settings, and of what is installed.
QUIET_PLUGINS: Final = frozenset(
    "pestphp/pest-plugin phpstan/extension-installer infection/extension-installer "
    "rector/extension-installer dealerdirect/phpcodesniffer-composer-installer "
    "composer/package-versions-deprecated ocramius/package-versions symfony/runtime "
    "php-http/discovery composer/installers bamarni/composer-bin-plugin "
    "kylekatarnlls/update-helper tbachert/spi".split()
)
# These put files of packages into the source, or change what lies there.
_WRITERS: Final = frozenset(
    "drupal/core-composer-scaffold drupal-composer/drupal-scaffold drupal/core-project-message "
    "johnpbloch/wordpress-core-installer roots/wordpress-core-installer "
    "oomphinc/composer-installers-extender magento/magento-composer-installer "
    "magento/composer-root-update-plugin typo3/cms-composer-installers "
    "contao/manager-plugin yiisoft/yii2-composer codeigniter4/translations".split()
)
_PLAIN_TYPES: Final = frozenset(
    "library metapackage project composer-plugin php-ext symfony-bundle phpstan-extension "
    "phpcodesniffer-standard composer-installer symfony-bridge rector-extension "
    "pest-plugin".split()
)


@dataclass(frozen=True, slots=True)
class Project:
    """A composer.json with its lockfile. `problem`: why what it reads is not known."""

    data: Mapping[str, Any] = field(hash=False)
    packages: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    files: tuple[str, ...] = ()  # beside the two
    folders: tuple[str, ...] = ()
    looked: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # folders outside vendor that get packages
    problem: str | None = None

    @property
    def plugins(self) -> tuple[str, ...]:
        """The packages that are code which runs within an install."""
        return tuple(str(p.get("name")) for p in self.packages if p.get("type") == _PLUGIN)

    def scripts(self, events: frozenset[str]) -> tuple[str, ...]:
        """The events among these for which it has scripts."""
        scripts = self.data.get("scripts")
        return tuple(e for e in scripts if e in events) if isinstance(scripts, dict) else ()

    def config(self, name: str) -> Any:
        """A setting of its `config`."""
        config = self.data.get("config")
        return config.get(name) if isinstance(config, dict) else None


def read_project(path: str, lock: str, files: Files, *, dev: bool) -> Project | str:
    """A composer.json (absolute path) and its lockfile; a str: why it cannot be read."""
    data = _json(path, files)
    if isinstance(data, str):
        return data
    packages: tuple[Mapping[str, Any], ...] = ()
    locked = files.exists(lock)
    if locked:
        found = _json(lock, files)
        if isinstance(found, str):
            return found
        packages = tuple(_packages(found, dev=dev))
    return _with_files(Project(data, packages), posixpath.dirname(path), files, locked=bool(locked))


def _with_files(project: Project, root: str, files: Files, *, locked: bool) -> Project:
    """What beside composer.json and composer.lock an install takes from the folder."""
    found: dict[str, None] = {}
    folders: dict[str, None] = {}
    looked: dict[str, None] = {}
    problem: str | None = None
    for kind, url in _local(project, locked=locked):
        path = absolute(url, root)
        if kind == "file":
            found[path] = None
            continue
        here = (
            [path]
            if "*" not in url
            else [posixpath.dirname(p) for p in files.glob(f"{path}/composer.json")]
        )
        if any(below(root, folder) for folder in here):
            problem = f"the path repository {url} is the project itself"
        folders |= dict.fromkeys(here)
    for path in (absolute("auth.json", root), *_settings(project, root)):
        there = files.exists(path)
        (found if there else looked)[path] = None
        if there is None:
            problem = problem or f"whether {path} is there is not known"
    for path in [*found, *folders]:
        if files.origin(path) is None and not files.under(path):
            problem = problem or f"{path} does not come from the build context"
    places, odd = _places(project, root)
    return Project(
        project.data,
        project.packages,
        tuple(p for p in found if files.origin(p) is not None),
        tuple(folders),
        tuple(looked),
        places,
        problem or odd,
    )


def _local(project: Project, *, locked: bool) -> Iterator[tuple[str, str]]:
    """Local sources of packages: folders and archives, as the lockfile or the manifest has them."""
    for package in project.packages:
        dist = package.get("dist")
        url = str(dist.get("url", "")) if isinstance(dist, dict) else ""
        if isinstance(dist, dict) and url and "://" not in url:
            yield ("folder" if dist.get("type") == "path" else "file"), url
    repositories = project.data.get("repositories") or []
    rows = repositories.values() if isinstance(repositories, dict) else repositories
    for row in rows:
        if isinstance(row, dict) and row.get("type") in ("path", "artifact") and not locked:
            yield "folder", str(row.get("url", ""))
    patches = _extra(project, "patches")
    for name, entries in patches.items() if isinstance(patches, dict) else ():
        values = entries.values() if isinstance(entries, dict) else entries or ()
        for value in values:
            place = value.get("url", value.get("path", "")) if isinstance(value, dict) else value
            if name and isinstance(place, str) and place and "://" not in place:
                yield "file", place
    named = _extra(project, "patches-file")
    if isinstance(named, str):
        yield "file", named


def _settings(project: Project, root: str) -> Iterator[str]:
    """Files that a plugin looks for."""
    if "symfony/flex" in project.plugins:
        yield absolute("symfony.lock", root)
    if "cweagans/composer-patches" in project.plugins:
        yield absolute("patches.lock.json", root)


def _places(project: Project, root: str) -> tuple[tuple[str, ...], str | None]:
    """Folders that composer/installers fills, and a package whose folder is not known."""
    writer = next((name for name in project.plugins if name in _WRITERS), None)
    if writer is not None:
        return (), f"the Composer plugin {writer} puts files into the source"
    if _extra(project, "merge-plugin") is not None:
        return (), "the merge-plugin takes dependencies from other files"
    if "cweagans/composer-patches" in project.plugins and _extra(project, "patches-file"):
        return (), "the patches that composer-patches reads are not known"
    found: list[str] = []
    told = _extra(project, "installer-paths")
    for pattern in told if isinstance(told, dict) else ():
        found.append(absolute(str(pattern).partition("{")[0], root))
    if "composer/installers" in project.plugins:
        for package in project.packages:
            kind = str(package.get("type", "library"))
            if kind not in _PLAIN_TYPES and not _placed(package, kind, told):
                return (), f"where composer/installers puts {package.get('name')} is not known"
    return tuple(found), None


def _placed(package: Mapping[str, Any], kind: str, told: object) -> bool:
    names = {f"type:{kind}", str(package.get("name")), f"vendor:{package.get('name')}"}
    rows = told.values() if isinstance(told, dict) else ()
    return any(names & set(map(str, row)) for row in rows if isinstance(row, list))


def _extra(project: Project, name: str) -> object:
    extra = project.data.get("extra")
    return extra.get(name) if isinstance(extra, dict) else None


def _packages(lock: Mapping[str, Any], *, dev: bool) -> Iterator[Mapping[str, Any]]:
    for name in ("packages", "packages-dev") if dev else ("packages",):
        rows = lock.get(name)
        yield from (row for row in rows or () if isinstance(row, dict))


def _json(path: str, files: Files) -> Mapping[str, Any] | str:
    text = files.read(path)
    if text is None:
        there = files.exists(path)
        missing = f"{path} is not in the build context"
        return missing if there is False else f"{path} does not come from the build context"
    try:
        data = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return f"{path} is not JSON"
    return data if isinstance(data, dict) else f"{path} is not a JSON object"


_PLUGIN: Final = "composer-plugin"
