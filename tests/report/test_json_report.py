from __future__ import annotations

import json
from typing import Any

from reorder.report.json import render
from reorder.result import Advice, Change, Estimate, IgnoreChange, Refusal, Result

ROW_KEYS = [
    "path",
    "context",
    "status",
    "error",
    "diff",
    "output",
    "changes",
    "refusals",
    "advice",
    "dockerignore",
    "estimate",
]


def document(*results: Result) -> Any:
    return json.loads(render(results, str))


def test_no_file_is_still_a_document() -> None:
    assert document() == {
        "version": 1,
        "files": [],
        "summary": {
            "files": 0,
            "changed": 0,
            "unchanged": 0,
            "skipped": 0,
            "errors": 0,
            "changes": 0,
            "refusals": 0,
        },
    }


def test_an_error_is_a_row_without_output() -> None:
    (row,) = document(Result("x", "", "error", error="x:3: unknown instruction"))["files"]
    assert list(row) == ROW_KEYS
    assert row["error"] == "x:3: unknown instruction"
    assert row["output"] is None
    assert row["diff"] == ""
    assert row["dockerignore"] is None
    assert row["estimate"] is None


def test_an_unchanged_file_has_its_text_as_output_and_its_refusals() -> None:
    refusal = Refusal("manifest-first", 3, "the command is not known")
    (row,) = document(Result("x", ".", "unchanged", "FROM a\n", "FROM a\n", (), (refusal,)))[
        "files"
    ]
    assert row["output"] == "FROM a\n"
    assert row["diff"] == ""
    assert row["refusals"] == [
        {"id": "manifest-first", "line": 3, "reason": "the command is not known"}
    ]


def test_every_field_of_a_change() -> None:
    result = Result(
        "d/Dockerfile",
        "d",
        "changed",
        "FROM a\n",
        "FROM b\n",
        (Change("order", 2, "unsafe", "moved", ("that", "this")),),
        ignore=IgnoreChange("d/.dockerignore", None, "x\n", ("x",)),
        advice=(Advice("order", 4, "try it"),),
    )
    (row,) = document(result)["files"]
    assert list(row) == ROW_KEYS
    assert row["status"] == "changed"
    assert row["context"] == "d"
    assert row["output"] == "FROM b\n"
    assert row["diff"].startswith("diff --git a/d/Dockerfile b/d/Dockerfile\n")
    assert "diff --git a/d/.dockerignore b/d/.dockerignore\nnew file mode" in row["diff"]
    assert row["changes"] == [
        {
            "id": "order",
            "line": 2,
            "safety": "unsafe",
            "message": "moved",
            "assumptions": ["that", "this"],
        }
    ]
    assert row["dockerignore"] == {"path": "d/.dockerignore", "added": ["x"]}
    assert row["advice"] == [{"id": "order", "line": 4, "message": "try it"}]


def test_estimates_are_rounded_and_say_what_they_rest_on() -> None:
    estimate = Estimate(60.512, 3.26, 0, exact=False, note="the clone is shallow")
    (row,) = document(Result("x", ".", "changed", "", "x", estimate=estimate))["files"]
    assert row["estimate"] == {
        "seconds_before": 60.5,
        "seconds_after": 3.3,
        "commits": 0,
        "exact": False,
        "note": "the clone is shallow",
    }


def test_counts() -> None:
    change, refusal = Change("order", 1, "safe", "m"), Refusal("order", 1, "r")
    summary = document(
        Result("a", ".", "changed", "", "x", (change, change)),
        Result("b", ".", "unchanged", refusals=(refusal,)),
        Result("c", ".", "skipped"),
        Result("d", ".", "error", error="d: no"),
    )["summary"]
    assert summary == {
        "files": 4,
        "changed": 1,
        "unchanged": 1,
        "skipped": 1,
        "errors": 1,
        "changes": 2,
        "refusals": 1,
    }


def test_bytes_that_are_not_utf_8_are_valid_json_and_come_back() -> None:
    text = "# caf\udce9\nFROM a\n"
    rendered = render([Result("x\udcff", ".", "changed", "", text)], str)
    rendered.encode("ascii")
    (row,) = json.loads(rendered)["files"]
    assert row["output"] == text
    assert row["path"] == "x\udcff"
