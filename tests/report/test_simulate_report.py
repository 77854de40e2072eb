"""What `simulate` says, of made numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from harness.made import facts

from reorder.report.simulate_json import render as as_json
from reorder.report.simulate_rows import Row, rows
from reorder.report.simulate_text import render
from reorder.result import Result
from reorder.simulate.outcome import Builds, Pair, Played, Side, Simulated, Step

TEXT = "FROM node:20\nCOPY . .\nRUN npm ci\n"
NEW = "FROM node:20\nCOPY package.json .\nRUN npm ci\nCOPY . .\n"


def step(at: int, line: int, origin: int, text: str, seconds: float, again: str) -> Step:
    return Step(at, line, origin, text, seconds, tuple(mark == "x" for mark in again))


COPY, RUN = (
    step(1, 2, 2, "COPY . .", 0.1, "xxx."),
    step(2, 3, 3, "RUN npm \\\n  ci", 20.0, "xxx."),
)
MANIFESTS, INSTALL, REST = (
    step(1, 2, 3, "COPY package.json .", 0.1, "x..."),
    step(2, 3, 3, "RUN npm ci", 20.0, "x..."),
    step(3, 4, 2, "COPY . .", 0.1, "xxx."),
)
PAIR = Pair(
    Side((COPY, RUN), (20.1, 20.1, 20.1, 0.0)),
    Side((MANIFESTS, INSTALL, REST), (20.2, 0.1, 0.1, 0.0)),
)
FOUND = Simulated(
    path="Dockerfile",
    commits=tuple(Played(f"{at}" * 40, 86_400 * at) for at in range(4)),
    pairs={"local": PAIR, "registry": PAIR, "none": Pair(PAIR.before, PAIR.before)},
    fresh={},
    builds=Builds(3600, "as made up"),
    facts=(facts(TEXT), facts(NEW)),
    result=Result("Dockerfile", ".", "changed", TEXT, NEW),
    assumptions=("the sun shines",),
)


def test_nothing_to_save() -> None:
    same = replace(FOUND, result=replace(FOUND.result, status="unchanged", after=TEXT))
    assert "Nothing would be changed, so there is nothing to save.\n" in render(same, "local")


def test_more_than_before_is_said_to_be_more() -> None:
    slower = replace(FOUND, pairs={**FOUND.pairs, "registry": Pair(PAIR.after, PAIR.before)})
    last = render(slower, "registry").splitlines()[-1]
    assert last == "5.1 s -> 15 s a build: 196 % more (10.0 hours a year, as made up)."


def test_text() -> None:
    text = render(FOUND, "local")
    assert "4 commits replayed (1970-01-01 to 1970-01-04)" in text
    assert re.search(r"^\+ COPY package.json \. +- -> 0.1 +- -> 1$", text, re.M)
    assert re.search(r"^  RUN npm ci +20.0 +3 -> 1$", text, re.M)
    assert re.search(r"^  COPY \. \. +0.1 +3$", text, re.M)
    assert "assumed: the sun shines\n" in text
    assert text.endswith("15 s -> 5.1 s a build: 66 % less, 10.0 hours a year (as made up).\n")


def test_fresh_runners_with_the_other_builder() -> None:
    text = render(replace(FOUND, fresh={"registry": PAIR}), "local")
    assert re.search(r"^registry cache, rewritten with --builder ephemeral +15 s", text, re.M)
    assert "ephemeral" not in render(FOUND, "local")


def test_control_characters_are_shown() -> None:
    odd = replace(COPY, text="COPY \x1b[31m .")
    bad = replace(FOUND, pairs={**FOUND.pairs, "local": Pair(Side((odd,), ()), Side((odd,), ()))})
    assert "\x1b" not in render(bad, "local")


def test_rows_keep_what_is_gone_where_it_stood() -> None:
    gone = Pair(PAIR.before, Side((INSTALL,), ()))
    assert rows(gone) == (Row(COPY, None), Row(RUN, INSTALL))
    assert rows(PAIR) == (Row(None, MANIFESTS), Row(RUN, INSTALL), Row(COPY, REST))


def test_json() -> None:
    (file,) = json.loads(as_json([FOUND], "local"))["files"]
    assert file["commits"] == 4
    assert file["before"]["seconds_mean"] == 15.08
    assert file["before"]["seconds_p95"] == 20.1
    assert file["before"]["steps"][1] == {
        "line": 3,
        "instruction": "RUN npm \\\n  ci",
        "reruns": 3,
        "seconds": 20.0,
    }
    assert file["saved"] == {"percent": 66.2, "hours_per_year": 9.98}
    assert file["profiles"]["none"]["saved"]["percent"] == 0


def test_percentile_of_few() -> None:
    assert Side((), (1.0,)).p95 == 1.0
    assert Side((), tuple(map(float, range(1, 101)))).p95 == 95.0
    assert Side((), ()).p95 == Side((), ()).mean == 0.0
