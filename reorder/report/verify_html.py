"""What `verify` found out, as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from reorder.report.style import number, visible
from reorder.report.verify_text import title
from reorder.report.words import seconds
from reorder.verify.difference import Difference, Verdict
from reorder.verify.outcome import Measure, Rebuild, Target, Verification

MOST = 1000  # rows of one list; JSON has them all
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #18794e; --bad: #c62a2f; --bar: #0b68cb }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line) }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
code, pre { font: .9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
pre { overflow-x: auto; border-left: 3px solid var(--line); padding-left: .6rem }
.good { color: var(--good) } .bad { color: var(--bad) }
.bar { background: var(--bar); height: .5rem; border-radius: .25rem; min-width: 1px }
.bar.before { opacity: .4 }
"""


def render(found: Verification) -> str:
    """The page. Everything from files and logs is escaped."""
    verdict = "The images are the same" if found.identical else "Not proved"
    mark = "good" if found.identical else "bad"
    if found.nothing:
        verdict, mark = "Nothing to verify", "good"
    body = [
        f'<h1>{_text(found.path)}</h1><p class="{mark}"><strong>{verdict}</strong></p>',
        f"<p>Compared: {_text(found.origin)}<br>Built by: {_text(found.engine)}</p>",
        *(part for at, one in enumerate(found.targets) for part in _target(one, cold=not at)),
    ]
    if found.failed:
        log = "\n".join(found.failed)
        body.append(f"<h2>The rewritten one does not build</h2><pre>{_text(log)}</pre>")
    if found.rebuilds:
        body += ["<h2>Rebuilds</h2>", *_rebuilds(found.rebuilds)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>reorder verify: {_text(found.path)}</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _target(target: Target, *, cold: bool) -> Iterator[str]:
    name = f"Stage {_code(target.name)}" if target.name else "The image"
    size = number(target.verdict.entries, "path")
    if cold:  # later targets share steps with it; the very first build fetched bases
        size += f"; cold build {seconds(target.again)} before, {seconds(target.after)} after"
    yield f"<h2>{name}</h2><p>{size}</p>"
    yield from _verdict(target.verdict)


def _verdict(verdict: Verdict) -> Iterator[str]:
    if verdict.identical:
        yield '<p class="good">Identical</p>'
    else:
        count = number(len(verdict.differences), "difference")
        yield f'<p class="bad">{count}</p><ul>'
        for one in verdict.differences[:MOST]:
            diff = f"<pre>{_text(one.diff)}</pre>" if one.diff else ""
            yield f"<li>{_code(one.what)}: {_text(one.words)}{diff}</li>"
        yield "</ul>"
    yield from _excused("Expected", verdict.expected)
    yield from _excused("Noise", verdict.noise)


def _excused(name: str, found: Sequence[Difference]) -> Iterator[str]:
    by_reason = sorted(found, key=lambda one: (one.why, one.what))
    for why, group in groupby(by_reason, key=lambda one: one.why):
        ones = list(group)
        rows = "".join(f"<li>{_code(one.what)}</li>" for one in ones[:MOST])
        summary = f"{name}: {_text(why)} ({len(ones):,})"
        yield f"<details><summary>{summary}</summary><ul>{rows}</ul></details>"


def _rebuilds(rows: Sequence[Rebuild]) -> Iterator[str]:
    measured = [one for row in rows for one in (row.before, row.after) if one is not None]
    longest = max((one.seconds for one in measured), default=1.0) or 1.0
    yield '<table><tr><th>after</th><th class="n">before</th><th class="n">after</th><th></th></tr>'
    for row in rows:
        if row.before is None or row.after is None:
            problem = f"<pre>{_text(row.problem)}</pre>"
            yield f'<tr><td>{_text(title(row))}</td><td colspan="3">{problem}</td></tr>'
            continue
        bars = _bar(row.before, longest, " before") + _bar(row.after, longest, "")
        cells = f'<td class="n">{_measure(row.before)}</td><td class="n">{_measure(row.after)}</td>'
        yield f"<tr><td>{_text(title(row))}</td>{cells}<td>{bars}</td></tr>"
    yield "</table>"
    for row in rows:
        if row.verdict is not None and not row.verdict.identical:
            yield f"<h3>Images after {_text(title(row))}</h3>"
            yield from _verdict(row.verdict)


def _bar(one: Measure, longest: float, kind: str) -> str:
    return f'<div class="bar{kind}" style="width:{100 * one.seconds / longest:.1f}%"></div>'


def _measure(one: Measure) -> str:
    return f"{one.seconds:.1f} s ({one.ran} run, {one.cached} cached)"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    return "\n".join(escape(visible(line)) for line in text.split("\n"))
