"""`reorder simulate`: what each commit of the history would have cost to build."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reorder.batch.find import find
from reorder.cli import exits, output
from reorder.cli.as_rewrite import CHOICES, as_rewrite
from reorder.cli.configured import configured, folder_of
from reorder.cli.extras import needs
from reorder.errors import InputError

if TYPE_CHECKING:
    from reorder.simulate.builders import Profile
    from reorder.simulate.outcome import Simulated

Format = Literal["text", "json", "html"]
_SHARED = tuple(name for name in CHOICES if name != "commits")


@as_rewrite(*_SHARED, "color")
@click.command(short_help="Replay the git history against the build cache, before and after.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--commits",
    type=click.IntRange(min=1, max=10_000),
    default=200,
    show_default=True,
    metavar="N",
    help="How many commits to replay, the last ones of the first-parent line.",
)
@click.option("--since", default="", metavar="DATE", help="Only commits since then, as for git.")
@click.option(
    "--builds-per-day",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Builds of one developer on a working day; otherwise every commit is built once.",
)
@click.option("--developers", type=click.IntRange(min=1), metavar="N", help="How many build.")
@click.option(
    "--profile",
    type=click.Choice(["local", "ci"]),
    default="local",
    show_default=True,
    help="Who builds: a builder that keeps its cache, or fresh runners with a registry cache.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to report.",
)
@click.option(
    "--output",
    "target",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write the report there instead of to stdout.",
)
def simulate(
    path: str,
    format_: Format,
    target: Path | None,
    **shared: Any,
) -> int:
    """Replay the repository's history through BuildKit's cache rules, without an engine.

    PATH is a Dockerfile or a folder (default: the current folder). Nothing is built, checked out
    or written; the seconds are estimates, from typical or measured (--timings) step times.
    """
    from reorder.simulate.run import Asked
    from reorder.simulate.run import simulate as replayed

    if format_ == "html":
        needs("html", "jinja2", "pygal")
    settings = configured("commits")
    own = {key: one.value for key, one in settings.own(folder_of(path), "simulate").items()}
    files, missing = find((path,))
    if missing:
        name, _, what = (missing[0].result.error or "").partition(": ")
        raise InputError(name, what)
    if not files:
        raise InputError(path, "no Dockerfile found")
    found, failed = [], False
    for file in files:
        try:
            asked = Asked(
                settings.options(file),
                own["commits"],
                own["since"],
                own["builds-per-day"],
                own["developers"],
            )
            found.append(replayed(Path(file), asked))
        except InputError as error:
            if len(files) == 1:
                raise
            failed = True
            output.error(str(error))
    chosen: Profile = "local" if own["profile"] == "local" else "registry"
    if format_ == "json":
        from reorder.report.simulate_json import render as as_json

        text = as_json(found, chosen)
    elif format_ == "html":
        text = _page(found, chosen)
    else:
        from reorder.report.simulate_text import render

        colour = target is None and output.colours(sys.stdout)
        text = "\n".join(render(one, chosen, colour=colour) for one in found)
    if target is None:
        output.data(text)
    else:
        target.write_text(text, encoding="utf-8")
    return exits.BAD_INPUT if failed else exits.FINE


def _page(found: Sequence[Simulated], profile: Profile) -> str:
    from reorder.cli.graphviz import svg
    from reorder.report.drawing import drawing
    from reorder.report.graph_dot import render as as_dot
    from reorder.report.simulate_html import render

    graphs = {}
    for one in found:
        before, after = (svg(as_dot(drawing(facts)), one.path) for facts in one.facts)
        graphs[one.path] = (before[before.index("<svg") :], after[after.index("<svg") :])
    return render(found, profile, graphs)
