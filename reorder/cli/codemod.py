"""`reorder codemod`: all of it, over many repositories."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from reorder.cli import exits, output
from reorder.cli.as_rewrite import as_rewrite, options
from reorder.cli.extras import needs

if TYPE_CHECKING:
    from reorder.fleet.run.run import Listed, Run
    from reorder.fleet.settings import Settings

Forge = Literal["github", "gitlab", "gitea"]


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
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
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
@click.option("--draft", is_flag=True, help="Pull requests are drafts.")
@click.option("--label", "labels", multiple=True, metavar="NAME", help="A label of each of them.")
@click.option("--reviewer", "reviewers", multiple=True, metavar="NAME", help="Who is to review.")
@click.option(
    "--max-prs-per-hour",
    type=click.IntRange(min=1),
    metavar="N",
    help="Open no more than this in an hour.",
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
def codemod(
    repos: tuple[str, ...],
    listed: str | None,
    opt_out: Path | None,
    folder: Path,
    patch: bool,
    commit: bool,
    branch: str | None,
    push: bool,
    pr: Forge | None,
    draft: bool,
    labels: tuple[str, ...],
    reviewers: tuple[str, ...],
    max_prs_per_hour: int | None,
    author: str | None,
    ci: bool,
    verify: bool,
    simulate: bool,
    jobs: int | None,
    scheduler: str | None,
    resume: bool,
    retry: bool,
    timeout: float | None,
    limit: int | None,
    **choices: Any,
) -> int:
    """Rewrite the Dockerfiles of many repositories, and say what became of each.

    REPO is a local checkout, a clone URL, host/owner/name, or host/owner/* for all that an
    organisation, group or user has. Checkouts are never touched: the work is done in clones of
    our own, and ends as a patch in DIR, as a branch, or as a pull request.
    """
