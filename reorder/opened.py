"""A Dockerfile from disk or stdin, with the build context and the costs that belong to it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reorder.config import Options
from reorder.context.build import BuildContext, build_context
from reorder.context.locate import locate
from reorder.context.project import Project
from reorder.context.reading import named_text
from reorder.cost.model import Costs
from reorder.cost.tiers import is_manifest
from reorder.cost.weighing import weighed
from reorder.errors import InputError
from reorder.graph.siblings import local_sources, used_paths
from reorder.graph.windows import windows_line
from reorder.syntax import pragmas
from reorder.syntax.nodes import File
from reorder.syntax.parse import parse
from reorder.transforms.ids import IDS


@dataclass(frozen=True, slots=True)
class Left:
    """Why a file stays as it is, whatever could be done to it, and the line that says so."""

    line: int
    reason: str


MOST_BYTES = 1 << 19  # fifty times the largest Dockerfiles that people write
# The work on a file grows with the square of its instructions.
MOST_INSTRUCTIONS = 600
MOST_LAYERS = 125  # moby layer/layer_store.go `maxLayerDepth`: an image with more is not made
_LAYERS = frozenset({"run", "copy", "add"})


# No slots: the history is only asked for the costs.
@dataclass(frozen=True)
class Opened:
    """`context` is None when it is not known which folder it is; `unknown` says why."""

    path: Path
    file: File
    root: Path  # the folder that the context is taken to be
    context: BuildContext | None
    options: Options
    unknown: str = ""
    on_disk: bool = True
    windows: int | None = None  # the line that makes it a Windows image
    off: Left | None = None  # its user or its author wants it as it is

    @cached_property
    def costs(self) -> Costs:
        """How its steps are weighed. Raises InputError when the timings cannot be used."""
        return weighed(self.path if self.on_disk else None, str(self.file), self.root, self.options)


def open_file(
    path: Path, options: Options, ignore_overrides: Mapping[Path, str] | None = None
) -> Opened:
    """One Dockerfile on disk. Raises InputError for what a user can mend.

    `ignore_overrides` has texts of ignore files that are not on disk yet.
    """
    file, off = _parsed(named_text(path, MOST_BYTES), str(path), options)
    windows = windows_line(file)
    if windows is not None or file.problems:
        return Opened(path, file, path.parent, None, options, windows=windows, off=off)
    place = locate(path, local_sources(file), options.context, used_paths(file))
    context = _context(place.root, path, ignore_overrides or {})
    known = place.certain or any(map(is_manifest, context.project.children("")))
    found = context if known else None
    return Opened(path, file, place.root, found, options, place.reason, off=off)


def open_text(text: str, name: str, options: Options) -> Opened:
    """Text that has no file, in the context of `options.context` or of the current folder."""
    root = options.context or Path()
    file, off = _parsed(text, name, options)
    windows = windows_line(file)
    known = windows is None and not file.problems
    context = _context(root, root / "Dockerfile", {}) if known else None
    return Opened(Path(name), file, root, context, options, on_disk=False, windows=windows, off=off)


def _context(root: Path, dockerfile: Path, overrides: Mapping[Path, str]) -> BuildContext:
    relative = os.path.relpath(dockerfile, root).replace(os.sep, "/")
    context = build_context(Project.open(root), relative)
    if context.problem is not None:
        place = str(Path(root, context.ignore_path))
        raise InputError(place, context.problem.message, context.problem.line)
    override = overrides.get(Path(os.path.abspath(Path(root, context.ignore_path))))
    return context if override is None else context.with_ignore(override)


def _parsed(text: str, name: str, options: Options) -> tuple[File, Left | None]:
    """The file and why it is left alone; then it may be one that no builder would take."""
    file = parse(text)
    unclear = next(pragmas.problems(file, IDS), None)
    if unclear is not None:
        raise InputError(name, unclear.message, unclear.line)
    off = _off(file, options)
    if file.problems and off is None:
        problem = file.problems[0]
        raise InputError(name, problem.message, problem.line)
    if off is None:
        _bounded(file, name)
    return file, off


def _off(file: File, options: Options) -> Left | None:
    line = pragmas.off_line(file)
    if line is None:
        return Left(1, f"{options.off}: the file stays as it is") if options.off else None
    said = "`# reorder: off`: the file stays as it is"
    hidden = pragmas.hidden_directive(file)
    if hidden is not None:
        said += f"; `{hidden}` below a comment has no effect, so put it into the first line"
    return Left(line, said)


def _bounded(file: File, name: str) -> None:
    count, layers = len(file.instructions), 0
    if count > MOST_INSTRUCTIONS:
        what = f"it has {count:,} instructions, and at most {MOST_INSTRUCTIONS} are understood"
        raise InputError(name, what, file.instructions[MOST_INSTRUCTIONS].line)
    for node in file.instructions:
        layers = 0 if node.keyword == "from" else layers + (node.keyword in _LAYERS)
        if layers > MOST_LAYERS:
            what = f"the stage has more than {MOST_LAYERS} layers, which no image has; join some"
            raise InputError(name, what, node.line)
