"""What `simulate` found out, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from reorder.report.simulate_rows import Row, rows
from reorder.report.style import Style, number, visible
from reorder.report.words import seconds, shortened
from reorder.simulate.builders import PROFILES, Profile
from reorder.simulate.outcome import Pair, Simulated, Step

_WIDTH = 52
_SHORT = {"registry": "registry cache", "none": "no cache"}


def render(found: Simulated, profile: Profile, *, colour: bool = False) -> str:
    """A table of the steps for one kind of builder, the three kinds side by side, and the sum."""
    style = Style(colour)
    pair = found.pairs[profile]
    lines = [style.bold(visible(found.path))]
    lines.append(f"{number(len(found.commits), 'commit')} replayed ({span(found)})")
    lines += ["", style.bold(f"{'step':<{_WIDTH}} {'seconds':>9} {'run again':>16}")]
    lines += [_row(row, style) for row in rows(pair)]
    lines += ["", *_profiles(found, profile, style), ""]
    lines += [style.dim(f"assumed: {text}") for text in found.assumptions]
    lines += ["", _summary(found, pair, style)]
    return "\n".join(lines) + "\n"


def span(found: Simulated) -> str:
    """The days of the first and the last replayed commit."""
    first, last = (datetime.fromtimestamp(found.commits[at].time, timezone.utc) for at in (0, -1))
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _row(row: Row, style: Style) -> str:
    step = row.after or row.before
    assert step is not None
    mark = "+ " if row.before is None else "- " if row.after is None else "  "
    text = f"{mark}{_title(step):<{_WIDTH - 2}}"
    times = _both(row, lambda one: f"{one.seconds:.1f}")
    counts = _both(row, lambda one: str(one.reruns))
    line = f"{text} {times:>9} {counts:>16}"
    better = row.before and row.after and row.after.reruns < row.before.reruns
    return style.green(line) if better else line


def _title(step: Step) -> str:
    return shortened(step.text.replace("\\\n", " "), _WIDTH - 2)


def _both(row: Row, said: Callable[[Step], str]) -> str:
    was, now = (said(step) if step is not None else "-" for step in (row.before, row.after))
    return was if was == now else f"{was} -> {now}"


def _profiles(found: Simulated, chosen: Profile, style: Style) -> Iterator[str]:
    names = [*PROFILES.values(), *map(_rewritten, found.fresh)]
    width = max(map(len, names))
    yield style.bold(f"{'a build, on average':<{width}} {'before':>9} {'after':>9} {'saved':>7}")
    for name, words in PROFILES.items():
        line = _compared(words, width, found.pairs[name])
        yield line if name == chosen else style.dim(line)
    for name, pair in found.fresh.items():
        yield style.dim(_compared(_rewritten(name), width, pair))


def _rewritten(name: Profile) -> str:
    return f"{_SHORT[name]}, rewritten with --builder ephemeral"


def _compared(words: str, width: int, pair: Pair) -> str:
    was, now = seconds(pair.before.mean), seconds(pair.after.mean)
    return f"{words:<{width}} {was:>9} {now:>9} {pair.percent:>6.0f}%"


def _summary(found: Simulated, pair: Pair, style: Style) -> str:
    if found.result.status != "changed":
        return "Nothing would be changed, so there is nothing to save."
    was, now = seconds(pair.before.mean), seconds(pair.after.mean)
    hours = found.builds.hours(pair.saved)
    text = f"{was} -> {now} a build: {abs(pair.percent):.0f} %"
    if pair.saved < 0:
        return style.red(f"{text} more ({-hours:,.1f} hours a year, {found.builds.words}).")
    return style.green(f"{text} less, {hours:,.1f} hours a year ({found.builds.words}).")
