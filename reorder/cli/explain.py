"""`reorder explain`: what each instruction reads, writes and costs, and why it stays put."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from typing import Any, Literal

import click

from reorder.cli import exits, output, stdin
from reorder.cli.as_rewrite import CHOICES, as_rewrite
from reorder.cli.configured import configured
from reorder.cli.one_file import one_file
from reorder.cli.shown import shown

Format = Literal["text", "json"]
NARROWEST, WIDEST = 80, 100


@as_rewrite(*CHOICES, "color")
@click.command(short_help="Tell what each instruction reads, writes and costs, and what blocks it.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report.",
)
def explain(path: str, format_: Format, **shared: Any) -> int:
    """Explain a Dockerfile, instruction by instruction, and what `rewrite` would do with it.

    PATH is a Dockerfile, a folder with only one (default: the current folder), or `-` for stdin.
    Nothing is written.
    """
    from reorder.analysis import analyse_file, analyse_text

    chosen = configured()
    if path == stdin.STDIN:
        analysis = analyse_text(stdin.read(), path, chosen.options(chosen.place_of_stdin()))
    else:
        file = one_file(path)
        analysis = analyse_file(file, chosen.options(file))
    analysis = replace(analysis, result=shown(analysis.result))
    if format_ == "json":
        from reorder.report.explain_json import render as as_json

        output.data(as_json(analysis))
        return exits.FINE
    from reorder.report.explain import render

    width = max(NARROWEST, min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST))
    output.data(render(analysis, colour=output.colours(sys.stdout), width=width))
    return exits.FINE
