"""The hours a year by repository, as a chart. Needs the extra `html`."""

from __future__ import annotations

import re
from typing import Final

from reorder.fleet.pages.figures import Figures
from reorder.report.words import shortened

BARS: Final = 20
_NAME = 40


def chart(found: Figures) -> str:
    """An inline SVG of the largest gains, in the page's colours; "" where there are none."""
    from pygal import HorizontalBar
    from pygal.style import Style

    shown = [gain for gain in found.gains[:BARS] if gain.hours > 0]
    if not shown:
        return ""
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--line)",
        colors=("var(--after)",),
        font_family="inherit",
        guide_stroke_color="var(--line)",
        major_guide_stroke_color="var(--line)",
        opacity=".85",
        label_font_size=13,
    )
    drawn = HorizontalBar(
        style=style,
        js=[],
        width=1100,
        height=60 + 26 * len(shown),
        show_legend=False,
        print_values=False,
        truncate_label=-1,
        margin=4,
        spacing=8,
        disable_xml_declaration=True,
    )
    drawn.uuid = "hours"  # otherwise a random one
    # The first is drawn lowest.
    drawn.x_labels = [shortened(gain.row.repo, _NAME) for gain in reversed(shown)]
    drawn.add("hours a year", [round(gain.hours, 2) for gain in reversed(shown)])
    svg = str(drawn.render(is_unicode=True))
    # Comments have today's date; the script is the library's own settings.
    return re.sub(r"<!--.*?-->|<script.*?</script>", "", svg, flags=re.DOTALL)
