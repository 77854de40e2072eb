"""The summary of a run on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap

from reorder.fleet.pages import phrases
from reorder.fleet.pages.figures import About, Figures
from reorder.fleet.row import Status
from reorder.report.kinds import LONGEST, Kind
from reorder.report.style import Style, visible
from reorder.report.words import seconds as spoken
from reorder.report.words import shortened

WIDTH = 80
MOST = 5
_STATUS: dict[Status, str] = {
    "changed": "changed",
    "unchanged": "as good as it gets",
    "refused": "left alone",
    "error": "failed",
    "timeout": "ran out of time",
}


def render(found: Figures, about: About, *, colour: bool = False) -> str:
    """The summary, 80 columns wide; commands and addresses are not cut."""
    style = Style(colour)
    sections = (
        _head(found, about, style),
        _gains(found, style),
        _reasons("Left alone", found.refused, style),
        _reasons("Failed", found.failed, style, style.red),
        _reasons("Ran out of time", found.slow, style, style.red),
        _looks(found, style),
        _reasons("What stands in the way most often", found.left, style, advised=True),
        _next(found, about, style),
    )
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def _head(found: Figures, about: About, style: Style) -> Iterator[str]:
    took = f" in {spoken(about.seconds)}" if about.seconds is not None else ""
    yield style.bold(f"{phrases.repositories(len(found.rows))}{took}")
    for status, count in found.status:
        if count or status == "changed":
            paint = {"changed": style.green, "error": style.red, "timeout": style.red}.get(status)
            line = f"  {count:>7,}  {_STATUS[status]}"
            yield paint(line) if paint and count else line
    if found.count("changed"):
        yield from _wrapped(phrases.sentence(found), "", style.green)
        yield from _wrapped(phrases.basis(found), "", style.dim)
    if len(found.versions) > 1 or len(found.configs) > 1:
        yield style.yellow("The rows are of more than one version or configuration: --resume.")


def _gains(found: Figures, style: Style) -> Iterator[str]:
    if not found.gains:
        return
    yield style.bold("Most is saved in")
    for gain in found.gains[:MOST]:
        name = shortened(gain.row.repo, 42)
        yield f"  {phrases.hours(gain.hours):>9}  {name:<42}  {phrases.pair(gain.row.saving)}"


def _reasons(
    title: str,
    kinds: Sequence[Kind],
    style: Style,
    paint: Callable[[str], str] = str,
    *,
    advised: bool = False,
) -> Iterator[str]:
    if not kinds:
        return
    yield style.bold(title)
    for kind in kinds[:MOST]:
        head, *rest = _wrapped(shortened(phrases.told(kind), LONGEST), " " * 11)
        yield paint(f"  {kind.repos:>7,}  {head.strip()}")
        yield from map(paint, rest)
        named = phrases.names(kind)
        where = shortened(f"{kind.example.repo} {kind.example.where}", 200)
        yield from _wrapped(
            f"{named}; e.g. {where}" if named else f"e.g. {where}", " " * 11, style.dim
        )
        if advised and (hint := phrases.hint(kind)):
            yield from _wrapped(f"-> {hint}", " " * 11)
    if len(kinds) > MOST:
        yield style.dim(f"  and {len(kinds) - MOST} more kinds: see the page")


def _looks(found: Figures, style: Style) -> Iterator[str]:
    looks = phrases.first_looks(found, MOST)
    if looks:
        yield style.bold("Needs a person")
    for look in looks:
        yield f"  {shortened(look.repo, WIDTH - 2)}"
        why = shortened(look.why, LONGEST) + look.others
        yield from _wrapped(why, "    ", style.yellow)


def _next(found: Figures, about: About, style: Style) -> Iterator[str]:
    steps = tuple(phrases.next_steps(found, about))
    if steps:
        yield style.bold("Next")
    for step in steps:
        yield f"  {step.what}"
        yield f"    {step.command}"


def _wrapped(text: str, indent: str, paint: Callable[[str], str] = str) -> Iterator[str]:
    lines = wrap(
        visible(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return map(paint, lines)
