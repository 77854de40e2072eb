"""Which entries of a folder a build with modules needs, module by module; only documents are not.

What lies beside the modules may be read by any of them (rules of a linter, templates,
`lombok.config`) and is kept, unless its name says that it is for people or for other tools than
the build, and no manifest mentions it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from reorder.context.build import BuildContext
from reorder.ecosystems.paths import below

# Names at the root of a repository, in lower case, that a build of the sources has no use for. A
# licence is none of them: plugins put it into jars, or look for it in the files.
_UNREAD: Final = (
    "readme*", "changelog*", "changes.md", "contributing*", "code_of_conduct*", "security.md",
    "authors*", "maintainers*", "codeowners", "*.md", "docs", "doc", ".github", ".gitlab",
    ".gitlab-ci.yml", ".circleci", ".travis.yml", ".appveyor.yml", "appveyor.yml", "jenkinsfile*",
    ".drone.yml", "azure-pipelines*.yml", "bitbucket-pipelines.yml", "cloudbuild*.yaml",
    ".gitignore", ".gitattributes", ".git-blame-ignore-revs", ".mailmap", ".editorconfig",
    ".pre-commit-config.yaml", "renovate.json", ".renovaterc*", ".dockerignore", "dockerfile*",
    "*.dockerfile", "containerfile*", "docker-compose*.y*ml", "compose*.y*ml", ".idea", ".vscode",
    "*.iml", ".devcontainer", ".gitpod.yml", "skaffold.y*ml", "tiltfile", "helm", "charts", "k8s",
    "kubernetes", "terraform", "rustfmt.toml", ".rustfmt.toml", "clippy.toml", ".clippy.toml",
    "deny.toml", "cliff.toml", "release-plz.toml", "*.nix", "flake.lock",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Division:
    """Context paths: files and whole folders. Together they are all that is needed."""

    shared: tuple[str, ...]
    parts: dict[str, tuple[str, ...]] = field(hash=False)  # by the folder of the module
    dropped: tuple[str, ...] = ()  # what is at the root and not needed


def divide(
    context: BuildContext,
    root: str,
    modules: Iterable[str],
    there: frozenset[str],
    is_read: Callable[[str], bool],
) -> Division:
    """The entries of a folder by who needs them.

    `modules` are the folders of the modules, `there` the files that an earlier step has brought;
    `is_read` says of a document, by its path, whether a build that knows its name may read it.
    `.git` is not among what is needed.
    """
    walk = _Walk(context, frozenset(modules), there)
    walk.folder(root, None)
    top = [path for path in walk.shared if posixpath.dirname(path) == root]
    unread = {path for path in top if _is_unread(path, is_read)}
    return Division(
        tuple(path for path in walk.shared if path not in unread),
        {module: tuple(paths) for module, paths in walk.parts.items()},
        tuple(sorted(unread)),
    )


def _is_unread(path: str, is_read: Callable[[str], bool]) -> bool:
    name = posixpath.basename(path)
    if name == ".git":
        return True
    return any(fnmatchcase(name.lower(), pattern) for pattern in _UNREAD) and not is_read(path)


def mentioned(path: str, texts: str) -> bool:
    """Whether a text has the name of a path as a word."""
    name = re.escape(posixpath.basename(path))
    return re.search(rf"(?<![\w.-]){name}(?![\w.-])", texts) is not None


class _Walk:
    """The state of a division while it grows."""

    def __init__(
        self, context: BuildContext, modules: frozenset[str], there: frozenset[str]
    ) -> None:
        self.context = context
        self.modules = modules
        self.there = there
        self.shared: list[str] = []
        self.parts: dict[str, list[str]] = {}

    def folder(self, folder: str, module: str | None) -> None:
        """What a folder holds; `module` is the one it belongs to, None: what all share."""
        into = self.shared if module is None else self.parts.setdefault(module, [])
        for child in self._children(folder):
            if child in self.modules:
                self._module(child)
            elif any(below(other, child) for other in self.modules):
                self.folder(child, module)
            elif not self._brought(child):
                into.append(child)

    def _module(self, folder: str) -> None:
        if any(other != folder and below(other, folder) for other in self.modules):
            self.folder(folder, folder)
            return
        children = self._children(folder)
        rest = [child for child in children if not self._brought(child)]
        # A folder that holds sources alone says so; else a new file in it would be missing.
        alone = len(rest) == 1 < len(children) and self.context.visible[rest[0]].kind == "dir"
        self.parts[folder] = rest if alone else [folder]

    def _children(self, folder: str) -> list[str]:
        depth = folder.count("/") + 1 if folder else 0
        inside = (*self.context.folders_under(folder), *self.context.under(folder))
        return sorted(path for path in inside if path.count("/") == depth)

    def _brought(self, path: str) -> bool:
        """Whether all files of an entry are there already; an empty folder is, too."""
        if self.context.visible[path].kind != "dir":
            return path in self.there
        return path != ".git" and all(file in self.there for file in self.context.under(path))
