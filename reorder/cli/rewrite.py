"""`reorder rewrite`: prints a diff, or writes, or checks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from reorder.batch.find import find
from reorder.batch.rewrite import Outcome, attempt, rewrite_all
from reorder.batch.save import save
from reorder.cli import exits, output, stdin, transform_ids
from reorder.cli.configured import Configured, configured, settings_options
from reorder.cli.shown import shown
from reorder.cli.telling import telling, telling_options
from reorder.cli.told import Format, Mode, tell
from reorder.result import Result

_OF_WHAT_IS_THERE = ("sarif", "github")  # formats about the lines of the files as they are


@click.command(short_help="Show, write or check the changes (the default command).")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("-w", "--write", is_flag=True, help="Write the changes in place.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option("--verify", is_flag=True, help="Change only what real builds prove (reorder verify).")
@click.option(
    "--select",
    metavar="ID,...",
    multiple=True,
    callback=transform_ids.parse,
    shell_complete=transform_ids.complete,
    help="Use only these transforms.",
)
@click.option(
    "--ignore",
    metavar="ID,...",
    multiple=True,
    callback=transform_ids.parse,
    shell_complete=transform_ids.complete,
    help="Leave these transforms out.",
)
@click.option(
    "--unsafe/--no-unsafe", help="Also make changes that are not proved to be safe; default: no."
)
@click.option(
    "--context",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The build context of every PATH; found from the COPY sources if not given.",
)
@click.option(
    "--builder",
    type=click.Choice(["auto", "persistent", "ephemeral"]),
    default="auto",
    show_default=True,
    help="Whether the builder keeps its cache mounts; auto: not where CI imports a layer cache.",
)
@click.option(
    "--manifest-style",
    type=click.Choice(["auto", "explicit", "parents"]),
    default="auto",
    show_default=True,
    help="Whether a list of manifests is COPY --parents: auto, above a dozen lines.",
)
@click.option(
    "--history/--no-history",
    default=True,
    show_default=True,
    help="Ask git how often files and instructions changed.",
)
@click.option(
    "--commits",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    metavar="N",
    help="How many commits of the history to look at.",
)
@click.option(
    "--timings",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A BuildKit progress log (plain or rawjson) with the seconds of each step.",
)
@click.option(
    "--min-percent",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    metavar="N",
    help="Move nothing that saves less than this part of its stage.",
)
@click.option(
    "--min-seconds",
    type=click.FloatRange(min=0),
    default=0.5,
    show_default=True,
    metavar="N",
    help="Move nothing that saves less than this for each rebuild.",
)
@settings_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How to report; sarif for code scanning, github for annotations of a workflow.",
)
@telling_options
def rewrite(
    paths: tuple[str, ...],
    write: bool,
    check: bool,
    verify: bool,
    format_: Format,
    quiet: bool,
    verbose: bool,
    statistics: bool,
    no_pager: bool,
    **shared: Any,  # what decides the result is asked for each Dockerfile
) -> int:
    """Rewrite Dockerfiles; print the changes as a diff that `git apply` takes.

    PATH is a Dockerfile, a folder to search for Dockerfiles (default: the current one), or `-`,
    which reads a Dockerfile from stdin and writes the new one to stdout. Options may also stand in
    reorder.toml or pyproject.toml: see `reorder config`.
    """
    if write and check:
        raise click.UsageError("--write and --check exclude each other.")
    if write and format_ in _OF_WHAT_IS_THERE:
        raise click.UsageError(f"--format {format_} tells what would change: not with --write.")
    wants = telling(quiet, verbose, statistics, no_pager)
    from_stdin = stdin.STDIN in paths
    if from_stdin and (write or verify or len(paths) > 1):
        raise click.UsageError("- goes with no other PATH and not with --write or --verify.")
    chosen = configured()
    mode: Mode = "write" if write else "check" if check else "diff"
    outcomes = _from_stdin(chosen) if from_stdin else _from_disk(paths or (".",), chosen)
    if verify:
        from reorder.cli.prove import prove

        outcomes = prove(outcomes, chosen.options)
    if write:
        outcomes = save(outcomes)
    _tell_errors(outcomes)
    results = [shown(outcome.result) for outcome in outcomes]
    tell(results, format_, mode, wants, from_stdin=from_stdin)
    return _exit_code(outcomes, check)


def _from_stdin(chosen: Configured) -> tuple[Outcome, ...]:
    from reorder.api import rewrite_text

    text = stdin.read()

    def rewritten() -> Result:
        return rewrite_text(text, stdin.STDIN, chosen.options(chosen.place_of_stdin()))

    return (attempt(stdin.STDIN, rewritten),)


def _from_disk(paths: Sequence[str], chosen: Configured) -> tuple[Outcome, ...]:
    from reorder.api import rewrite_file

    files, missing = find(paths)
    return (*missing, *rewrite_all(files, chosen.options, rewrite_file))


def _tell_errors(outcomes: Sequence[Outcome]) -> None:
    """Each message once: files that are written together fail together."""
    for message in dict.fromkeys(outcome.result.error for outcome in outcomes):
        if message is not None:
            output.error(message)
    for outcome in outcomes:
        if outcome.bug is not None:
            from reorder.cli.bug import report

            output.note(report(outcome.bug, sys.argv[1:], outcome.result.path) + "\n")


def _exit_code(outcomes: Sequence[Outcome], check: bool) -> int:
    if any(outcome.bug is not None for outcome in outcomes):
        return exits.BUG
    if any(outcome.result.status == "error" for outcome in outcomes):
        return exits.BAD_INPUT
    changed = any(outcome.result.status == "changed" for outcome in outcomes)
    return exits.FOUND if check and changed else exits.FINE
