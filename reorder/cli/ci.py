"""`reorder ci`: the registry cache in the files that build a repository's images."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reorder.cli import exits, output
from reorder.cli.patch_paths import patch_path

if TYPE_CHECKING:
    from reorder.ci.contract import Backend, Planned

Format = Literal["text", "json"]


@click.command(short_help="Set up the registry cache in CI files, scripts, compose and bake files.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("-w", "--write", is_flag=True, help="Write the changes in place.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option(
    "--registry-ref",
    metavar="REF",
    help="The repository that the caches go to; otherwise that of each image, under own tags.",
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
    help="Where the cache is kept; gha is GitHub's own.",
)
@click.option(
    "--prune",
    is_flag=True,
    help="Also write, or show, what removes stale cache manifests from the registry.",
)
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
    registry_ref: str | None,
    main: str | None,
    backend: Backend,
    prune: bool,
    format_: Format,
) -> int:
    """Give every build in CI a cache that outlives its runner; print the changes as a diff.

    PATH is the root of a repository (default: the current folder). On the main branch a build
    imports and exports the main cache; on any other it imports both and exports its own.
    """
    from reorder.ci.contract import Settings
    from reorder.ci.run import main_branch, planned

    if write and check:
        raise click.UsageError("--write and --check exclude each other.")
    root = Path(path)
    branch = main or main_branch(root) or "main"
    files = planned(root, Settings(branch, registry_ref, backend))
    files = tuple(replace(file, path=_shown(root, file.path)) for file in files)
    if write:
        _write(files)
    if format_ == "json":
        from reorder.report.ci_json import render

        output.data(render(files, patch_path))
    else:
        _tell(files, write, check)
    changed = any(file.before != file.after for file in files)
    return exits.FOUND if check and changed else exits.FINE


def _shown(root: Path, path: str) -> str:
    return os.path.normpath(os.path.join(root, path))


def _write(files: Sequence[Planned]) -> None:
    from reorder.context.write import Write, write_all

    raw = [
        Write(Path(file.path), _raw(file.after), _raw(file.before))
        for file in files
        if file.before != file.after
    ]
    write_all(raw)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _tell(files: Sequence[Planned], write: bool, check: bool) -> None:
    from reorder.report.ci_text import summary
    from reorder.report.diff import Edit, patch
    from reorder.report.text import paint

    if not write:
        edits = [Edit(f.path, f.before, f.after) for f in files if f.before != f.after]
        diff = patch(edits, patch_path)
        output.data(paint(diff) + "\n" if diff and output.colours(sys.stdout) else diff)
    output.note(summary(files, written=write, colour=output.colours(sys.stderr)))
