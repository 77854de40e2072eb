"""How much is told, and how it looks: `--quiet`, `--verbose`, `--statistics`, `--color`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import click

Colour = Literal["auto", "always", "never"]
_COLOURS: dict[str, bool | None] = {"auto": None, "always": True, "never": False}
NAMES = ("quiet", "verbose", "statistics", "no_pager", "color")


@dataclass(frozen=True, slots=True)
class Telling:
    """What the user wants to hear."""

    quiet: bool = False
    verbose: bool = False
    statistics: bool = False
    pager: bool = True


def telling(quiet: bool, verbose: bool, statistics: bool, no_pager: bool) -> Telling:
    """The options together. Raises click.UsageError for a contradiction."""
    if quiet and (verbose or statistics):
        raise click.UsageError("--quiet excludes --verbose and --statistics.")
    return Telling(quiet, verbose, statistics, not no_pager)


def telling_options(command: Callable[..., int]) -> Callable[..., int]:
    """A decorator that adds them; `--color` is kept in the context, where `output` finds it."""
    options = (
        click.option("-q", "--quiet", is_flag=True, help="Errors only; with --check no diff."),
        click.option(
            "-v", "--verbose", is_flag=True, help="Also tell refusals, and what is assumed."
        ),
        click.option(
            "--statistics", is_flag=True, help="Count changes and refusals, and the seconds saved."
        ),
        click.option(
            "--color",
            type=click.Choice(list(_COLOURS)),
            default="auto",
            show_default=True,
            expose_value=False,
            callback=_coloured,
            help="Whether to colour; auto: on a terminal, and as NO_COLOR and FORCE_COLOR say.",
        ),
        click.option("--no-pager", is_flag=True, help="Never start a pager (GIT_PAGER, PAGER)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _coloured(ctx: click.Context, param: click.Parameter, value: str) -> None:
    ctx.color = _COLOURS[value]
