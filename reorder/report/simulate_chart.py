"""The seconds of every replayed commit as a chart. Needs the extra `html`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from reorder.simulate.outcome import Pair, Played

LABELS = 6


def chart(pair: Pair, commits: Sequence[Played], name: str) -> str:
    """An inline SVG that takes its colours from the page; equal input, equal output."""
    from pygal import Line
    from pygal.style import Style

    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--line)",
        colors=("var(--before)", "var(--after)"),
        font_family="inherit",
        opacity=".35",
    )
    drawn = Line(
        style=style,
        js=[],
        width=1100,
        height=320,
        fill=True,
        show_dots=False,
        interpolate=None,
        truncate_label=-1,
        legend_at_bottom=True,
        margin=8,
        range=(0, max(*pair.before.seconds, *pair.after.seconds, 1.0)),
        disable_xml_declaration=True,
    )
    drawn.uuid = name  # otherwise a random one
    every = max(1, len(commits) // LABELS)
    drawn.x_labels = ["" if at % every else _day(one.time) for at, one in enumerate(commits)]
    drawn.add("before", [round(value, 2) for value in pair.before.seconds])
    drawn.add("after", [round(value, 2) for value in pair.after.seconds])
    svg = str(drawn.render(is_unicode=True))
    # Comments have today's date; the script is the library's own settings.
    return _without(_without(svg, "<!--", "-->"), "<script", "</script>")


def _day(time: int) -> str:
    return f"{datetime.fromtimestamp(time, timezone.utc):%Y-%m-%d}"


def _without(svg: str, start: str, end: str) -> str:
    while (at := svg.find(start)) != -1:
        svg = svg[:at] + svg[svg.index(end, at) + len(end) :]
    return svg
