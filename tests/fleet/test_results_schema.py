"""The schema says what a line of results.jsonl is."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from fleet.made_rows import ROWS, rows
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from reorder.fleet.row import STATUSES, Row, Saving, as_line

SCHEMA = json.loads((files("reorder.fleet") / "results.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def errors(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def written(row: Row) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(as_line(row))
    return data


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "damage",
    [{"status": "fine"}, {"repo": None}, {"files": [{}]}, {"estimate": {}}, {"more": 1}],
    ids=str,
)
def test_what_is_no_row_is_none(damage: dict[str, Any]) -> None:
    good = written(ROWS[0])
    assert errors(good) == []
    assert errors({**good, **damage}) != []


@pytest.mark.parametrize("name", sorted(written(ROWS[0])))
def test_no_field_may_be_missing(name: str) -> None:
    data = written(ROWS[0])
    del data[name]
    assert errors(data) != []


@settings(deadline=None)
@given(rows)
def test_every_row_is_one(row: Row) -> None:
    assert errors(written(row)) == []


def test_the_words_are_those_of_the_code() -> None:
    assert tuple(SCHEMA["properties"]["status"]["enum"]) == STATUSES
    names = set(SCHEMA["$defs"]["saving"]["properties"])
    data = written(replace(ROWS[0], saving=Saving(2.0, 1.0, 3.0)))
    assert names == set(data["estimate"])
