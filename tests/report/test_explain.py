from __future__ import annotations

import json
from typing import Any

import pytest
from report.made_analysis import analysis, measured, tiers

from reorder.analysis import Analysis
from reorder.report import explain, explain_json
from reorder.result import Advice, Change, Estimate, Refusal, Result

FILES = {"requirements.txt": "flask==3.0.0\n", "manage.py": "", "site/views.py": "", "x.py": ""}
TEXT = """\
# the site
FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN python manage.py collectstatic
CMD python manage.py
"""
RESULT = Result(
    "Dockerfile",
    ".",
    "changed",
    TEXT,
    TEXT,
    (Change("manifest-first", 5, "safe", "copy requirements.txt first"),),
    (Refusal("order", 6, "`python manage.py` is not understood"),),
    estimate=Estimate(34.2, 3.3, 8),
)
HALF = 0b1111
ROWS = ((0, 0, 0.1), (HALF, HALF, 0.4), (1, HALF, 31.0), (0, HALF, 3.3), (0, 0, 0.0))
COSTS = {3: "dependency install", 4: "program"}


def of(text: str = TEXT, result: Result = RESULT, **more: Any) -> Analysis:
    given: dict[str, Any] = {"rebuilds": measured(8), "files": FILES, "rows": ROWS, "costs": COSTS}
    return analysis(text, result=result, **{**given, **more})


def told(made: Analysis, line: int) -> list[str]:
    """The rows below the instruction of a line, without their indent."""
    rows: list[str] = []
    inside = False
    for row in explain.render(made).splitlines():
        if row[:4].strip().isdecimal():
            inside = int(row[:4]) == line
        elif inside and row.strip():
            rows.append(" ".join(row.split()))
    return rows


def test_what_was_not_found_is_not_told() -> None:
    made = of(result=Result("Dockerfile", ".", "unchanged", TEXT, TEXT))
    text = explain.render(made)
    assert "expected" not in text
    assert "change " not in text
    assert "refused" not in text


def test_what_costs_next_to_nothing_has_no_reason_to_stay() -> None:
    rows = (*ROWS[:3], (0, HALF, 0.3), ROWS[4])
    assert not any(row.startswith("stays") for row in told(of(rows=rows), 6))


def test_what_is_built_again_only_when_it_changes_has_no_reason_to_stay() -> None:
    rows = (*ROWS[:3], (HALF, HALF, 3.3), ROWS[4])
    assert not any(row.startswith("stays") for row in told(of(rows=rows), 6))


def test_what_is_moved_does_not_stay() -> None:
    assert not any(row.startswith("stays") for row in told(of(), 5))


def test_the_whole_text() -> None:
    assert explain.render(of()) == (
        "Dockerfile\n"
        "over the last 8 commits\n"
        "\n"
        "                                          changes  rebuilt   cost\n"
        "  2  FROM python:3.12-slim\n"
        "  3  WORKDIR /app                           never    never  0.1 s\n"
        "  4  COPY . .                              4 of 8   4 of 8  0.4 s\n"
        "       copies   4 files from the context -> 4 files below /app\n"
        "  5  RUN pip install -r requirements.txt   1 of 8   4 of 8   31 s\n"
        "       reads    /app/requirements.txt and the system\n"
        "       writes   the system\n"
        "       cost     dependency install\n"
        "       change   manifest-first: copy requirements.txt first\n"
        "  6  RUN python manage.py collectstatic     never   4 of 8  3.3 s\n"
        "       reads    and writes anything: `python manage.py` is not understood\n"
        "       cost     program\n"
        "       refused  order: `python manage.py` is not understood\n"
        "       stays    below line 4 `COPY . .`: it may read anything\n"
        "  7  CMD python manage.py                   never\n"
        "\n"
        "expected rebuild 34 s -> 3.3 s (over the last 8 commits)\n"
    )


def test_without_history_the_tiers_are_named_and_why() -> None:
    made = of(rebuilds=tiers("the clone is shallow"), rows=((0, 0, 0.1), (4, 4, 0.4)),
              text="FROM a\nWORKDIR /app\nCOPY . .\n")  # fmt: skip
    text = explain.render(made)
    assert text.splitlines()[1] == "by stability tiers: the clone is shallow"
    assert text.count("nearly every build") == 2


def test_the_cause_is_the_one_that_changes_most() -> None:
    text = "FROM python:3.12-slim\nWORKDIR /app\nCOPY x.py .\nCOPY site site\nRUN ./x\nRUN ./y\n"
    rows = ((0, 0, 0.1), (1, 1, 0.1), (HALF, HALF, 0.1), (2, HALF, 3.0), (0, HALF, 3.0))
    made = of(text=text, rows=rows, result=Result("x", ".", "unchanged"))
    assert told(made, 5)[-1] == "stays below line 4 `COPY site site`: it may read anything"
    assert told(made, 6)[-1] == "stays below line 4 `COPY site site`: it may read anything"


def test_what_waits_itself_is_the_cause_when_nothing_changes() -> None:
    text = "FROM python:3.12-slim\nCOPY x.py /x/\nRUN cp /x/x.py /y\nRUN cp /y /z\n"
    rows = ((HALF, HALF, 0.1), (0, HALF, 3.0), (0, HALF, 3.0))
    made = of(text=text, rows=rows, result=Result("x", ".", "unchanged"))
    told_last = told(made, 4)[-1]
    assert told_last == "stays below line 3 `RUN cp /x/x.py /y`: it reads /y, which that writes"


def test_advice_and_unsafe_changes_say_so() -> None:
    changes = (Change("order", 4, "unsafe", "moved"),)
    made = of(
        result=Result("x", ".", "changed", changes=changes, advice=(Advice("order", 5, "try"),))
    )
    assert "change order (unsafe): moved" in told(made, 4)
    assert "advice order: try" in told(made, 5)


def test_a_finding_above_the_first_instruction_is_told_at_the_first() -> None:
    refusal = Refusal("manifest-first", 1, "the build context is not known")
    made = of(result=Result("x", ".", "unchanged", refusals=(refusal,)))
    assert told(made, 2) == ["refused manifest-first: the build context is not known"]


def test_a_finding_between_two_instructions_is_told_at_the_upper_one() -> None:
    text = "FROM a\nRUN x \\\n  y\n# comment\nRUN z\n"
    made = of(
        text=text,
        rows=((0, 0, 0), (0, 0, 0)),
        result=Result("x", ".", "unchanged", refusals=(Refusal("order", 3, "why"),)),
    )
    assert "refused order: why" in told(made, 2)


def test_stages_and_global_arguments_are_set_apart() -> None:
    text = "ARG V=1\nFROM a:$V AS one\nCOPY x.py /x\nFROM b\nCOPY --from=one /x /y\n"
    made = of(text=text, rows=((0, 0, 0),) * 4, result=Result("x", ".", "unchanged"))
    heads = [row.split()[:2] for row in explain.render(made).splitlines() if row[:4].strip()]
    assert ["1", "ARG"] in heads
    assert explain.render(made).count("\n\n") == 3
    assert told(made, 5) == ["copies /x from stage one -> /y"]


@pytest.mark.parametrize("width", [80, 96])
def test_no_line_is_wider_than_asked(width: int) -> None:
    reason = Refusal("order", 6, "because " * 60)
    text = TEXT.replace("collectstatic", "collectstatic " + "--option " * 40)
    made = of(text=text, result=Result("x", ".", "unchanged", refusals=(reason,)))
    lines = explain.render(made, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert sum("because" in line for line in lines) > 5


def test_colour_only_on_request_and_nothing_raw_from_a_file() -> None:
    text = "FROM a\nRUN echo \x1b[2J \x07\n"
    made = of(
        text=text,
        rows=((0, 0, 1.0),),
        costs={1: "\x1b[1m"},
        result=Result("\x1b]0;", ".", "unchanged", refusals=(Refusal("order", 2, "\x1b[0m"),)),
    )
    assert "\x1b" not in explain.render(made)
    assert "\x07" not in explain.render(made, colour=True)
    assert "\x1b[33m" in explain.render(made, colour=True)


def document(made: Analysis) -> Any:
    return json.loads(explain_json.render(made))


def test_json() -> None:
    found = document(of())
    assert list(found) == ["version", "path", "context", "rebuilds", "stages", "estimate"]
    assert found["version"] == 1
    assert found["rebuilds"] == {"measured": True, "commits": 8, "note": ""}
    assert found["estimate"]["seconds_after"] == 3.3
    (stage,) = found["stages"]
    assert (stage["index"], stage["name"]) == (0, None)
    assert stage["instructions"][3] == {
        "line": 5,
        "keyword": "RUN",
        "text": "RUN pip install -r requirements.txt",
        "reads": "/app/requirements.txt and the system",
        "writes": "the system",
        "changes": {"share": 0.125, "words": "1 of 8 commits"},
        "rebuilt": {"share": 0.5, "words": "4 of 8 commits"},
        "seconds": 31.0,
        "cost": "dependency install",
        "made": [
            {
                "id": "manifest-first",
                "line": 5,
                "safety": "safe",
                "message": "copy requirements.txt first",
                "assumptions": [],
            }
        ],
        "advice": [],
        "refusals": [],
        "stays_below": None,
    }
    assert stage["instructions"][4]["stays_below"] == {
        "line": 4,
        "text": "COPY . .",
        "reason": "it may read anything",
    }


def test_json_without_history_counts_no_commits() -> None:
    found = document(of(rebuilds=tiers("history is not used")))
    assert found["rebuilds"] == {"measured": False, "commits": 0, "note": "history is not used"}
    assert found["stages"][0]["instructions"][0]["changes"] is None
