"""What `ci` found, for people: a line for each place where an image is built."""

from __future__ import annotations

from collections.abc import Sequence

from reorder.ci.contract import Found, Planned
from reorder.report.style import Style, number, visible


def summary(files: Sequence[Planned], *, written: bool, colour: bool = False) -> str:
    """The places, with what is new or why not, and one line with the counts."""
    style = Style(colour)
    lines = []
    for file in files:
        for found in file.found:
            lines.append(_line(file.path, found, style))
            lines += [f"    {style.yellow('warning')}: {visible(w)}" for w in found.warnings]
    every = [found for file in files for found in file.found]
    counts = {status: sum(f.status == status for f in every) for status in _WORDS}
    if not every:
        return "No file was found that builds an image.\n"
    changed = sum(file.before != file.after for file in files)
    verb = "changed" if written else "would change"
    places = ", ".join(f"{count} {_WORDS[status]}" for status, count in counts.items() if count)
    lines += ["", f"{number(changed, 'file')} {verb}; {number(len(every), 'build')}: {places}."]
    return "\n".join(lines) + "\n"


def _line(path: str, found: Found, style: Style) -> str:
    paint = {"rewritten": style.green, "fine": style.dim, "refused": style.yellow}[found.status]
    place = f"{visible(path)}:{found.line}"
    return f"{place}: {paint(_WORDS[found.status])}: {visible(found.what)}: {visible(found.reason)}"


_WORDS = {"rewritten": "rewritten", "fine": "fine as it is", "refused": "left alone"}
