"""The published schema says what `--format json` prints; the golden cases hold it as well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from harness.formats import json_errors, result_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from report.made_results import results

from reorder.report.json import render
from reorder.result import Change, Refusal, Result
from reorder.transforms.ids import IDS

CHANGED = Result(
    "x", ".", "changed", "FROM a\n", "FROM b\n", (Change("order", 1, "safe", "m"),)
)  # fmt: skip


def document(*rows: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(rows, str))
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(result_schema())


def test_the_transforms_are_those_of_the_code() -> None:
    assert tuple(result_schema()["$defs"]["id"]["enum"]) == IDS


@pytest.mark.parametrize(
    "damage",
    [
        {"status": "fine"},
        {"error": "an error that is none"},
        {"output": None},
        {"changes": [{"id": "order", "line": 0, "safety": "safe", "message": ""}]},
        {"refusals": [{"id": "no-such", "line": 1, "reason": ""}]},
        {"estimate": {}},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_no_row_is_refused(damage: dict[str, Any]) -> None:
    good = document(CHANGED)
    assert json_errors(good) == []
    assert json_errors({**good, "files": [{**good["files"][0], **damage}]}) != []


def test_an_error_has_no_output() -> None:
    failed = document(Result("x", "", "error", error="x: why"))
    assert json_errors(failed) == []
    failed["files"][0]["output"] = "FROM a\n"
    assert json_errors(failed) != []


@pytest.mark.parametrize("name", sorted(document(CHANGED)["files"][0]))
def test_no_field_may_be_missing(name: str) -> None:
    data = document(CHANGED)
    del data["files"][0][name]
    assert json_errors(data) != []


def test_a_version_to_come_is_not_this_one() -> None:
    assert json_errors({**document(), "version": 2}) != []


@settings(deadline=None, max_examples=60)
@given(st.lists(results(), max_size=2))
def test_whatever_is_printed_is_one(rows: list[Result]) -> None:
    assert json_errors(document(*rows)) == []


def test_a_refusal_is_a_row_of_its_own() -> None:
    refused = Result("x", ".", "unchanged", "a", "a", refusals=(Refusal("order", 1, "r"),))
    assert json_errors(document(refused)) == []
