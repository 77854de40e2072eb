"""`--progress=plain`: the title of each vertex with its seconds.

Source: BuildKit util/progress/progressui/printer.go (`printVtx`).
"""

from __future__ import annotations

import re

# `#7 …`, after what CI services put in front: a date, or a job's name and a date.
_LINE = re.compile(
    r"(?:.{0,300}?\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?\]?[ \t|]+)?#(\d{1,6}) (.*)"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_FIELD = re.compile(r"\s*(name|duration|cached): (.*)")  # Docker 18.09


def titles(lines: list[str]) -> list[tuple[str, float | None]]:
    """Every `#7 [title]` with what its `#7 DONE` says; None: it has none.

    Two builds in one log use the same numbers, and a title is printed again after other lines. A
    step that unpacks layers came from a registry cache: its time is that of the download.
    """
    current: dict[str, int] = {}
    unpacked: set[int] = set()
    found: list[tuple[str, float | None]] = []
    for line in lines:
        match = _LINE.match(_COLOUR.sub("", line)) if "#" in line else None
        if match is None:
            continue
        number, rest = match[1], match[2].rstrip()
        if (field := _FIELD.fullmatch(rest)) is not None:
            rest = _old(field[1], field[2])
        if rest.startswith("["):
            if number not in current or found[current[number]][0] != rest:
                current[number] = len(found)
                found.append((rest, None))
        elif number not in current:
            continue
        elif rest.startswith("extracting sha256:"):
            unpacked.add(current[number])
        elif rest.startswith("DONE ") and current[number] not in unpacked:
            at, took = current[number], _duration(rest.removeprefix("DONE "))
            found[at] = (found[at][0], found[at][1] if took is None else took)
    return found


def _old(field: str, value: str) -> str:
    if field == "name":
        return value.strip().strip('"')
    return f"DONE {value.strip()}" if field == "duration" else ""


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6, "us": 1e-6, "ns": 1e-9}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|µs|us|ns|h|m|s)")


def _duration(text: str) -> float | None:
    """`12.3s`, and `1m2.5s` as Go prints it."""
    parts = _PART.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
