"""A pull request in a row of `results.jsonl`, and what a later run reads from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from reorder.fleet.pulls.contract import Pull

Value = str | int | list[str]


def record(pull: Pull) -> dict[str, Value]:
    """What JSON takes."""
    return {
        "url": pull.url,
        "number": pull.number,
        "state": pull.state,
        "did": pull.did,
        "created": pull.created.isoformat(),
        "notes": list(pull.notes),
    }


def opened(records: Iterable[object]) -> Iterator[tuple[str, datetime]]:
    """Address and time of each, for `Pace`; what is no record of a pull request is passed over."""
    for one in records:
        if not isinstance(one, Mapping):
            continue
        url, created = one.get("url"), one.get("created")
        if isinstance(url, str) and isinstance(created, str):
            try:
                at = datetime.fromisoformat(created)
            except ValueError:
                continue
            if at.tzinfo is not None:
                yield url, at
