"""`reorder ci`: the registry cache in the files that build a repository's images."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reorder.cli import exits, output, stdin
from reorder.cli.configured import configured, folder_of, settings_options
from reorder.cli.patch_paths import patch_path
from reorder.config import OptionsOf
from reorder.errors import InputError

if TYPE_CHECKING:
    from reorder.batch.edits import Edit
    from reorder.ci.contract import Backend, Planned
    from reorder.ci.prune.plan import Pruned
    from reorder.settings.inforce import Setting

Format = Literal["text", "json"]
# GitHub documentation, "Dependency caching reference".
_EVICTED = "GitHub removes its caches itself: unused for 7 days, or above the repository's limit"


@click.command(short_help="Set up the registry cache in CI files, scripts, compose and bake files.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("-w", "--write", is_flag=True, help="Write the changes in place.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option(
    "--registry-ref",
    metavar="REF",
    help="The repository that all caches go to, without a tag; otherwise that of each image.",
)
@click.option(
    "--main",
    metavar="BRANCH",
    help="The main branch; otherwise the one the clone knows as origin's.",
)
@click.option(
    "--backend",
    type=click.Choice(["registry", "gha"]),
    default="registry",
    show_default=True,
    help="Where the caches are kept; gha is GitHub's own place.",
)
@click.option(
    "--prune",
    is_flag=True,
    help="Also write, or show, what removes old caches: a policy, a script or a workflow.",
)
@settings_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report.",
)
def ci(
    path: str,
    write: bool,
    check: bool,
    format_: Format,
    **shared: Any,
) -> int:
    """Give every build in CI a cache that outlives its runner; print the changes as a diff.

    PATH is a folder, usually the root of a repository (default: the current one). On the main
    branch a build imports and exports the main cache; on any other it imports both and exports
    only its own, so that the first build of a new branch is fast already.
    """
    from reorder.ci.contract import Settings
    from reorder.ci.prune.plan import pruned
    from reorder.ci.run import main_branch, planned
    from reorder.context.project import Project

    _usable(path, write, check)
    chosen = configured()
    own = chosen.own(folder_of(path), "ci")
    main, backend, prune = (own[name].value for name in ("main", "backend", "prune"))
    registry_ref = _reference(own["registry-ref"], backend)
    root = Path(path)
    settings = Settings(main or main_branch(root) or "main", registry_ref, backend)
    files = planned(root, settings)
    found = tuple(
        replace(one, path=one.path and _shown(root, one.path))
        for one in (pruned(files, Project.open(root)) if prune else ())
    )
    files = tuple(replace(file, path=_shown(root, file.path)) for file in files)
    edits = _edits(files, found)
    if write:
        _write(edits)
    if format_ == "json":
        from reorder.report.ci_json import render

        output.data(render(files, patch_path, found if prune else None))
    else:
        notes = (_EVICTED,) if prune and backend == "gha" else ()
        _tell(root, files, found, edits, notes, chosen.options, write)
    return exits.FOUND if check and edits else exits.FINE


def _usable(path: str, write: bool, check: bool) -> None:
    """Raises for what a user must mend first."""
    if write and check:
        raise click.UsageError("--write and --check exclude each other.")
    if path == stdin.STDIN:
        raise click.UsageError("ci reads a repository, and nothing from stdin.")
    if not path:
        raise InputError("''", "is no path; use . for the current folder")


def _reference(given: Setting, backend: Backend) -> str | None:
    """The repository of the caches. Raises for one that is none, or that nothing would use."""
    from reorder.ci.registries import problem
    from reorder.settings.inforce import COMMAND_LINE

    reference: str | None = given.value
    if reference is None:
        return None
    told = given.source == COMMAND_LINE
    if backend != "registry":
        if not told:
            return None
        raise click.UsageError("--registry-ref goes with --backend registry only.")
    wrong = problem(reference)
    if wrong is not None and told:
        raise click.BadParameter(f"{reference!r} {wrong}.", param_hint="'--registry-ref'")
    if wrong is not None:
        raise InputError(given.source, f"`registry-ref`: {reference!r} {wrong}")
    return reference


def _shown(root: Path, path: str) -> str:
    return os.path.normpath(os.path.join(root, path))


def _edits(files: Sequence[Planned], found: Sequence[Pruned]) -> list[Edit]:
    from reorder.batch.edits import Edit

    edits = [Edit(file.path, file.before, file.after) for file in files]
    edits += [Edit(o.path, o.before, o.after) for o in found if o.path and o.after is not None]
    return [edit for edit in edits if edit.before != edit.after]


def _write(edits: Sequence[Edit]) -> None:
    from reorder.context.write import Write, write_all

    for edit in edits:
        if edit.before is None:
            _make_folder(Path(edit.path).parent)
    write_all(
        [
            Write(
                Path(edit.path),
                _raw(edit.after),
                None if edit.before is None else _raw(edit.before),
            )
            for edit in edits
        ]
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(folder), f"cannot be made: {error.strerror}") from error


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _tell(
    root: Path,
    files: Sequence[Planned],
    found: Sequence[Pruned],
    edits: Sequence[Edit],
    notes: tuple[str, ...],
    options: OptionsOf,
    write: bool,
) -> None:
    from reorder.cli.ci_mounts import mounts
    from reorder.report.ci_text import summary
    from reorder.report.diff import patch

    if not write:
        diff = patch(edits, patch_path)
        output.diff(diff)
    if any(file.found for file in files):
        notes = (*notes, *mounts(root, options))
    colour = output.colours(sys.stderr)
    output.note(summary(files, found, notes, changed=len(edits), written=write, colour=colour))
