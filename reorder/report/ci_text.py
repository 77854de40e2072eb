"""What `ci` found, for people: a line for each place where an image is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reorder.ci.contract import Found, Planned
from reorder.ci.prune.plan import Pruned
from reorder.report.style import Style, number, visible
from reorder.report.words import listed


def summary(
    files: Sequence[Planned],
    pruned: Sequence[Pruned] = (),
    notes: Sequence[str] = (),
    *,
    changed: int,
    written: bool,
    colour: bool = False,
) -> str:
    """The places, with what is new or why not; what removes old caches; a line with the counts.

    `changed` counts files, those that are new included.
    """
    style = Style(colour)
    every = [found for file in files for found in file.found]
    if not every:
        return "No file was found that builds an image.\n"
    lines = []
    for file in files:
        for found in file.found:
            lines.append(_line(file.path, found, style))
            lines += [f"    {style.yellow('warning')}: {visible(w)}" for w in found.warnings]
    lines += [f"{style.yellow('note')}: {visible(note)}" for note in notes]
    for one in pruned:
        lines += ["", *_pruned(one, style)]
    counts = {status: sum(f.status == status for f in every) for status in _WORDS}
    verb = "changed" if written else "would change"
    places = ", ".join(f"{count} {_WORDS[status]}" for status, count in counts.items() if count)
    lines += ["", f"{number(changed, 'file')} {verb}; {number(len(every), 'build')}: {places}."]
    return "\n".join(lines) + "\n"


def _line(path: str, found: Found, style: Style) -> str:
    paint = {"rewritten": style.green, "fine": style.dim, "refused": style.yellow}[found.status]
    place = f"{visible(path)}:{found.line}"
    return f"{place}: {paint(_WORDS[found.status])}: {visible(found.what)}: {visible(found.reason)}"


def _pruned(one: Pruned, style: Style) -> Iterator[str]:
    caches = listed(visible(cache) for cache in one.caches)
    yield f"{style.bold(one.registry)}: {caches}"
    yield f"  a cache that a newer one replaced {one.untagged}"
    yield from (f"  {visible(note)}" for note in one.notes)


_WORDS = {"rewritten": "rewritten", "fine": "fine as it is", "refused": "left alone"}
