"""What a repository's changes save: seconds of a rebuild, and builds a year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from reorder.config import Options, OptionsOf
from reorder.context.commits import line
from reorder.errors import InputError
from reorder.fleet.row import Saving
from reorder.result import Result
from reorder.simulate.builds import builds_a_year
from reorder.simulate.outcome import Played


def estimated(results: Sequence[Result], options: Options) -> Saving | None:
    """From the estimate of each changed file; None when nothing changed that has one."""
    known = [one.estimate for one in results if one.status == "changed" and one.estimate]
    if not known:
        return None
    log = line(Path.cwd(), "HEAD", options.commits) or ()
    played = [Played(commit.name, commit.time) for commit in reversed(log)]
    return Saving(
        sum(one.seconds_before for one in known),
        sum(one.seconds_after for one in known),
        builds_a_year(played, None, None).a_year if len(played) > 1 else 0.0,
    )


def simulated(
    results: Sequence[Result], options: OptionsOf, instead: Saving
) -> tuple[Saving, tuple[str, ...]]:
    """The same from a replay of the history, on a builder that keeps its cache, and notes.

    A file that has no history to replay keeps what was estimated for it.
    """
    from reorder.simulate.run import Asked, simulate

    before, after, rates, notes = 0.0, 0.0, [], []
    for one in results:
        if one.status != "changed":
            continue
        try:
            found = simulate(Path(one.path), Asked(options(one.path)))
        except InputError as error:
            notes.append(str(error))
            if one.estimate is not None:
                before += one.estimate.seconds_before
                after += one.estimate.seconds_after
            continue
        before += found.pairs["local"].before.mean
        after += found.pairs["local"].after.mean
        rates.append(found.builds.a_year)
    if not rates:
        return instead, tuple(notes)
    return Saving(before, after, fmean(rates), "simulation"), tuple(notes)
