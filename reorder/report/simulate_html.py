"""What `simulate` found out, as one HTML page that needs nothing else. Needs the extra `html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from reorder.report.simulate_chart import chart
from reorder.report.simulate_source import sources
from reorder.report.simulate_text import span
from reorder.report.style import number, visible
from reorder.report.words import seconds, shortened
from reorder.simulate.builders import PROFILES, Profile
from reorder.simulate.outcome import Pair, Side, Simulated, Step

_SHORT = 60
_FULL = 30.0  # seconds from which on a step is as dark as can be


def render(
    files: Sequence[Simulated], profile: Profile, graphs: Mapping[str, tuple[str, str]]
) -> str:
    """The page. `graphs` has the dependency graphs of a path, before and after, as SVG.

    Everything that comes from files is escaped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("reorder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = [_file(found, at, profile, graphs.get(found.path)) for at, found in enumerate(files)]
    return environment.get_template("simulate.html").render(files=shown, profiles=list(PROFILES))


def _file(
    found: Simulated, at: int, profile: Profile, graphs: tuple[str, str] | None
) -> dict[str, Any]:
    titles = ("As it is", "As rewritten")
    drawn = [{"title": t, "svg": g} for t, g in zip(titles, graphs or (), strict=False)]
    return {
        "id": at,
        "path": visible(found.path),
        "replayed": f"{number(len(found.commits), 'commit')} replayed, {span(found)}",
        "views": [_view(found, at, name, profile) for name in PROFILES],
        "changes": [
            {"line": one.line, "id": one.id, "message": visible(one.message)}
            for one in found.result.changes
        ],
        "graphs": drawn if found.result.before != found.result.after else drawn[:1],
        "assumptions": [visible(text) for text in found.assumptions],
    }


def _view(found: Simulated, at: int, name: Profile, chosen: Profile) -> dict[str, Any]:
    pair = found.pairs[name]
    hours = found.builds.hours(pair.saved)
    more = pair.saved < -0.05
    fresh = found.fresh.get(name)
    return {
        "profile": name,
        "chosen": name == chosen,
        "words": PROFILES[name],
        "before": seconds(pair.before.mean),
        "after": seconds(pair.after.mean),
        "before_p95": seconds(pair.before.p95),
        "after_p95": seconds(pair.after.p95),
        "percent": f"{abs(pair.percent):.0f} %",
        "percent_words": "more than before" if more else "less than before",
        "verdict": "bad" if more else "good" if pair.saved > 0.05 else "",
        "hours": f"{abs(hours):,.1f} h",
        "hours_words": f"a year {'more' if more else 'less'}: {found.builds.words}",
        "fresh": f"Rewritten with --builder ephemeral it would be {seconds(fresh.after.mean)}."
        if fresh is not None
        else "",
        "chart": chart(pair, found.commits, f"chart-{at}-{name}"),
        "strips": [_strip("before", pair.before, pair), _strip("after", pair.after, pair)],
        "sources": sources(found, pair),
    }


def _strip(title: str, side: Side, pair: Pair) -> dict[str, Any]:
    return {
        "title": title,
        "commits": max(len(side.seconds), 1),
        "rows": [_row(step) for step in side.steps],
    }


def _row(step: Step) -> dict[str, Any]:
    text = step.text.replace("\\\n", " ")
    times = number(step.reruns, "time")
    return {
        "text": visible(" ".join(text.split())),
        "short": shortened(text, _SHORT),
        "aria": f"ran {times} in {len(step.again)} commits, {seconds(step.seconds)} each",
        "reruns": step.reruns,
        "runs": _runs(step.again),
        "weight": f"{0.25 + 0.75 * min(step.seconds / _FULL, 1.0):.2f}",
    }


def _runs(again: Sequence[bool]) -> list[tuple[int, int]]:
    """Stretches of commits in which a step ran, as start and length."""
    found, at = [], 0
    for ran, group in groupby(again):
        length = len(list(group))
        if ran:
            found.append((at, length))
        at += length
    return found
