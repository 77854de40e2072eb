"""`reorder graph`: what depends on what, as a picture or as data."""

from __future__ import annotations

from typing import Any, Literal

import click

from reorder.cli import exits, output, stdin
from reorder.cli.as_rewrite import SETTINGS, as_rewrite
from reorder.cli.configured import Configured, configured
from reorder.cli.one_file import one_file
from reorder.graph.facts import Facts

Format = Literal["mermaid", "dot", "json", "svg"]


@as_rewrite("context", *SETTINGS)
@click.command(short_help="Draw the dependency graph of a Dockerfile.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["mermaid", "dot", "json", "svg"]),
    default="mermaid",
    show_default=True,
    help="What to print; svg needs Graphviz.",
)
def graph(path: str, format_: Format, **shared: Any) -> int:
    """Draw what each instruction of a Dockerfile needs of those above it.

    PATH is a Dockerfile, a folder with only one (default: the current folder), or `-` for stdin.
    """
    facts = _facts(path, configured())
    output.data(_rendered(facts, path, format_))
    return exits.FINE


def _facts(path: str, chosen: Configured) -> Facts:
    from reorder.graph.facts import derive
    from reorder.opened import open_file, open_text

    if path == stdin.STDIN:
        opened = open_text(stdin.read(), path, chosen.options(chosen.place_of_stdin()))
    else:
        file = one_file(path)
        opened = open_file(file, chosen.options(file))
    return derive(opened.file, opened.context)


def _rendered(facts: Facts, path: str, format_: Format) -> str:
    from reorder.report import graph_dot, graph_json, graph_mermaid
    from reorder.report.drawing import drawing

    drawn = drawing(facts)
    match format_:
        case "mermaid":
            return graph_mermaid.render(drawn)
        case "json":
            return graph_json.render(drawn, facts, path)
        case "dot":
            return graph_dot.render(drawn)
        case "svg":
            from reorder.cli.graphviz import svg

            return svg(graph_dot.render(drawn), path)
