from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import pytest
from harness.formats import HAS_SARIF_SCHEMA, fixed, promises, raw, sarif_errors
from hypothesis import given, settings
from report.made_results import results

from reorder.report.sarif import FINGERPRINT, ROOT, render
from reorder.report.sarif_rules import rules
from reorder.result import Advice, Change, IgnoreChange, Refusal, Result
from reorder.transforms.ids import IDS

BEFORE = "FROM a\nCOPY . .\nRUN npm ci \\\n  && x\n"
AFTER = "FROM a\nCOPY package.json .\nRUN npm ci\nCOPY . .\nRUN x\n"
CHANGED = Result(
    "app/Dockerfile",
    "app",
    "changed",
    BEFORE,
    AFTER,
    (Change("manifest-first", 3, "unsafe", "installs first", ("npm reads only this",)),),
    (Refusal("order", 2, "it stays"),),
    (Advice("order", 2, "move it"),),
    ignore=IgnoreChange("app/.dockerignore", None, "node_modules\n", ("node_modules",)),
)


def run(*rows: Result) -> dict[str, Any]:
    log = json.loads(render(rows, str))
    assert sarif_errors(log) == []
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def test_the_official_schema_is_there_where_python_can_have_it() -> None:
    if sys.version_info < (3, 11):
        pytest.skip("the package with the official schema needs Python 3.11")
    assert HAS_SARIF_SCHEMA, "pip install -e '.[dev]'"
    assert sarif_errors({"version": "2.1.0"}) != []


def test_nothing_found_is_still_a_log() -> None:
    found = run()
    assert found["results"] == []
    assert found["invocations"][0]["executionSuccessful"] is True


def test_an_unchanged_file_has_no_result() -> None:
    assert run(Result("x", ".", "unchanged", "a", "a"))["results"] == []


def test_an_error_is_a_notification_and_no_finding() -> None:
    found = run(Result("x y", "", "error", error="x y:3: unknown instruction: {A}"))
    (invocation,) = found["invocations"]
    assert found["results"] == []
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == "unknown instruction: {{A}}"
    (place,) = told["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {"uri": "x%20y", "uriBaseId": ROOT}
    assert place["physicalLocation"]["region"] == {"startLine": 3}


def test_an_error_of_a_whole_file_has_no_line() -> None:
    found = run(Result("x", "", "error", error="x: no such file"))
    (told,) = found["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "no such file"
    assert "region" not in told["locations"][0]["physicalLocation"]


def test_refusals_and_advice_are_notes_without_a_fix() -> None:
    rows = [row for row in run(CHANGED)["results"] if row["ruleId"] == "order"]
    assert [row["level"] for row in rows] == ["note", "note"]
    assert [row["message"]["text"] for row in rows] == ["Advice: move it", "Refused: it stays"]
    assert all("fixes" not in row for row in rows)


def test_a_change_is_a_warning_at_its_instruction() -> None:
    (row,) = (row for row in run(CHANGED)["results"] if row["level"] == "warning")
    assert row["ruleId"] == "manifest-first"
    assert IDS[row["ruleIndex"]] == "manifest-first"
    assert row["message"]["text"] == "installs first\nAssumes: npm reads only this"
    assert row["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 4}
    assert row["properties"]["safety"] == "unsafe"


def test_its_fix_makes_the_file_and_the_ignore_file() -> None:
    (row,) = (row for row in run(CHANGED)["results"] if row["level"] == "warning")
    (fix,) = row["fixes"]
    texts = {b"app/Dockerfile": raw(BEFORE)}
    wanted = {b"app/Dockerfile": raw(AFTER), b"app/.dockerignore": b"node_modules\n"}
    assert fixed(fix, texts) == wanted


def test_no_fix_where_the_ids_differ_but_no_text() -> None:
    same = replace(CHANGED, after=BEFORE, ignore=None)
    assert all("fixes" not in row for row in run(same)["results"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a\r\nb\r\n", "a\r\nx\r\nb\r\n", id="CRLF"),
        pytest.param("a\nb", "a\nb\nc", id="no line end"),
        pytest.param("a\n", "a\nb\n", id="at the end"),
        pytest.param("a\nb\n", "a\n", id="the last line goes"),
        pytest.param("", "a\n", id="into nothing"),
        pytest.param("\ufeffa\nb\n", "\ufeffb\na\n", id="a byte order mark"),
        pytest.param("a\rb\n\u2028c\n", "a\rb\nd\n", id="what ends lines elsewhere"),
        pytest.param("# \udce9\nb\n", "b\n# \udce9\nc\n", id="bytes that are not UTF-8"),
        pytest.param("é日\nb", "é日\nb\n", id="wide characters"),
    ],
)
def test_a_fix_is_exact(before: str, after: str) -> None:
    promises([Result("x", ".", "changed", before, after, (Change("order", 1, "safe", "m"),))])


def test_what_is_not_utf8_is_fixed_in_bytes() -> None:
    before, after = "# \udce9\nb\n", "# \udce9\nc\n"
    (row,) = run(
        Result("x", ".", "changed", before, after, (Change("order", 2, "safe", "m"),))
    )["results"]  # fmt: skip
    ((replacement,),) = ([*c["replacements"]] for c in row["fixes"][0]["artifactChanges"])
    assert replacement["deletedRegion"] == {"byteOffset": 4, "byteLength": 2}


def fingerprints(result: Result) -> list[str]:
    return [row["partialFingerprints"][FINGERPRINT] for row in run(result)["results"]]


def test_a_fingerprint_survives_moved_lines_and_other_blanks() -> None:
    moved = replace(
        CHANGED,
        before="# new\n\n" + BEFORE.replace("npm ci", "npm  ci"),
        changes=(replace(CHANGED.changes[0], line=5, message="another count"),),
        refusals=(replace(CHANGED.refusals[0], line=4),),
        advice=(replace(CHANGED.advice[0], line=4),),
    )
    assert fingerprints(moved) == fingerprints(CHANGED)


def test_a_fingerprint_is_of_one_instruction_and_one_finding() -> None:
    found = fingerprints(CHANGED)
    assert len(set(found)) == 3
    other = replace(CHANGED, before=BEFORE.replace("npm ci", "npm install"))
    assert set(fingerprints(other)) ^ set(found)


def test_equal_findings_are_told_apart() -> None:
    twice = Result(
        "x", ".", "unchanged", "FROM a\nRUN b\nRUN b\n", "",
        refusals=(Refusal("order", 2, "r"), Refusal("order", 3, "r")),
    )  # fmt: skip
    first, second = fingerprints(twice)
    assert first.removesuffix(":1") == second.removesuffix(":2")


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b/Dockerfile", "a%20b/Dockerfile"),
        ("javascript:x", "javascript%3Ax"),
        ("a\nb", "a%0Ab"),
        ("caf\udce9", "caf%E9"),
        ("é#?%", "%C3%A9%23%3F%25"),
    ],
)
def test_a_name_is_nothing_but_a_path(name: str, uri: str) -> None:
    refused = Result(name, ".", "unchanged", "a", "a", refusals=(Refusal("order", 1, "r"),))
    (row,) = run(refused)["results"]
    assert row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_message_has_no_link_no_placeholder_and_no_control_character() -> None:
    evil = "see [here](http://x) {0} \x1b[2J\n"
    refused = Result("x", ".", "unchanged", "a", "a", refusals=(Refusal("order", 1, evil),))
    (row,) = run(refused)["results"]
    assert row["message"]["text"] == "Refused: see [here\\](http://x) {{0}} \\x1b[2J\\n"


def test_every_transform_is_a_rule_with_help() -> None:
    found = rules()
    assert [rule["id"] for rule in found] == list(IDS)
    for rule in found:
        told = rule["help"]
        assert isinstance(told, dict)
        assert "What it does:" in told["text"]
        assert "**Why:**" in told["markdown"]
        assert not set("{}") & set(told["text"] + told["markdown"]), "braces would be placeholders"


def test_no_path_of_this_machine_is_told() -> None:
    assert "file:/" not in render([CHANGED], str)


@settings(deadline=None, max_examples=60)
@given(results())
def test_whatever_is_found_is_valid_and_its_fix_exact(result: Result) -> None:
    promises([result])
