"""The two Dockerfiles line by line, with how often each step ran and where it went."""

from __future__ import annotations

from typing import Any

from reorder.report.simulate_rows import rows
from reorder.report.style import visible
from reorder.simulate.outcome import Pair, Side, Simulated, Step

_MOST_HEAT = 0.45


def sources(found: Simulated, pair: Pair) -> list[dict[str, Any]]:
    """Both sides for the page: a row for each physical line."""
    partners = [(row.before, row.after) for row in rows(pair)]
    to_after = {b.at: a for b, a in partners if b is not None and a is not None}
    to_before = {a.at: b for b, a in partners if b is not None and a is not None}
    crossed = _crossed([(b, a) for b, a in partners if b is not None and a is not None])
    return [
        {
            "id": "b",
            "title": "As it is",
            "lines": _lines(found.result.before, pair.before, to_after, "a", crossed, "→"),
        },
        {
            "id": "a",
            "title": "As rewritten",
            "lines": _lines(found.result.after, pair.after, to_before, "b", crossed, "←"),
        },
    ]


def _crossed(pairs: list[tuple[Step, Step]]) -> frozenset[tuple[int, int]]:
    """The partners that changed places with another step."""
    found = set()
    for before, after in pairs:
        if any(
            (other.at < before.at) != (their.at < after.at)
            for other, their in pairs
            if other is not before
        ):
            found.add((before.at, after.at))
    return frozenset(found)


def _lines(
    text: str,
    side: Side,
    partners: dict[int, Step],
    other: str,
    crossed: frozenset[tuple[int, int]],
    words: str,
) -> list[dict[str, Any]]:
    first = {step.line: step for step in side.steps}
    found: list[dict[str, Any]] = []
    step: Step | None = None
    left = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if number in first:
            step, left = first[number], first[number].text.count("\n") + 1
        within = step if left > 0 else None
        left -= 1
        row = {
            "number": number,
            "text": visible(line),
            "heat": _heat(within),
            "note": "",
            "link": "",
            "link_words": "",
        }
        if number in first and step is not None:
            row["note"] = f"{step.reruns}×"
            partner = partners.get(step.at)
            places = (step.at, partner.at) if partner is not None else (0, 0)
            if partner is None:
                row["link_words"] = "new" if other == "b" else "gone"
            elif places in crossed or places[::-1] in crossed:
                row["link"] = f"{other}{partner.line}"
                row["link_words"] = f"{words} {partner.line}"
        found.append(row)
    return found


def _heat(step: Step | None) -> str:
    if step is None or not step.reruns:
        return ""
    return f"{0.08 + (_MOST_HEAT - 0.08) * step.reruns / len(step.again):.2f}"
