"""What a run found, counted: by transform, and refusals by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reorder.report.kinds import Said, kinds
from reorder.report.style import Style, number
from reorder.report.words import seconds
from reorder.result import Result
from reorder.transforms.ids import IDS

MOST = 10  # kinds of refusals that are listed


def render(results: Sequence[Result], *, colour: bool = False) -> str:
    """A table of transforms, the kinds of refusals, and the seconds that a rebuild is spared."""
    parts = [_table(results), _refusals(results), _saved(results)]
    style = Style(colour)
    return "\n".join(line for part in parts for line in _headed(list(part), style))


def _headed(lines: list[str], style: Style) -> Iterator[str]:
    if lines:
        yield style.bold(lines[0])
        yield from lines[1:]
        yield ""


def _table(results: Sequence[Result]) -> Iterator[str]:
    columns = (
        Counter(one.id for result in results for one in result.changes),
        Counter(one.id for result in results for one in result.advice),
        Counter(one.id for result in results for one in result.refusals),
    )
    yield f"{'transform':<18}{'changes':>9}{'advice':>9}{'refusals':>9}"
    for name in IDS:
        if any(column[name] for column in columns):
            yield f"{name:<18}" + "".join(f"{column[name]:>9,}" for column in columns)
    yield f"{'all':<18}" + "".join(f"{column.total():>9,}" for column in columns)


def _refusals(results: Sequence[Result]) -> Iterator[str]:
    found = kinds(
        Said(result.path, refusal.reason, id=refusal.id)
        for result in results
        for refusal in result.refusals
    )
    if not found:
        return
    yield f"{'refusals':>8}  reason"
    ordered = sorted(found, key=lambda kind: (-kind.count, kind.text))
    for kind in ordered[:MOST]:
        yield f"{kind.count:>8,}  {kind.text}"
    if len(ordered) > MOST:
        yield f"{sum(kind.count for kind in ordered[MOST:]):>8,}  {len(ordered) - MOST} more kinds"


def _saved(results: Sequence[Result]) -> Iterator[str]:
    known = [r.estimate for r in results if r.status == "changed" and r.estimate is not None]
    if not known:
        return
    before = sum(estimate.seconds_before for estimate in known)
    after = sum(estimate.seconds_after for estimate in known)
    files = number(len(known), "changed file")
    yield f"expected rebuilds of {files}: {seconds(before)} -> {seconds(after)}"
    yield f"saved each time: {seconds(max(before - after, 0.0))}"
