"""The files of a stage as far as the build context determines them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from reorder.context.build import BuildContext
from reorder.context.git import toplevel
from reorder.ecosystems.paths import Paths, below, glob_root, match_deep


@dataclass(frozen=True)
class Placed:
    """What one COPY puts into the image: image path → context path, and the folders it fills.

    `texts` are the files of heredocs; None: the text depends on what is not known.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    texts: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def paths(self) -> Paths:
        """Every path it writes; folders that are only filled, not carried, are left out."""
        return Paths(files=frozenset(self.files) | self.folders | frozenset(self.texts))

    @cached_property
    def sorted(self) -> tuple[str, ...]:
        """The image paths of the files, in order."""
        return tuple(sorted(self.files))

    @cached_property
    def dirs(self) -> frozenset[str]:
        """Every folder that surely exists afterwards."""
        found = set(self.folders)
        for path in (*self.files, *self.texts):
            parent = path.rpartition("/")[0]
            while parent and parent not in found:
                found.add(parent)
                parent = parent.rpartition("/")[0]
        return frozenset(found)


Step = Placed | Paths  # a copy, or paths that a command may have changed


@dataclass(frozen=True)
class Overlay:
    """Implements `ecosystems.contract.Files` over the steps of a stage, oldest first."""

    context: BuildContext | None
    steps: tuple[Step, ...] = ()
    application: frozenset[str] = frozenset()

    def then(self, step: Step) -> Overlay:
        """The state after one more step."""
        return Overlay(self.context, (*self.steps, step), self.application)

    def origin(self, path: str) -> str | None:
        """The context path of a file that still is the context's."""
        for step in reversed(self.steps):
            if isinstance(step, Paths):
                if step.contains(path):
                    return None
            elif path in step.files:
                return step.files[path]
            elif path in step.texts:
                return None
        return None

    def read(self, path: str) -> str | None:
        """The text of such a file, or of one that a heredoc made."""
        made = self._made(path)
        if made is not None:
            return made.texts[path]
        origin = self.origin(path)
        return None if origin is None or self.context is None else self.context.read(origin)

    def written(self, path: str) -> bool:
        """Whether a step, by its name, puts something at a path or below it."""
        tree = Paths(trees=frozenset({path}))
        written = (step if isinstance(step, Paths) else step.paths for step in self.steps)
        return any(replace(paths, all_but=None).overlaps(tree) for paths in written)

    def executable(self, path: str) -> bool:
        """Whether the context has it with an execute bit."""
        origin = self.origin(path)
        return origin is not None and self.context is not None and self.context.executable(origin)

    def exists(self, path: str) -> bool | None:
        """True, False or not known; see `Files.exists`."""
        for step in reversed(self.steps):
            if isinstance(step, Paths):
                if step.contains(path):
                    return None
            elif path in step.files or path in step.texts or path in step.dirs:
                return True
        if path.endswith("/.git") and self._without_git:
            return None
        return False if any(below(path, tree) for tree in self.application) else None

    def has(self, path: str) -> bool:
        """Whether it surely exists; quick where no copy ever put it there."""
        placed = (step for step in self.steps if isinstance(step, Placed))
        named = any(
            path in step.files or path in step.texts or path in step.dirs for step in placed
        )
        return named and self.exists(path) is True

    @property
    def _without_git(self) -> bool:
        """A copy of the files without a repository: a checkout would have its `.git`."""
        return self.context is not None and toplevel(self.context.project.root) is None

    def is_folder(self, path: str) -> bool:
        """Whether some copy, or a WORKDIR, surely made it a folder."""
        return any(isinstance(step, Placed) and path in step.dirs for step in self.steps)

    def under(self, tree: str) -> tuple[str, ...]:
        """Every known file below a folder, sorted."""
        return tuple(path for path in self._known(tree) if below(path, tree) and path != tree)

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Known files and folders that match, sorted."""
        root = glob_root(pattern)
        files = self._known(root)
        folders = {
            folder
            for step in self.steps
            if isinstance(step, Placed)
            for folder in step.dirs
            if below(folder, root)
        }
        return tuple(p for p in sorted({*files, *folders}) if match_deep(p, pattern))

    def _made(self, path: str) -> Placed | None:
        """The copy whose heredoc is what is at a path."""
        for step in reversed(self.steps):
            if isinstance(step, Paths) and step.contains(path):
                return None
            if isinstance(step, Placed) and (path in step.texts or path in step.files):
                return step if path in step.texts else None
        return None

    def _known(self, tree: str) -> list[str]:
        found = {
            path
            for step in self.steps
            if isinstance(step, Placed)
            for path in (*step.files, *step.texts)
            if below(path, tree)
        }
        return sorted(
            path for path in found if self.origin(path) is not None or self._made(path) is not None
        )
