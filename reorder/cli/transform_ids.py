"""`--select` and `--ignore`: lists of transform ids."""

from __future__ import annotations

from collections.abc import Iterable

import click

from reorder.transforms.ids import IDS


def parse(
    ctx: click.Context, param: click.Parameter, values: Iterable[str]
) -> frozenset[str] | None:
    """The ids of a repeatable comma list; None where the option was not given.

    Raises click.BadParameter for an id that does not exist, with the nearest one that does.
    """
    given = tuple(values)
    if not given:
        return None
    ids = [part.strip() for value in given for part in value.split(",")]
    for name in ids:
        if name not in IDS:
            raise click.BadParameter(_unknown(name), ctx, param)
    return frozenset(ids)


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """For a shell: each id that may end the comma list, with what stands before it."""
    before, comma, begun = incomplete.rpartition(",")
    taken = {part.strip() for part in before.split(",")}
    return [
        f"{before}{comma}{name}" for name in IDS if name.startswith(begun) and name not in taken
    ]


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, IDS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(IDS)}."
    return f"{name!r} is not a transform; {hint}"
