"""`reorder config`: which settings are in force, and where each is from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reorder.batch.find import find
from reorder.cli import exits, output, stdin
from reorder.cli.as_rewrite import CHOICES, as_rewrite
from reorder.cli.configured import Configured, configured

if TYPE_CHECKING:
    from reorder.report.config import InForce

Format = Literal["text", "json"]


@as_rewrite(*CHOICES)
@click.command(short_help="Show which settings are in force, and where each is from.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report; text is a reorder.toml that says the same.",
)
def config(path: str, format_: Format, **shared: Any) -> int:
    """Show the settings for a Dockerfile, or for those of a folder (default: the current one).

    Each is the default, from a file (reorder.toml, or [tool.reorder] in pyproject.toml: the nearest
    above the Dockerfile, up to the top of the repository), or from the command line, which wins.
    """
    from reorder.report.config import as_json, as_text

    if path == stdin.STDIN:
        raise click.UsageError("config takes a path, and nothing from stdin.")
    found = tuple(_grouped(_each(configured(), path)))
    output.data(as_json(found) if format_ == "json" else as_text(found))
    return exits.FINE


def _each(chosen: Configured, path: str) -> Iterator[InForce]:
    from reorder.errors import InputError
    from reorder.report.config import InForce
    from reorder.settings.inforce import table_in_force
    from reorder.settings.keys import TABLES

    files, missing = find((path,))
    if missing:
        name, _, what = (missing[0].result.error or "").partition(": ")
        raise InputError(name, what)
    # A folder without a Dockerfile: what would hold for one.
    for shown, file in [(name, Path(name)) for name in files] or [(path, Path(path, "Dockerfile"))]:
        source = chosen.file(file.parent)
        own = {command: table_in_force(source, command, {}) for command in TABLES}
        yield InForce(
            (shown,), str(source.path) if source is not None else None, chosen.in_force(file), own
        )


def _grouped(each: Iterator[InForce]) -> Iterator[InForce]:
    """Dockerfiles with the same settings together, in the order of the first of them."""
    from dataclasses import replace

    groups: list[InForce] = []
    for one in each:
        same = next((at for at, old in enumerate(groups) if _same(old, one)), None)
        if same is None:
            groups.append(one)
        else:
            groups[same] = replace(groups[same], paths=(*groups[same].paths, *one.paths))
    yield from groups


def _same(a: InForce, b: InForce) -> bool:
    return (a.file, a.settings, a.commands) == (b.file, b.settings, b.commands)
