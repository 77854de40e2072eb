"""`reorder codemod`: all of it, over many repositories."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from reorder.cli import exits, output
from reorder.cli.as_rewrite import as_rewrite
from reorder.cli.interrupts import ended_as_interrupted

if TYPE_CHECKING:
    from reorder.cli.codemod_setup import Prepared
    from reorder.fleet.row import Row
    from reorder.fleet.run.results import Results


@as_rewrite("select", "ignore", "unsafe", "builder", "manifest_style", "history", "commits",
            "min_percent", "min_seconds")  # fmt: skip
@click.command(short_help="Rewrite many repositories: branches, patches, pull requests, a report.")
@click.argument("repos", nargs=-1, metavar="[REPO]...")
@click.option(
    "--repos",
    "listed",
    metavar="FILE",
    help="A list of repositories, one a line; - reads it from stdin.",
)
@click.option(
    "--opt-out",
    metavar="FILE",
    help="Names or patterns of repositories that are left alone.",
)
@click.option(
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("reorder-codemod"),
    show_default=True,
    metavar="DIR",
    help="Where results, patches and the report go.",
)
@click.option("--patch", is_flag=True, help="A patch for each (the default without a branch).")
@click.option("--commit", is_flag=True, help="A commit on a branch; in DIR/clones for remote ones.")
@click.option("--branch", metavar="NAME", help="The name of that branch (implies --commit).")
@click.option("--push", is_flag=True, help="Push the branch (implies --commit).")
@click.option(
    "--pr",
    type=click.Choice(["github", "gitlab", "gitea"]),
    help="Open a pull request for it, or update the one that is there (implies --push).",
)
@click.option(
    "--forge",
    "servers",
    multiple=True,
    metavar="HOST=KIND",
    help="The kind of a forge of your own: github, gitlab or gitea; [,url=URL][,token=VARIABLE].",
)
@click.option("--draft", is_flag=True, help="Pull requests are drafts.")
@click.option("--label", "labels", multiple=True, metavar="NAME", help="A label of each of them.")
@click.option("--reviewer", "reviewers", multiple=True, metavar="NAME", help="Who is to review.")
@click.option(
    "--max-prs-per-hour",
    type=click.IntRange(min=1),
    metavar="N",
    help="Open no more than this in an hour.",
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A reorder.toml for all of them; one of a repository's own can only ask for less.",
)
@click.option("--author", metavar="NAME <MAIL>", help="Author of the commits.")
@click.option("--ci", is_flag=True, help="Also set up the registry cache in CI (reorder ci).")
@click.option("--verify", is_flag=True, help="Change only what real builds prove (reorder verify).")
@click.option("--simulate", is_flag=True, help="Savings from a replay of the history, not typical.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many at the same time; otherwise one for each processor.",
)
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers do the work.")
@click.option("--resume", is_flag=True, help="Go on with what DIR has; redo only what is stale.")
@click.option("--retry", is_flag=True, help="With --resume: also redo what failed.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    metavar="S",
    help="Seconds for one repository  [default: 600; with --verify 3600]",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Work on no more than N.")
def codemod(folder: Path, resume: bool, retry: bool, limit: int | None, **chosen: Any) -> int:
    """Rewrite the Dockerfiles of many repositories, and say what became of each.

    REPO is a local checkout, a clone URL, host/owner/name, or host/owner/* for all that an
    organisation, group or user has. Checkouts are never touched: the work is done in clones of
    our own, and ends as a patch in DIR, as a branch, or as a pull request.
    """
    if not chosen["repos"] and chosen["listed"] is None:
        raise click.UsageError("Name a repository, or a list of them with --repos.")
    if retry and not resume:
        raise click.UsageError("--retry goes with --resume.")
    from reorder.cli.codemod_setup import prepared
    from reorder.fleet.run.results import results

    ready, begun = prepared(folder, chosen), monotonic()
    with results(folder, resume=resume) as found, ExitStack() as stack:
        if ready.settings.work is not None:
            stack.callback(shutil.rmtree, ready.settings.work, ignore_errors=True)
        try:
            with ended_as_interrupted():
                _work(ready, found, chosen, limit, retry)
        except KeyboardInterrupt:
            left = len(ready.listed) - len(_rows(ready, found))
            output.note(f"interrupted; {left} of {len(ready.listed)} are left: use --resume\n")
            raise
        _report(ready, found, folder, monotonic() - begun)
    return exits.FINE


def _work(
    ready: Prepared, found: Results, chosen: dict[str, Any], limit: int | None, retry: bool
) -> None:
    from reorder.cli.codemod_live import live
    from reorder.fleet.run.executors import cluster, processes, stop_processes
    from reorder.fleet.run.run import Run
    from reorder.fleet.run.run import codemod as run

    jobs = chosen["jobs"] or os.cpu_count() or 1
    with ExitStack() as stack:
        if chosen["scheduler"]:
            workers = stack.enter_context(cluster(chosen["scheduler"]))
        else:
            workers = processes(jobs)
            stack.callback(stop_processes)
        stopped = Event()
        open_pull = ready.open_pull(found.rows, stopped) if ready.open_pull else None
        known = len(_rows(ready, found))
        total = min(len(ready.listed), known + limit if limit else len(ready.listed))
        on_row = stack.enter_context(live(total))
        asked = Run(ready.settings, workers, jobs, limit, retry, open_pull, ready.look, stopped)
        run(ready.listed, asked, found, on_row)


def _rows(ready: Prepared, found: Results) -> tuple[Row, ...]:
    rows = (found.rows.get(one.repository.name) for one in ready.listed)
    return tuple(row for row in rows if row is not None)


def _report(ready: Prepared, found: Results, folder: Path, seconds: float) -> None:
    """The pages, and the summary for whoever waits."""
    import shlex
    from time import strftime

    from reorder.fleet.pages.figures import About
    from reorder.fleet.pages.files import write_pages
    from reorder.fleet.pages.text import render
    from reorder.fleet.run.results import writing
    from reorder.fleet.secrets import redacted

    command = redacted(shlex.join(["reorder", *sys.argv[1:]]))
    about = About(command, str(folder), strftime("%Y-%m-%d %H:%M"), seconds)
    with writing(folder):
        figures, notes = write_pages(_rows(ready, found), folder, about)
    colour = output.colours(sys.stderr)
    output.note(render(figures, about, colour=colour))
    for note in notes:
        output.note(f"{note}\n")
