"""`reorder verify`: builds before and after with a real engine, compares, measures the rebuild."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import click

from reorder.cli import exits, output
from reorder.cli.as_rewrite import CHOICES, as_rewrite
from reorder.cli.configured import configured, folder_of
from reorder.cli.interrupts import ended_as_interrupted
from reorder.cli.one_file import one_file
from reorder.errors import InputError

Format = Literal["text", "json", "html"]


@as_rewrite(*CHOICES, "color")
@click.command(short_help="Build before and after with a real engine, compare and measure.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--engine",
    type=click.Choice(["auto", "buildx", "buildctl", "docker", "podman", "buildah"]),
    default="auto",
    show_default=True,
    help="What builds.",
)
@click.option("--builder-name", metavar="NAME", help="One of buildx's builders.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare with this Dockerfile instead of the proposed one.",
)
@click.option(
    "--target", metavar="STAGE", help="Only this stage; otherwise the last and all named."
)
@click.option(
    "--edit",
    default="auto",
    show_default=True,
    metavar="WHAT",
    help="Before the rebuilds: auto, none, a PATH, or a number of commits to replay.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1, max=100),
    default=1,
    show_default=True,
    metavar="N",
    help="How often each rebuild is measured; the median counts.",
)
@click.option("--build-arg", multiple=True, metavar="NAME=VALUE", help="As for `docker build`.")
@click.option(
    "--engine-flag",
    multiple=True,
    metavar="FLAG",
    help="A word for the engine's own build command, such as --engine-flag=--ssh=default.",
)
@click.option(
    "--save-timings",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write the seconds of each step to a file that --timings reads.",
)
@click.option(
    "--limit",
    type=click.FloatRange(min=1),
    default=3600.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one build may take.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to report.",
)
def verify(
    path: str,
    against: Path | None,
    build_arg: tuple[str, ...],
    engine_flag: tuple[str, ...],
    save_timings: Path | None,
    format_: Format,
    **shared: Any,
) -> int:
    """Prove by real builds that the rewritten Dockerfile gives the same image, and measure it.

    PATH is a Dockerfile, or a folder with only one (default: the current folder). The original is
    built twice without cache, the rewritten one once, and every target is compared; then both are
    built again after an edit. The folder itself is only read. Exit code 1: an image differs.
    """
    from reorder.cli.live import watched
    from reorder.verify.engines import find
    from reorder.verify.run import Asked
    from reorder.verify.run import verify as proved

    settings = configured()
    own = {name: one.value for name, one in settings.own(folder_of(path), "verify").items()}
    file = one_file(path)
    asked = Asked(
        options=settings.options(file),
        against=against,
        target=own["target"],
        edit=own["edit"],
        rounds=own["rounds"],
        args=_arguments(build_arg),
        flags=engine_flag,
        seconds=own["limit"],
    )
    with ended_as_interrupted():
        found_engine = find(own["engine"], own["builder-name"])
        with watched() as watcher:
            found = proved(file, asked, found_engine, watcher.tell, watcher.on_line)
    if save_timings is not None:
        from reorder.cost.buildlog import write_steps

        save_timings.write_text(write_steps(found.steps), encoding="utf-8")
    if format_ == "json":
        from reorder.report.verify_json import render as as_json

        output.data(as_json(found))
    elif format_ == "html":
        from reorder.report.verify_html import render as as_html

        output.data(as_html(found))
    else:
        from reorder.report.verify_text import render

        output.data(render(found, colour=output.colours(sys.stdout)))
    return exits.FINE if found.identical else exits.FOUND


def _arguments(given: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE`; a NAME alone has the value of the environment, as for `docker build`."""
    import os

    found = {}
    for word in given:
        name, equals, value = word.partition("=")
        if equals:
            found[name] = value
        elif name in os.environ:
            found[name] = os.environ[name]
        else:
            raise InputError("--build-arg", f"{name} has no value and is not in the environment")
    return found
