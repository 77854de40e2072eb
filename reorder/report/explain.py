"""`explain` for people: a line for each instruction, and below it what that line does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from reorder.analysis import Analysis
from reorder.report.explanation import Often, Part, Step, explanation
from reorder.report.style import Style, number, visible
from reorder.report.words import expected, seconds, shortened

Paint = Callable[[str], str]

WIDTH = 96
LABEL = 9  # of `reads`, `writes`, …
# Their text tells what they write.
EVIDENT = frozenset("ARG CMD ENTRYPOINT ENV EXPOSE LABEL SHELL STOPSIGNAL USER WORKDIR".split())


@dataclass(frozen=True, slots=True)
class _Columns:
    """Widths: the line number, the instruction, and the three columns to its right."""

    line: int
    text: int
    cells: tuple[int, int, int]

    def row(self, line: str, text: str, cells: Sequence[str]) -> str:
        left = f"{line:>{self.line}}  {shortened(text, self.text):{self.text}}"
        right = (f"  {cell:>{width}}" for cell, width in zip(cells, self.cells, strict=True))
        return (left + "".join(right)).rstrip()


def render(analysis: Analysis, *, colour: bool = False, width: int = WIDTH) -> str:
    """The whole explanation, ended by a newline.

    No line is longer than `width`, but for words that are. Control characters are shown, not sent.
    """
    style = Style(colour)
    parts = explanation(analysis)
    head = ("changes", "rebuilt", "cost")
    rows = [_cells(step, analysis) for part in parts for step in part.steps]
    columns = _columns(parts, [head, *rows], width)
    lines = [style.bold(visible(analysis.result.path)), style.dim(_basis(analysis)), ""]
    lines.append(style.dim(columns.row("", "", head)))
    for at, part in enumerate(parts):
        lines += [""] if at else []
        for step in part.steps:
            row = columns.row(str(step.line), step.text, _cells(step, analysis))
            lines.append(style.bold(row) if step.keyword == "FROM" else row)
            lines += _details(step, style, columns.line + 4, width)
    if analysis.result.estimate is not None:
        lines += ["", style.bold(expected(analysis.result.estimate))]
    return "\n".join(lines) + "\n"


def _basis(analysis: Analysis) -> str:
    rebuilds = analysis.rebuilds
    if rebuilds.measured:
        return f"over the last {number(rebuilds.count, 'commit')}"
    note = f": {visible(rebuilds.note)}" if rebuilds.note else ""
    return f"by stability tiers{note}"


def _cells(step: Step, analysis: Analysis) -> tuple[str, str, str]:
    cost = seconds(step.seconds) if step.seconds >= 0.05 else ""
    return _often(step.changes, analysis), _often(step.reruns, analysis), cost


def _often(often: Often | None, analysis: Analysis) -> str:
    if often is None:
        return ""
    if not often.share:
        return "never"
    if analysis.rebuilds.measured:
        return f"{round(often.share * analysis.rebuilds.count):,} of {analysis.rebuilds.count:,}"
    return often.words


def _columns(parts: Sequence[Part], cells: Sequence[Sequence[str]], width: int) -> _Columns:
    steps = [step for part in parts for step in part.steps]
    line = max((len(str(step.line)) for step in steps), default=1) + 2
    first, second, third = (max(map(len, column)) for column in zip(*cells, strict=True))
    text = max((len(step.text) for step in steps), default=0)
    room = width - line - 2 - sum((first, second, third)) - 6
    return _Columns(line, max(min(text, room), 20), (first, second, third))


def _details(step: Step, style: Style, indent: int, width: int) -> Iterator[str]:
    for label, text, paint in _rows(step, style):
        # Where a blank ends a line, the next one starts below the text.
        room = max(width - indent - LABEL, 30)
        for at, line in enumerate(wrap(text, room, break_on_hyphens=False, break_long_words=False)):
            yield " " * indent + paint(f"{'' if at else label:{LABEL}}") + line


def _rows(step: Step, style: Style) -> Iterator[tuple[str, str, Paint]]:
    if step.keyword in ("COPY", "ADD"):
        yield "copies", f"{step.reads} -> {step.writes}", style.dim
    elif step.reads and step.reads == step.writes:
        yield "reads", f"and writes {step.reads}", style.dim
    else:
        if step.reads:
            yield "reads", step.reads, style.dim
        if step.writes and step.keyword not in EVIDENT:
            yield "writes", step.writes, style.dim
    if step.cost and step.seconds >= 1:
        yield "cost", visible(step.cost), style.dim
    for change in step.changed:
        unsafe = "" if change.safety == "safe" else " (unsafe)"
        yield "change", f"{change.id}{unsafe}: {visible(change.message)}", style.green
    for advice in step.advice:
        yield "advice", f"{advice.id}: {visible(advice.message)}", style.yellow
    for refusal in step.refused:
        yield "refused", f"{refusal.id}: {visible(refusal.reason)}", style.yellow
    if step.below is not None:
        below = step.below
        yield "stays", f"below line {below.line} `{below.text}`: {below.reason}", style.yellow
